"""The same pages with a thousand posts and with a million: ratios of their medians, and the statements of a page."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from tests.bench import rates, world
from tests.cast import World
from tests.conftest import Database, Person
from tests.server.harness import Server
from webapp.app import create_app
from webapp.config import Settings
from webapp.kit.db import db, write

FEW, MANY = 1_000, 1_000_000
PAGE = 20
STAFF = 4  # every fourth post stands in the second circle
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
POST = (
    "INSERT INTO post (id, circle_id, author_id, body, mentions, state, reason, notify, client_id, version, at) "
    "{n} SELECT :base + i, CASE WHEN i % :staff = 0 THEN :second ELSE :first END, :author, 'post ' || i || :words, "
    "'[]', 'published', '', :no, 'rows-' || i, 1, :at FROM n"
)
ROW = (
    "INSERT INTO feed_row (id, circle_id, kind, item_id, author_id, number, shown, at) "
    "SELECT id, circle_id, 'post', id, author_id, id, :yes, at FROM post WHERE id > :base"
)
THREAD = (
    "INSERT INTO thread (kind, item_id, circle_id, author_id, teaching, comments, reactions) "
    "SELECT 'post', id, circle_id, author_id, :no, 0, '{{}}' FROM post WHERE id > :base"
)
READ = "UPDATE membership SET read = :most"
CARDS = "UPDATE circle SET cards = :most"


def fill(made: World, count: int) -> None:
    """So many posts, by SQL; inside an application context."""
    base = db.session.scalar(sa.text("SELECT max(id) FROM feed_row")) or 0
    first, second = made.circles["class"], made.circles["staff"]
    values = {
        "base": base, "count": count, "staff": STAFF, "first": first, "second": second, "most": base + count,
        "author": made.identities["tang"], "words": f" {world.WORDS}", "yes": True, "no": False,
        "at": "2026-11-01 08:00:00",
    }  # fmt: skip
    with write() as session:
        for statement in (POST, ROW, THREAD, READ, CARDS):
            text = sa.text(statement.replace("{n}", NUMBERS).replace("{{}}", "{}"))
            session.execute(text, {name: values[name] for name in text._bindparams})
        if session.get_bind().dialect.name == "postgresql":
            for table in ("post", "feed_row"):
                session.execute(sa.text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {base + count})"))
            session.execute(sa.text("ANALYZE"))  # a running server does so by itself; SQLite's never does


def statements(app: object, made: World, path: str) -> int:
    """How many statements one page takes."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    person = Person(app, made.tokens["tang"])  # type: ignore[arg-type]
    assert person.get(path).status_code == 200
    sa.event.listen(db.engine, "before_cursor_execute", note)
    person.get(path)
    sa.event.remove(db.engine, "before_cursor_execute", note)
    return len([statement for statement in asked if not statement.startswith(("PRAGMA", "BEGIN"))])


def times(environ: dict[str, str], made: World, count: int) -> dict[str, float]:
    """Medians in ms: page 1, a page deep down, home."""
    feed = f"/circles/{made.circles['class']}"
    deep = count - min(10_000 * PAGE, count // 2)
    server = Server("gunicorn", environ, made)
    try:
        found = {}
        for name, path in (("page 1", feed), ("page 10,000", f"{feed}?from={deep}"), ("home", "/")):
            rates.page_ms(server, path, 30)
            found[name] = rates.page_ms(server, path, 60)
        found["memory"] = rates.memory_mib(server)
    finally:
        server.stop()
    return found


def one(count: int, pg: str) -> tuple[dict[str, float], tuple[int, int]]:
    """A world with so many posts: its times, and the statements of the feed and of home."""
    folder = Path(tempfile.mkdtemp(prefix="quanzi-bench-rows-"))
    url = Database(folder, "bench", pg).settings.database_url if pg else ""
    try:
        made, environ = world.make(folder, url)
        app = create_app(Settings.read(environ))
        with app.app_context():
            fill(made, count)
            asked = statements(app, made, f"/circles/{made.circles['class']}"), statements(app, made, "/")
            db.session.remove()
            db.engine.dispose()
        return times(environ, made, count), asked
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure() -> Iterator[tuple[str, str, str]]:
    for name, pg in (("SQLite", ""), ("PostgreSQL", os.environ.get("QUANZI_TEST_PG", ""))):
        if name == "PostgreSQL" and not pg:
            continue
        (few, fewest), (many, most) = one(FEW, pg), one(MANY, pg)
        for page, budget in (("page 1", 1.5), ("page 10,000", 1.5), ("home", 2.5)):
            ratio = many[page] / few[page]
            what = f"{name}, {page}: {MANY:,} posts against {FEW:,}"
            yield what, f"≤ {budget} ×", f"{ratio:.2f} × ({few[page]:.1f} ms, {many[page]:.1f} ms)"
        yield f"{name}, statements of feed and home", "≤ 6, the same", f"{fewest} and {most}"
        yield f"{name}, memory of the tree with {MANY:,} posts", "≤ 220 MiB", f"{many['memory']:.0f} MiB"
