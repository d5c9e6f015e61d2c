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
    """An identity is a member from now on; `by_id` brought it in (0: it came by itself)."""

    circle_id: int
    identity_id: int
    by_id: int = 0


@dataclass(frozen=True)
class MemberLeft:
    """Left, was removed or banned, or the organisation ended the identity."""

    circle_id: int
    identity_id: int


@dataclass(frozen=True)
class Moderated:
    """Somebody used their power over a circle (`act`: hide, restore, approve, refuse, admit, decline, mute, unmute,
    remove, ban, unban, appoint, dismiss, hand_over) on a person, or (`kind`, `item_id`) on what that person wrote."""

    circle_id: int
    by_id: int
    act: str
    whom_id: int
    kind: str = ""
    item_id: int = 0
    reason: str = ""


@dataclass(frozen=True)
class JoinRequested:
    circle_id: int
    identity_id: int


@dataclass(frozen=True)
class RequestSettled:
    """A request to join waits no longer; `state` is what became of the membership: active, refused, left, …, and
    `via` the way it came by."""

    circle_id: int
    identity_id: int
    state: str
    via: str


@dataclass(frozen=True)
class RoleChanged:
    """A member's role is another: owner, admin or member. `by_id` is 0 where nobody decided it."""

    circle_id: int
    identity_id: int
    role: str
    by_id: int = 0
