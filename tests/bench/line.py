"""Pages on a bad line, in real Chromium with the line emulated: painted, usable, live."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, HOST
from tests.browser.live_js_pages import holds
from tests.server.harness import Server

LINES = {"50 kbit/s + 600 ms": (50, 600), "400 kbit/s + 400 ms": (400, 400)}
PAINTED = """() => {
  let paint = performance.getEntriesByName('first-contentful-paint')[0];
  let loaded = performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd;
  return [paint ? paint.startTime : 0, loaded];
}"""


@dataclass
class Opened:
    """Seconds from the tap: first paint, forms usable (all of the page is there), live (the first beat)."""

    painted: float
    usable: float
    live: float


class Line:
    """A browser of its own on an emulated line; a new one is cold."""

    def __init__(self, chromium: Any, server: Server, who: str, kbit: int, latency: int) -> None:
        self.context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="en-GB")
        if who:
            name, _, value = server.cookie(who).partition("=")
            self.context.add_cookies([{"name": name, "value": value, "url": server.origin}])
        self.page = self.context.new_page()
        self.server, self.line = server, self.context.new_cdp_session(self.page)
        self.line.send("Network.enable")
        rate = kbit * 1000 / 8
        limits = {"offline": False, "latency": latency, "downloadThroughput": rate, "uploadThroughput": rate}
        self.line.send("Network.emulateNetworkConditions", limits)

    def open(self, path: str, live: bool) -> Opened:
        began = time.monotonic()
        self.page.goto(self.server.origin + path, wait_until="domcontentloaded", timeout=60_000)
        holds(self.page, "performance.getEntriesByName('first-contentful-paint').length", 30)
        lived = 0.0
        if live:
            self.page.wait_for_selector("html[data-live=on]", state="attached", timeout=60_000)
            lived = time.monotonic() - began
        painted, usable = self.page.evaluate(PAINTED)
        return Opened(painted / 1000, max(usable, painted) / 1000, lived)


@contextlib.contextmanager
def browser() -> Iterator[Any]:
    with sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def measure(server: Server) -> Iterator[tuple[str, str, str]]:
    """The server must be known as HOST: on localhost Chromium makes exceptions."""
    assert server.host == HOST
    circle, group = f"/circles/{server.world.circles['class']}", f"/groups/{server.world.groups['parents']}"
    pages = (
        ("sign-in", "/sign-in", "", {50: "≤ 4.5 s", 400: "≤ 1.5 s"}),
        ("feed", circle, "tang", {50: "≤ 4.5 s; live ≤ 9 s", 400: "≤ 1.5 s"}),
        ("group", group, "tang", {50: "≤ 4.5 s; live ≤ 9 s", 400: "≤ 1.5 s"}),
        ("home", "/", "tang", {50: "≤ 4.5 s; live ≤ 9 s", 400: "≤ 1.5 s"}),
    )
    with browser() as chromium:
        for name, (kbit, latency) in LINES.items():
            for page, path, who, budgets in pages:
                line = Line(chromium, server, who, kbit, latency)
                cold, warm = line.open(path, bool(who)), line.open(path, bool(who))
                line.context.close()
                yield f"{page} at {name}, cold: usable", budgets[kbit], _words(cold)
                yield f"{page} at {name}, warm: usable", "≤ 2 s", _words(warm)


def _words(opened: Opened) -> str:
    live = f", live {opened.live:.1f} s" if opened.live else ""
    return f"{opened.usable:.1f} s (painted {opened.painted:.1f} s{live})"
