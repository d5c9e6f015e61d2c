"""`python -m webapp <verb>`: run, migrate, migration, seed, words, assets, backup, restore, jobs."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable

from webapp import schema, server
from webapp.app import create_app
from webapp.config import Settings, SettingsError
from webapp.kit import assets, backup, words
from webapp.kit.jobs import Runner


def say(text: str) -> None:
    print(text, flush=True)


def run() -> None:
    """Migrate, fill the demo on first start, and become the server (Ctrl-C ends all of it)."""
    settings = Settings.read()
    if settings.base_url.startswith("http://") and settings.production:
        say("Warning: QUANZI_BASE_URL is not https; passwords travel in the open.")
    migrate()
    app = create_app(settings)
    for line in first_steps(app, settings):
        say(line)
    say(f"Quanzi is at {settings.base_url}  (Ctrl-C to stop)")
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *server.gunicorn(settings)])


def first_steps(app: object, settings: Settings) -> list[str]:
    return []


def migrate() -> None:
    settings = Settings.read()
    if schema.behind(settings):
        say("Bringing the database up to date …")
        schema.upgrade(settings)


def migration() -> None:
    """Write a new migration from the models: `python -m webapp migration "what it does"`."""
    schema.revision(Settings.read(), sys.argv[2])


def jobs() -> None:
    """Do background jobs in this process, where the server runs with QUANZI_JOBS=0."""
    runner, over = Runner(create_app()), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    runner.start()
    over.wait()
    runner.stop()


VERBS: dict[str, Callable[[], None]] = {
    "run": run,
    "migrate": migrate,
    "migration": migration,
    "words": words.main,
    "assets": assets.main,
    "backup": backup.main,
    "restore": backup.restore_main,
    "jobs": jobs,
}


def main() -> None:
    verb = sys.argv[1] if len(sys.argv) > 1 else ""
    if verb not in VERBS:
        sys.exit(f"usage: python -m webapp {'|'.join(VERBS)}")
    try:
        VERBS[verb]()
    except SettingsError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    logging.basicConfig(level="INFO")
    main()
