"""`make bench`: measure everything in one run and write docs/benchmarks.md."""

from __future__ import annotations

import resource
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path

from tests.bench import cut, line, rates, slow, streams, weight, world
from tests.bench import rows as rows_at_scale
from tests.cast import World
from tests.server.harness import ROOT, SERVERS, Server

Row = tuple[str, str, str]  # what, budget, measured
KB = 1000


def weights(server: Server) -> Iterator[Row]:
    circle, group = server.world.circles["class"], server.world.groups["parents"]
    for name, path, who, budget in (
        ("sign-in", "/sign-in", "", 12),
        ("feed of 20 posts", f"/circles/{circle}", "tang", 36),
        ("group with 50 messages", f"/groups/{group}", "tang", 38),
        ("home", "/", "tang", 36),
    ):
        found = weight.measure(server, path, who)
        parts = ", ".join(
            f"{key} {found[key] / KB:.1f}" for key in ("html", "css", "js", "gate", "icons") if key in found
        )
        yield (
            f"{name}, cold",
            f"≤ {budget} kB",
            f"{found['all'] / KB:.1f} kB in {found['requests']} ({parts})",
        )
        yield f"{name}, warm", "≤ 8 kB", f"{found['html'] / KB:.1f} kB in 1; raw {found['raw'] / KB:.1f} kB"


def shared_link(server: Server) -> Iterator[Row]:
    """A shared post as a phone without an account opens it."""
    found = weight.measure(server, weight.make_link(server), "")
    parts = f"html {found['html'] / KB:.1f}, css {found['css'] / KB:.1f}"
    yield "shared link, no account", "≤ 6.5 kB in ≤ 2", f"{found['all'] / KB:.1f} kB in {found['requests']} ({parts})"


def speeds(server: Server, floor: Server, folder: Path) -> Iterator[Row]:
    path = f"/circles/{server.world.circles['class']}"
    ours, bare = [], []
    spent = {id(server): 0.0, id(floor): 0.0}
    for _ in range(2):
        for one, where, out in ((server, path, ours), (floor, "/", bare)):
            began = rates.cpu_seconds(one)
            rate = rates.requests_per_second(one, where, "tang")
            spent[id(one)] += (rates.cpu_seconds(one) - began) / (rate * 4) / 2
            out.append(rate)
    ratio = (sum(ours) / sum(bare)) if bare else 0
    yield (
        "feed page, requests/s against the bare page",
        "≥ 0.40",
        f"{ratio:.2f} ({sum(ours) / 2:.0f}/s : {sum(bare) / 2:.0f}/s)",
    )
    yield "CPU a request against the bare page", "≤ 2.5", f"{spent[id(server)] / spent[id(floor)]:.2f}"
    written, p99, refused = rates.writes_per_second(server)
    loop = rates.bare_inserts_per_second(folder)
    yield (
        "messages accepted/s beside 4 readers against a bare insert loop",
        "≥ 0.4",
        f"{written / loop:.2f} ({written:.0f}/s : {loop:.0f}/s)",
    )
    yield "slowest hundredth of them; refused", "≤ 0.5 s; 0", f"{p99:.2f} s; {refused}"
    yield "40 people in one second", "all", f"{rates.forty_at_once(server)} of 40"
    yield "memory of the tree after load", "≤ 220 MiB", f"{rates.memory_mib(server):.0f} MiB"


def lives(server: Server) -> Iterator[Row]:
    two = streams.measure(server, 2)
    said = f"{two.ms(50):.0f} ms, {two.ms(95):.0f} ms, {two.delivered:.0%} heard"
    yield "A posts, B sees", "p50 ≤ 150 ms, p95 ≤ 500 ms", said
    yield "one live item on the line", "≤ 1 kB", f"{two.bytes_a_message / KB:.2f} kB"
    yield "an idle open page", "≤ 100 kB an hour", f"{streams.idle_kb_an_hour(server):.0f} kB an hour"
    many = streams.measure(server, 1000, pages=20)
    said = f"p50 {many.ms(50):.0f} ms, p95 {many.ms(95):.0f} ms, {many.delivered:.1%} heard, {many.pages} pages"
    yield "1,000 streams on one topic, 20 pages/s meanwhile", "p95 ≤ 250 ms, 100 %", said
    most = streams.measure(server, 5000, pause=2)
    yield "5,000 streams held", "p95 ≤ 1 s", f"p95 {most.ms(95):.0f} ms, {most.delivered:.1%} heard"
    yield "memory of an open stream (5,000)", "≤ 30 kB", f"{most.kilobytes:.0f} kB"


def lines(kind: str, made: World, environ: dict[str, str]) -> Iterator[Row]:
    server = Server(kind, environ, made)
    try:
        idle, busy = slow.measure(server, Path(environ["QUANZI_DATA"]))
    finally:
        server.stop()
    said = f"{busy / idle:.1f} × ({idle:.0f} ms, {busy:.0f} ms)"
    yield f"a page's p95 among 120 slow lines ({kind}) against idle", "≤ 3 ×", said


def browsers(made: World, environ: dict[str, str]) -> Iterator[Row]:
    if not line.CHROMIUM:
        return
    server = Server("gunicorn", environ, made, host=line.HOST)
    try:
        yield from line.measure(server)
        yield from cut.measure(server)
    finally:
        server.stop()


def first(made: World, environ: dict[str, str]) -> Iterator[Row]:
    """What needs an idle server and the bare page beside it."""
    folder, began = Path(environ["QUANZI_DATA"]), time.monotonic()
    server = Server("gunicorn", environ, made)
    yield "start with the database there", "≤ 5 s", f"{time.monotonic() - began:.1f} s"
    floor = Server("gunicorn", environ, made, target="tests.bench.bare:asgi")
    try:
        yield "memory of the tree at rest", "≤ 140 MiB", f"{rates.memory_mib(server):.0f} MiB"
        yield from weights(server)
        yield from shared_link(server)
        yield from speeds(server, floor, folder) if shutil.which("wrk") else ()
        floor.stop()
        yield from lives(server)
    finally:
        server.stop()
        floor.stop()


def main(wanted: list[str]) -> None:
    """All of it into docs/benchmarks.md, or only the parts that are named: first, slow, line, rows."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (20_000, 20_000))
    made, environ = world.make()
    parts: dict[str, Iterator[Row]] = {
        "first": first(made, environ),
        "slow": chain(*(lines(kind, made, environ) for kind in SERVERS)),
        "line": browsers(made, environ),
        "rows": rows_at_scale.measure(),
    }
    rows: list[Row] = []
    try:
        for row in chain(*(parts[name] for name in wanted or parts)):
            print(" | ".join(row), flush=True)
            rows.append(row)
    finally:
        shutil.rmtree(environ["QUANZI_DATA"], ignore_errors=True)
    if not wanted:
        write(rows)


def write(rows: list[Row]) -> None:
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    head = f"# Benchmarks\n\nWritten by `make bench` on {date.today()}, 2 cores, SQLite, gunicorn with 2 workers.\n"
    note = "" if shutil.which("wrk") else "\nwrk is not installed: rates were left out.\n"
    table = f"\n| what | budget | measured |\n| --- | --- | --- |\n{lines}\n"
    (ROOT / "docs" / "benchmarks.md").write_text(head + note + table)
    sys.stdout.write("written to docs/benchmarks.md\n")


if __name__ == "__main__":
    main(sys.argv[1:])
