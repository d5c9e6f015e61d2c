"""How circles are found."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.circles.kinds import KINDS
from webapp.circles.models import Circle, Membership
from webapp.circles.policy import Rule
from webapp.kit.db import db
from webapp.kit.finding import Hit, Rows, findable, place
from webapp.kit.i18n import N_, _
from webapp.kit.policy import Viewer


@place("circle", N_("Circles"))
def mine(viewer: Viewer) -> Rows:
    rows = sa.select(Circle.id, Circle.name).join(Membership, Membership.circle_id == Circle.id)
    return rows.where(Membership.identity_id == viewer.identity_id, Membership.state == "active")


def texts() -> Rows:
    text = Circle.name + sa.literal("\n") + Circle.intro
    nobody = sa.literal(None, sa.Integer)
    return sa.select(
        Circle.id,
        text.label("text"),
        Circle.created_at.label("at"),
        nobody.label("place_id"),
        nobody.label("author_id"),
    )


@findable(
    "circle",
    Circle,
    Rule.CIRCLE_FIND,
    N_("Circles"),
    texts=texts,
    tab=4,
    watched={Circle: ("name", "intro")},
    named=True,
)
def load(viewer: Viewer, ids: list[int]) -> dict[int, Hit]:
    return {
        circle.id: Hit(
            address=f"/circles/{circle.id}",
            title=circle.name,
            role=_(KINDS[circle.kind].name),
            text=circle.intro,
            ring=circle.short,
            mode=circle.kind,
        )
        for circle in db.session.scalars(sa.select(Circle).where(Circle.id.in_(ids)))
    }
