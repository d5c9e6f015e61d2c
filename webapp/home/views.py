"""Home, the navigation's counters, the live stream, and whether the server is well."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, Response, g, redirect, render_template, request

from webapp.circles.lists import mine
from webapp.home.queries import Nav, home_fresh, home_page, nav
from webapp.kit import push
from webapp.kit.db import db
from webapp.kit.outbox import Epoch
from webapp.kit.pages import cursor
from webapp.kit.web import Answer, personal, public, viewer

bp = Blueprint("home", __name__)


@bp.app_template_global("nav")
def nav_of_request() -> Nav:
    """The counters, asked once a request."""
    if "nav" not in g:
        g.nav = nav(viewer())
    found: Nav = g.nav
    return found


@bp.get("/")
@public
def home_show() -> Answer:
    """One feed of all my circles; a stranger is asked who they are."""
    if not viewer().signed_in:
        return redirect("/sign-in", 302)
    counters = nav_of_request()
    page = home_page(viewer(), counters, cursor())
    return render_template("home/show.html", tab="home", home=page, first=cursor() is None, mine=mine(viewer()))


@bp.get("/fresh")
@personal
def home_fresh_show() -> Answer:
    """The rows after `?after=`, for the top of the list."""
    page = home_fresh(viewer(), nav_of_request(), cursor("after") or 0)
    return page.rows


@bp.get("/nav")
@personal
def nav_show() -> str:
    """The rail again, when its counters moved elsewhere."""
    return render_template("layouts/_rail.html", tab=request.args.get("tab", ""))


@bp.get("/live")
@personal
def live_show() -> Response:
    """What happened on the topics that this viewer may follow; the shell keeps it open."""
    return push.answer(viewer())


@bp.get("/healthz")
@public
def health_show() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def ready_show() -> Response:
    """The database answers and is migrated."""
    db.session.execute(sa.select(Epoch.name)).one()
    return Response("ready\n", mimetype="text/plain")
