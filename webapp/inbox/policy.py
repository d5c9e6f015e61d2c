"""Whose line it is, and whether what it is about may still be seen."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from webapp.inbox.kinds import See, kinds
from webapp.inbox.models import InboxLine
from webapp.kit.policy import Viewer, rule


class Rule(StrEnum):
    LINE_READ = "line.read"


@rule(Rule.LINE_READ, InboxLine)
def read(viewer: Viewer) -> ColumnElement[bool]:
    """One's own in the identity in use; each kind asks the rule of its thing. A kind that nobody knows is not shown."""
    asked: dict[See, list[str]] = {}
    for each in kinds().values():
        asked.setdefault(each.see, []).append(each.name)
    ways = [sa.and_(InboxLine.kind.in_(names), see(viewer)) for see, names in asked.items()]
    return sa.and_(InboxLine.identity_id == viewer.identity_id, sa.or_(sa.false(), *ways))
