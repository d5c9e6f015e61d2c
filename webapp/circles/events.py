"""What happened in circles."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CircleMade:
    """A circle begins; `with_group`: its maker wants its group too."""

    circle_id: int
    by_id: int
    with_group: bool = False


@dataclass(frozen=True)
class MemberJoined:
    circle_id: int
    identity_id: int


@dataclass(frozen=True)
class MemberLeft:
    """Left, was removed or banned, or the organisation ended the identity."""

    circle_id: int
    identity_id: int
