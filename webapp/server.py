"""The app in its shell: hub, relay, presence and jobs of one worker, and the command line of its server."""

from __future__ import annotations

from typing import Any

from flask import Flask

from webapp.config import Settings
from webapp.kit.hub import Chunks, Hub
from webapp.kit.jobs import Runner
from webapp.kit.presence import Presence
from webapp.kit.relay import Relay
from webapp.kit.shell import Body, Shell


def in_shell(app: Flask, bodies: dict[str, Body] | None = None) -> Shell:
    """Wrap the application; nothing starts before the server's lifespan does."""
    settings: Settings = app.config["SETTINGS"]

    def say(topic: str, chunks: Chunks | None) -> None:
        shell.loop.call_soon_threadsafe(hub.publish, topic, chunks)

    hub = Hub()
    relay = Relay(app, hub.variants, say)
    presence = Presence(app, lambda: hub.present("group-"))
    hub.changed = presence.changed
    threads: list[Any] = [relay, presence, *([Runner(app)] if settings.jobs else [])]
    shell = Shell(
        app,
        hub,
        files=settings.data,
        bodies=bodies,
        on_start=[thread.start for thread in threads],
        on_stop=[thread.stop for thread in threads],
    )
    return shell


def gunicorn(settings: Settings) -> list[str]:
    """The arguments of the production server (measured: docs/decisions.md)."""
    return [
        "-k", "asgi", "-w", str(settings.workers), "--preload", "--worker-connections", "10000",
        "--graceful-timeout", "2", "--no-control-socket", "--log-level", "warning",
        "-c", "python:webapp.gunicorn_hooks", "-b", f"{settings.host}:{settings.port}", "wsgi:asgi",
    ]  # fmt: skip
