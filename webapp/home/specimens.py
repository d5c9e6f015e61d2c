"""Specimens of the home page and of the navigation around every page."""

from __future__ import annotations

from markupsafe import Markup

from webapp.accounts.specimens import as_viewer, deng
from webapp.circles.specimens import circle
from webapp.feed.specimens import drawn_row
from webapp.home.queries import Nav
from webapp.kit.gallery import Context, either, specimen


@specimen("home/_row.html")
def row() -> Context:
    body = Markup("<p>%s</p>") % either("绿豆第 5 天，出芽了。", "Mung beans, day 5: a sprout.")
    return drawn_row(body, circle=circle())


@specimen("layouts/_rail.html", "three and five unread")
def rail() -> Context:
    return {"nav": lambda: Nav(circles=3, groups=5), "tab": "circles", "viewer": as_viewer(deng())}
