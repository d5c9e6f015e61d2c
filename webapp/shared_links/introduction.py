"""A circle introduces itself: the subject that shared links bring along."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from webapp.circles.kinds import KINDS
from webapp.circles.models import Circle
from webapp.circles.policy import Rule
from webapp.kit.db import db
from webapp.kit.i18n import N_
from webapp.shared_links.subjects import subject


def lines(ids: list[int]) -> dict[int, str]:
    rows = db.session.execute(sa.select(Circle.id, Circle.name).where(Circle.id.in_(ids))).all()
    return {number: name for number, name in rows}


@subject(
    "circle",
    model=Circle,
    rule=Rule.CIRCLE_SHARE,
    title=N_("A circle introduces itself"),
    template="shared_links/_circle.html",
    address=lambda number: f"/circles/{number}",
    circle_of=lambda circle: circle.id,
    lines=lines,
)
def load(circle_id: int) -> dict[str, Any] | None:
    """For `shared_links/_circle.html`."""
    circle = db.session.get(Circle, circle_id)
    return {"circle": circle, "kind": KINDS[circle.kind]} if circle else None
