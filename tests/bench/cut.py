"""Cuts, in real Chromium: thirty seconds without a line, and the server killed under its open pages."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

from tests.bench.line import browser
from tests.browser.cable import Cable
from tests.browser.live_js_pages import holds
from tests.server.harness import Server

AWAY = 30.0  # seconds without a line
MESSAGES = 20
PAGES = 12
LIVE = "document.documentElement.dataset.live === 'on'"


def measure(server: Server) -> Iterator[tuple[str, str, str]]:
    with browser() as chromium:
        back, lost, twice, sorted_ = _cut(chromium, server)
        said = f"{lost} lost, {twice} twice, {'in order' if sorted_ else 'out of order'}, there after {back:.1f} s"
        yield f"{AWAY:.0f} s offline, {MESSAGES} messages meanwhile, no reload", "0, 0, in order, ≤ 3 s", said
        yield (
            f"kill -9 and start: {PAGES} pages live again after the start",
            "≤ 5 s",
            f"{_kill(chromium, server):.1f} s",
        )


def _open(chromium: Any, server: Server, origin: str = "") -> Any:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="en-GB")
    name, _, value = server.cookie("tang").partition("=")
    context.add_cookies([{"name": name, "value": value, "url": server.origin}])
    page = context.new_page()
    page.goto(f"{origin or server.origin}/groups/{server.world.groups['parents']}")
    holds(page, f"window.stayed = 1 && {LIVE}", 20)
    return page


def _cut(chromium: Any, server: Server) -> tuple[float, int, int, bool]:
    """Seconds from the line's return until all is there; lost, twice, in order."""
    cable = Cable(server)
    page = _open(chromium, server, cable.origin)
    cable.cut()
    until = time.monotonic() + AWAY
    for number in range(MESSAGES):
        assert server.say(f"cut {number:02} end", who="pan").status == 200
        time.sleep(max(0.0, (until - time.monotonic()) / (MESSAGES - number)))
    cable.mend()
    page.evaluate("dispatchEvent(new Event('online'))")  # as the system says it
    began = time.monotonic()
    holds(page, f"document.querySelector('.talk').textContent.includes('cut {MESSAGES - 1:02} end')", 40)
    back = time.monotonic() - began
    heard = re.findall(r"cut (\d\d) end", page.inner_text(".talk"))
    assert page.evaluate("window.stayed") == 1
    page.context.close()
    cable.close()
    return back, MESSAGES - len(set(heard)), len(heard) - len(set(heard)), heard == sorted(heard)


def _kill(chromium: Any, server: Server) -> float:
    """Seconds from the moment the server answers again until the last page is live."""
    pages = [_open(chromium, server) for _ in range(PAGES)]
    server.kill()
    for page in pages:
        holds(page, f"!({LIVE})", 20)
    time.sleep(1)  # RestartSec of the documented service
    server.start()
    began = time.monotonic()
    for page in pages:
        holds(page, LIVE, 60)
    took = time.monotonic() - began
    for page in pages:
        page.context.close()
    return took
