"""A circle begins, changes its settings, rests."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from webapp.accounts.models import Identity
from webapp.circles.actions.joining import admit
from webapp.circles.actions.settling import Settled, settle
from webapp.circles.events import CircleMade
from webapp.circles.kinds import KINDS
from webapp.circles.models import Circle
from webapp.kit import clock, text
from webapp.kit.db import db, put
from webapp.kit.events import emit_fact
from webapp.kit.policy import Viewer
from webapp.kit.push import say_poke


class NameTaken(ValueError):
    """The organisation has a living circle of this name."""

    def __init__(self, circle: Circle) -> None:
        super().__init__(circle.name)
        self.circle = circle


@dataclass(frozen=True)
class Rules:
    """What a circle's administrators set."""

    joining: str
    posting: str = "members"
    commenting: str = "members"
    approval: bool = False
    sharing: str = "nobody"


def make_circle(
    viewer: Viewer,
    *,
    kind: str,
    name: str,
    intro: str = "",
    organisation_id: int | None = None,
    joining: str = "",
    posting: str = "members",
    commenting: str = "members",
    approval: bool | None = None,
    with_group: bool = False,
) -> Circle:
    """Make a circle; the viewer owns it. Raises NameTaken, and NotAdmitted where this identity cannot be in one."""
    table = KINDS[kind]
    refuse_taken(name, organisation_id)
    circle = put(
        Circle(
            kind=kind,
            name=name,
            name_key=text.folded(name),
            intro=intro,
            organisation_id=organisation_id,
            joining=joining if joining in table.joinings else table.joinings[0],
            posting=posting,
            commenting=commenting,
            approval=table.approval if approval is None else approval,
            sharing=table.sharings[0],
            cards=0,
        )
    )
    owner = db.session.get_one(Identity, viewer.identity_id)
    admit(circle, owner, role="owner", via="made")
    emit_fact(CircleMade(circle.id, viewer.identity_id, with_group))
    return circle


def refuse_taken(name: str, organisation_id: int | None, but: int = 0) -> None:
    """Raises NameTaken where the organisation has another living circle of this name."""
    if organisation_id is None:
        return
    same = sa.select(Circle).where(
        Circle.organisation_id == organisation_id,
        Circle.name_key == text.folded(name),
        Circle.archived_at.is_(None),
        Circle.id != but,
    )
    if taken := db.session.scalars(same.limit(1)).first():
        raise NameTaken(taken)


def update_settings(viewer: Viewer, circle: Circle, *, name: str, intro: str, rules: Rules) -> Settled:
    """Change the settings, and settle what waits. Raises NameTaken."""
    refuse_taken(name, circle.organisation_id, circle.id)
    circle.name, circle.name_key, circle.intro = name, text.folded(name), intro
    circle.posting, circle.commenting, circle.approval = rules.posting, rules.commenting, rules.approval
    circle.sharing = rules.sharing
    changed, circle.joining = circle.joining != rules.joining, rules.joining
    say_poke(f"circle-{circle.id}", f"circle-{circle.id}")
    return settle(circle) if changed else Settled()


def archive(viewer: Viewer, circle: Circle) -> None:
    """The circle is read-only from now on."""
    circle.archived_at = clock.now()
    say_poke(f"circle-{circle.id}", f"circle-{circle.id}")


def unarchive(viewer: Viewer, circle: Circle) -> None:
    """It lives again. Raises NameTaken where its name was given away meanwhile."""
    refuse_taken(circle.name, circle.organisation_id, circle.id)
    circle.archived_at = None
    say_poke(f"circle-{circle.id}", f"circle-{circle.id}")
