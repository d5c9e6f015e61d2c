"""`make bench`: measure everything in one run and write docs/benchmarks.md."""

from __future__ import annotations

import resource
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tests.bench import rates, streams, weight, world
from tests.server.harness import ROOT, Server, eventually

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
    p50, p95, delivered = streams.measure(server, 2)
    yield (
        "A posts, B sees",
        "p50 ≤ 150 ms, p95 ≤ 500 ms",
        f"{p50:.0f} ms, {p95:.0f} ms, {delivered:.0%} heard",
    )
    before = rates.memory_mib(server)
    p50, p95, delivered = streams.measure(server, 1000)
    yield (
        "1,000 streams on one topic",
        "p95 ≤ 250 ms, 100 %",
        f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, {delivered:.1%} heard",
    )
    yield (
        "memory after 1,000 streams, above before",
        "≤ 30 MiB",
        f"{rates.memory_mib(server) - before:.0f} MiB",
    )


def main() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (20_000, 20_000))
    made, environ = world.make()
    folder = Path(environ["QUANZI_DATA"])
    began = time.monotonic()
    server = Server("gunicorn", environ, made)
    start = time.monotonic() - began
    floor = Server("gunicorn", environ, made, target="tests.bench.bare:asgi")
    rows: list[Row] = [("start with the database there", "≤ 5 s", f"{start:.1f} s")]
    try:
        rows.append(("memory of the tree at rest", "≤ 140 MiB", f"{rates.memory_mib(server):.0f} MiB"))
        for part in (
            weights(server),
            shared_link(server),
            speeds(server, floor, folder) if shutil.which("wrk") else (),
            lives(server),
        ):
            for row in part:
                print(" | ".join(row), flush=True)
                rows.append(row)
    finally:
        server.stop()
        floor.stop()
        eventually(lambda: server.process.poll() is not None)
        shutil.rmtree(folder, ignore_errors=True)
    write(rows)


def write(rows: list[Row]) -> None:
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    head = f"# Benchmarks\n\nWritten by `make bench` on {date.today()}, 2 cores, SQLite, gunicorn with 2 workers.\n"
    note = "" if shutil.which("wrk") else "\nwrk is not installed: rates were left out.\n"
    table = f"\n| what | budget | measured |\n| --- | --- | --- |\n{lines}\n"
    (ROOT / "docs" / "benchmarks.md").write_text(head + note + table)
    sys.stdout.write("written to docs/benchmarks.md\n")


if __name__ == "__main__":
    main()
