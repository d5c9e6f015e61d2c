"""Real Chromium against a real server, by host name (on localhost cookies and Sec-Fetch-Site behave differently)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cast import World
from tests.conftest import Database, environment
from tests.server.harness import Server

HOST = "school.test"
CHROMIUM = os.environ.get("QUANZI_TEST_CHROMIUM") or shutil.which("chromium") or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {HOST} 127.0.0.1",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    if not CHROMIUM:
        pytest.skip("Chromium is not installed (QUANZI_TEST_CHROMIUM names none)")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def school(app: object, world: World, database: Database) -> Iterator[Server]:
    """The product under a host name of its own."""
    running = Server("gunicorn", environment(database.folder, database.settings.database_url), world, host=HOST)
    yield running
    running.stop()


@pytest.fixture
def window(chromium, school: Server) -> Iterator[Callable]:  # type: ignore[no-untyped-def]
    """`window("tang")` is a page signed in as Teacher Tang; a violation or script error fails the test."""
    contexts, wrong = [], list[str]()

    def open_window(who: str, *, javascript: bool = True, width: int = 1280):  # type: ignore[no-untyped-def]
        context = chromium.new_context(
            java_script_enabled=javascript, viewport={"width": width, "height": 800}, locale="en-GB"
        )
        contexts.append(context)
        if who:
            name, _, value = school.cookie(who).partition("=")
            context.add_cookies([{"name": name, "value": value, "url": school.origin}])
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        page.set_default_timeout(8000)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def folder(database: Database) -> Path:
    return database.folder
