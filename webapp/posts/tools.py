"""What posts offer in the + menu of a group."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from webapp.circles.models import Circle
from webapp.circles.policy import Rule
from webapp.groups.models import Link
from webapp.groups.queries import Chat
from webapp.groups.tools import Tool, tool
from webapp.kit.db import db
from webapp.kit.i18n import _
from webapp.kit.policy import Viewer, allowed


@tool
def post_into_circle(viewer: Viewer, chat: Chat) -> Iterable[Tool]:
    """A post in each linked circle in which this member may post."""
    linked = sa.select(Circle).join(Link, Link.circle_id == Circle.id).where(Link.group_id == chat.group.id)
    for circle in db.session.scalars(linked.where(allowed(Rule.CIRCLE_POST, viewer)).order_by(Link.id)):
        yield Tool("pen", _("Post in {circle}", circle=circle.name), f"/circles/{circle.id}/posts/new")
