"""Entering the demo by one of its doors. Not there in production, nor without the demo."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, g, redirect, request
from werkzeug.wrappers import Response

from webapp.accounts.actions import open_session
from webapp.accounts.devices import called
from webapp.config import Settings
from webapp.demo.cast import PASSWORD
from webapp.demo.doors import OpenDoor, open_doors
from webapp.kit.db import write
from webapp.kit.web import public

bp = Blueprint("demo", __name__)


@bp.app_template_global("demo_doors")
def demo_doors() -> list[OpenDoor]:
    """The doors for the sign-in page; none outside the demo."""
    return open_doors() if is_open() else []


@bp.app_template_global("demo_password")
def demo_password() -> str:
    """What opens the demo's people, where they are; nothing elsewhere."""
    return PASSWORD if is_open() else ""


def is_open() -> bool:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.demo and not settings.production


@bp.post("/doors/<key>")
@public
def door_enter(key: str) -> Response:
    """Sign in as one of the demo's people, without a password."""
    entered = next((found for found in demo_doors() if found.door.key == key), None)
    if entered is None:
        abort(404)
    with write():
        token = open_session(entered.person_id, entered.identity_id, device=called(request.user_agent.string))
    g.new_cookie = ("sid", token, None)
    return redirect("/", 303)
