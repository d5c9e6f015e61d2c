"""Who hears of something in a circle, and who does not want to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from webapp.accounts.models import Identity
from webapp.circles.models import Circle
from webapp.circles.policy import ACTIVE, ANY_CELL, Mine, stands
from webapp.inbox.models import Mute
from webapp.kit.db import db


def readers(circle_id: int, only: Iterable[int] | None = None) -> sa.Select[Any]:
    """Identities that read the circle, as a subquery; `only` those of these ids."""
    there = _standing(circle_id, "view", ANY_CELL)
    return there if only is None else there.where(Mine.identity_id.in_(list(only)))


def moderators(circle_id: int) -> sa.Select[Any]:
    """Identities that moderate the circle, as a subquery."""
    return _standing(circle_id, "moderate", ("Y",))


def _standing(circle_id: int, action: str, cells: tuple[str, ...]) -> sa.Select[Any]:
    there = sa.select(Mine.identity_id).join(Circle, Circle.id == Mine.circle_id)
    return there.where(Mine.circle_id == circle_id, ACTIVE, stands(action, cells))


def among(identities: Any, but: Iterable[int], muted: Iterable[str] = ()) -> list[int]:
    """The living of these identities (a subquery, or ids) without `but`, and without those who muted one of these
    targets; in one order, so that no two writers wait for each other."""
    wanted = sa.select(Identity.id).where(
        Identity.id.in_(identities), Identity.id.not_in(list(but)), Identity.ended_at.is_(None)
    )
    if targets := list(muted):
        deaf = sa.exists().where(Mute.identity_id == Identity.id, Mute.target.in_(targets))
        wanted = wanted.where(~deaf)
    return list(db.session.scalars(wanted.order_by(Identity.id)))


def person_target(identity_id: int) -> str:
    """How a mute names the person behind an identity."""
    return f"person-{db.session.get_one(Identity, identity_id).person_id}"
