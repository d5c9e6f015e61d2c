"""`python -m webapp <verb>`: run, migrate, migration, seed, words, assets, backup, restore, reindex, jobs."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable

from flask import Flask

from webapp import schema, server
from webapp.accounts import first_run
from webapp.accounts.queries import nobody_yet
from webapp.app import create_app
from webapp.config import Settings, SettingsError
from webapp.demo.cast import PASSWORD
from webapp.demo.doors import open_doors
from webapp.demo.life import load_world
from webapp.kit import assets, backup, words
from webapp.kit.db import write
from webapp.kit.jobs import Runner
from webapp.search import index


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


def first_steps(app: Flask, settings: Settings) -> list[str]:
    """Fill an empty database with the demo, or tell how its first administrator is made."""
    with app.app_context():
        if nobody_yet() and settings.demo:
            say("Loading the demo world …")
            load_world(settings.demo_lang or "zh")
        if nobody_yet():
            return [
                f"First start: open {settings.base_url}/first-run and enter the code {first_run.code(settings.secret)}"
            ]
        demo = open_doors()
        if demo and settings.production:
            raise SettingsError("This database holds the demo world; production refuses it. Use another QUANZI_DATA.")
        if not demo or not settings.demo:
            return []
    people = [f"  {found.door.key:<6} {found.name}" + (f", {found.title}" if found.title else "") for found in demo]
    return [f"Demo sign-ins (password: {PASSWORD}), or one tap each on the sign-in page:", *people]


def seed() -> None:
    """Fill an empty database with the demo world."""
    settings = Settings.read()
    migrate()
    with create_app(settings).app_context():
        if not nobody_yet():
            sys.exit("The database is not empty; the demo world is loaded into an empty one only.")
        load_world(settings.demo_lang or "zh")


def migrate() -> None:
    settings = Settings.read()
    if schema.behind(settings):
        say("Bringing the database up to date …")
        schema.upgrade(settings)


def migration() -> None:
    """Write a new migration from the models: `python -m webapp migration "what it does"`."""
    schema.revision(Settings.read(), sys.argv[2])


def reindex() -> None:
    """Make the search index anew from the tables; people can go on meanwhile on PostgreSQL, on SQLite they wait."""
    with create_app().app_context():
        with write():
            count = index.reindex()
        say(f"{count} things can be found.")


def jobs() -> None:
    """Do background jobs in this process, where the server runs with QUANZI_JOBS=0."""
    runner, over = Runner(create_app()), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    runner.start()
    over.wait()
    runner.stop()


def build() -> None:
    """Fetch and build the front end, if anything changed."""
    sys.exit(assets.main(sys.argv[2:]))


VERBS: dict[str, Callable[[], None]] = {
    "run": run,
    "migrate": migrate,
    "migration": migration,
    "seed": seed,
    "words": words.main,
    "assets": build,
    "backup": backup.main,
    "restore": backup.restore_main,
    "reindex": reindex,
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
    logging.getLogger("alembic").setLevel("WARNING")  # people are told in plain words instead
    main()
