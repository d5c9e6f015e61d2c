"""A feed of many posts, made by SQL, in which search and Discover are measured.

`python -m tests.bench.many 1000 1000000` makes a database of each size (SQLite, or PostgreSQL where QUANZI_BENCH_PG
names a server), asks the pages of one person in it, and writes their medians and the ratio to the first size.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa
from flask import Flask

from tests.cast import World, make_world
from tests.conftest import HOST, environment
from webapp import schema
from webapp.app import create_app
from webapp.circles.models import Circle, Membership
from webapp.config import Settings
from webapp.feed.models import Comment, FeedRow, Thread
from webapp.groups.models import Group, Message
from webapp.kit import clock
from webapp.kit.db import db, put, write
from webapp.posts.models import Post, PostTopic
from webapp.search import index

ROOT = Path(__file__).parents[2]
CIRCLES, MINE = 200, 40  # of the server, and of the one who looks
SPAN = timedelta(days=365)
TEXT = "今天第{n}次观察豆子，孩子们又量了一遍并记下数字 the children measured their beans again"
PATHS = {
    "search, a word of every post": "/search?q=观察",
    "search, a word of one in a hundred": "/search?q=秋游",
    "search, a word of one in ten thousand": "/search?q=停电",
    "search, a word that nobody wrote": "/search?q=恐龙",
    "search, one character": "/search?q=豆",
    "search, an English word": "/search?q=bean",
    "search, two words": "/search?q=观察+秋游",
    "search, only messages": "/search?q=观察&kind=message",
    "search, one person": "/search?q=观察&by=Parent",
    "search, a month": "/search?q=停电&days=30",
    "search, in a circle": "/search?q=观察&in=circle-{class}",
    "circles": "/circles",
    "discover": "/discover",
    "topics": "/topics",
    "a topic": "/topics/豆子",
}


def settings_for(count: int, folder: Path) -> Settings:
    """Of a fresh database of its own."""
    server, url = os.environ.get("QUANZI_BENCH_PG", ""), ""
    if server:
        name = f"quanzi_bench_{count}"
        engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        url = sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    return Settings.read(environment(folder, url))


def fill(world: World, count: int) -> None:
    """`count` posts over a year in CIRCLES circles, a tenth as many messages and comments, topics on a tenth."""
    begin, step = clock.now() - SPAN, SPAN / count
    people = [world.identities[who] for who in ("tang", "lei", "pan", "shen")]
    group = world.groups["parents"]
    with write():
        circles = _circles(world, people)
        _insert(Post, count, lambda n: _post(n, begin + n * step, circles, people))
        _insert(FeedRow, count, lambda n: _row(n, begin + n * step, circles, people))
        _insert(Thread, count, lambda n: _thread(n, circles, people))
        _insert(Comment, count // 10, lambda n: _comment(n, begin + n * 10 * step, people))
        _insert(Message, count // 10, lambda n: _message(n, begin + n * 10 * step, group, people))
        _insert(PostTopic, count // 10, lambda n: _topic(n, circles))
        db.session.execute(sa.update(Group).where(Group.id == group).values(messages=count // 10))
        index.reindex()
    if db.engine.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT", write=True) as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _insert(table: Any, count: int, row: Callable[[int], dict[str, Any]]) -> None:
    for first in range(1, count + 1, 5_000):
        rows = [row(n) for n in range(first, min(first + 5_000, count + 1))]
        db.session.execute(sa.insert(table), rows)


def _circles(world: World, people: list[int]) -> list[int]:
    """Classes of which the one who looks is in MINE, and public circles to discover."""
    made = []
    for number in range(CIRCLES - 1):
        name, school = f"Circle {number}", world.organisations["school"] if number < CIRCLES // 2 else None
        kind, joining = ("class", "invite") if school else ("interest", "open")
        made.append(put(Circle(kind=kind, name=name, name_key=name, joining=joining, organisation_id=school)).id)
    for identity in people:
        for circle in made[:MINE]:
            put(Membership(circle_id=circle, identity_id=identity, party="teacher"))
    return [world.circles["class"], *made]


def _text(n: int) -> str:
    more = " 秋游" * (n % 100 == 0) + " 停电" * (n % 10_000 == 7) + " #豆子#" * (n % 10 == 0)
    return TEXT.format(n=n) + more


def _post(n: int, at: datetime, circles: list[int], people: list[int]) -> dict[str, Any]:
    there = {"id": n, "circle_id": circles[n % CIRCLES], "author_id": people[n % 4], "at": at, "client_id": f"b{n}"}
    return {
        **there,
        "body": _text(n),
        "mentions": [],
        "state": "published",
        "reason": "",
        "notify": False,
        "version": 1,
    }


def _row(n: int, at: datetime, circles: list[int], people: list[int]) -> dict[str, Any]:
    there = {"circle_id": circles[n % CIRCLES], "author_id": people[n % 4], "at": at, "number": n, "shown": True}
    return {"id": n, "kind": "post", "item_id": n, **there}


def _thread(n: int, circles: list[int], people: list[int]) -> dict[str, Any]:
    there = {"circle_id": circles[n % CIRCLES], "author_id": people[n % 4], "teaching": False}
    return {"id": n, "kind": "post", "item_id": n, "comments": 0, "reactions": {}, **there}


def _comment(n: int, at: datetime, people: list[int]) -> dict[str, Any]:
    said = {"body": _text(n), "client_id": f"b{n}", "mentions": [], "reason": ""}
    return {"id": n, "thread_id": n * 10, "author_id": people[n % 4], "at": at, **said}


def _message(n: int, at: datetime, group: int, people: list[int]) -> dict[str, Any]:
    said = {"body": _text(n), "client_id": f"b{n}", "mentions": [], "opens": 0}
    return {"id": n, "group_id": group, "number": n, "author_id": people[n % 4], "at": at, **said}


def _topic(n: int, circles: list[int]) -> dict[str, Any]:
    name = ("豆子", "秋游", "阅读")[n % 3]
    return {"post_id": n * 10, "key": name, "name": name, "circle_id": circles[n * 10 % CIRCLES]}


def make(count: int, folder: Path) -> tuple[Flask, World]:
    settings = settings_for(count, folder)
    schema.upgrade(settings)
    app = create_app(settings, TESTING=True)
    with app.app_context():
        world = make_world()
        fill(world, count)
    return app, world


def asked(app: Flask, world: World, path: str, times: int = 15) -> float:
    """The median of a page in milliseconds."""
    client, taken = app.test_client(), []
    client.set_cookie("sid_8000", world.tokens["pan"], domain="quanzi.test")
    for _ in range(times):
        began = time.perf_counter()
        answer = client.get(path.format_map(world.circles), headers=HOST, base_url="http://quanzi.test")
        taken.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200, (path, answer.status_code)
    return median(taken)


def measure(sizes: list[int]) -> Iterator[tuple[str, list[float]]]:
    """What of each page, at each size."""
    folders = [Path(tempfile.mkdtemp(prefix="quanzi-many-")) for _ in sizes]
    try:
        made = [make(count, folder) for count, folder in zip(sizes, folders, strict=True)]
        for what, path in PATHS.items():
            yield what, [asked(app, world, path) for app, world in made]
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [1_000, 1_000_000]
    rows = []
    for what, times in measure(sizes):
        cells = [*(f"{each:.1f} ms" for each in times), *(f"{each / times[0]:.2f}" for each in times[1:])]
        rows.append(f"| {' | '.join([what, *cells])} |")
        print(rows[-1], flush=True)
    write_page(sizes, rows)


def write_page(sizes: list[int], rows: list[str]) -> None:
    """A page a database: medians of one person's pages, and their ratio to the first size."""
    name = "PostgreSQL" if os.environ.get("QUANZI_BENCH_PG") else "SQLite"
    heads = ["page", *(f"{size:,} posts" for size in sizes), *("ratio" for _ in sizes[1:])]
    head = f"# Many posts, {name}\n\nWritten by `python -m tests.bench.many`; search page 1 and Discover: ratio ≤ 3.\n"
    table = "\n".join([f"| {' | '.join(heads)} |", "| --- " * len(heads) + "|", *rows])
    (ROOT / "docs" / f"benchmarks-many-{name.lower()}.md").write_text(f"{head}\n{table}\n")


if __name__ == "__main__":
    main()
