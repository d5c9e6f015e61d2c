"""Facts about circles and who belongs to them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CircleMade:
    """A circle begins; `with_group`: its maker wants a group linked to it."""

    circle_id: int
    by_id: int
    with_group: bool


@dataclass(frozen=True)
class MemberJoined:
    """An identity belongs to a circle from now on."""

    circle_id: int
    identity_id: int


@dataclass(frozen=True)
class MemberLeft:
    """An identity left a circle, was removed or banned."""

    circle_id: int
    identity_id: int
