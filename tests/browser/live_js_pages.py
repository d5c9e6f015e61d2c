"""Fixtures and markup for the tests of static/js: a scripted server, a page under the policy, waiting."""

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.live_js_server import ROOT, Script, message, page, row, serve

HTMX = Path(os.environ.get("QUANZI_TEST_HTMX", ROOT / "node_modules/htmx.org/dist/htmx.min.js"))
# The browser's own line for a 4xx or 5xx; htmx's and the browser's for a line that is cut.
NOISE = re.compile("the server responded with a status of|Failed to fetch|net::ERR_")
WATCH = "document.addEventListener('securitypolicyviolation', e => console.error('policy', e.violatedDirective))"


@pytest.fixture
def script() -> Iterator[Script]:
    """A server of its own for each test, told what to say; skips where htmx has not been fetched."""
    if not HTMX.exists():
        pytest.skip("htmx.min.js has not been fetched")
    server, script = serve(HTMX.read_text("utf-8"))
    yield script
    script.drop_streams("down")
    server.shutdown()
    server.server_close()


@pytest.fixture
def visit(chromium, script: Script) -> Iterator[Callable]:
    """Opens a body as a page and waits for the scripts; a violation, an error, a console error fails."""
    context = chromium.new_context(viewport={"width": 400, "height": 700})
    context.set_default_timeout(6000)
    context.add_init_script(WATCH)
    wrong = list[str]()

    def visit(body: str, mode: str = "on"):
        script.pages["/page"] = page(body)
        tab = context.new_page()
        tab.on("pageerror", lambda error: wrong.append(f"pageerror {error}"))
        tab.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        tab.goto(script.address + "/page")
        holds(tab, f"window.Quanzi && document.documentElement.dataset.live === '{mode}'")
        return tab

    yield visit
    context.close()
    assert [line for line in wrong if not NOISE.search(line)] == []


def until(check: Callable[[], object], seconds: float = 5) -> None:
    """Waits for what the server sees."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.03)


def holds(tab, script: str, seconds: float = 7) -> None:
    """Waits until `script` is true on the page; Playwright's own wait needs the eval the policy forbids."""

    def check() -> object:
        try:
            return tab.evaluate(script)
        except Exception as error:
            if "Execution context" not in str(error):
                raise
            return False

    until(check, seconds)


def rows_of(tab, selector: str = "#feed-5 li[id]") -> list[str]:
    """Ids of the rows on the page, in order."""
    return tab.eval_on_selector_all(selector, "els => els.map(el => el.id)")


def feed(rows: str = "", *, above: str = "") -> str:
    """A circle's page: a bar and a list that fetches what is fresh."""
    rows = rows or "".join(row(n) for n in (3, 2, 1)) + "<li></li>" * 20
    return f"""{above}<div role="status">
<button data-bar="feed-5" data-one="1 new post" data-many="{{n}} new posts" hidden></button></div>
<ol id="feed-5" tabindex="-1" data-list="circle-5" data-fresh-url="/fresh" data-newest="3">{rows}</ol>"""


def talk(count: int = 30) -> str:
    """A group's page: a talk with a bar and its form."""
    rows = "".join(message(n) for n in range(1, count + 1))
    return f"""<ol id="talk-3" tabindex="-1" data-list="group-3" data-stick>{rows}</ol><div role="status">
<button data-bar="talk-3" data-one="1 new message" data-many="{{n}} new messages" hidden></button></div>
<form id="say" method="post" action="/say" hx-post="/say" hx-sync="this:drop" hx-swap="outerHTML">
<textarea name="text" rows="1" data-enter data-draft="talk-3"></textarea>
<button id="send">Send</button></form>"""
