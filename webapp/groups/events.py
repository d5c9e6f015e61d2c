"""Facts about groups, what is said in them, and their links to circles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class MessageSent:
    """Words of a member, or a card that came from a circle, stand in a group."""

    message_id: int
    group_id: int
    author_id: int


@dataclass(frozen=True)
class MessageRecalled:
    """Its author took a message back, or an administrator (`by_id`) removed it."""

    message_id: int
    group_id: int
    by_id: int


@dataclass(frozen=True)
class MessageRestored:
    """What an administrator took down stands again."""

    message_id: int
    group_id: int
    by_id: int


@dataclass(frozen=True)
class MessageKept:
    """A message is to be kept in a circle; its author wants it, or agreed when `by_id` asked."""

    message_id: int
    circle_id: int
    author_id: int
    by_id: int
    body: str
    at: datetime
    group_id: int


@dataclass(frozen=True)
class GroupJoined:
    """An identity belongs to a group from now on; `by_id` added it (0: it came by itself)."""

    group_id: int
    identity_id: int
    by_id: int = 0


@dataclass(frozen=True)
class GroupLeft:
    """An identity left a group, or was removed."""

    group_id: int
    identity_id: int


@dataclass(frozen=True)
class GroupLinked:
    group_id: int
    circle_id: int
    by_id: int


@dataclass(frozen=True)
class GroupUnlinked:
    """What came from the circle stays in the group as it is."""

    group_id: int
    circle_id: int
    by_id: int


@dataclass(frozen=True)
class GroupRequested:
    """Somebody who may not join by themselves asks to be let in."""

    group_id: int
    identity_id: int


@dataclass(frozen=True)
class GroupRenamed:
    group_id: int
    by_id: int


@dataclass(frozen=True)
class GroupDissolved:
    """Its members read what was said; nobody writes or joins any more."""

    group_id: int
    by_id: int


@dataclass(frozen=True)
class GroupModerated:
    """Somebody used their power over a group (`act`: hide, restore, admit, decline, mute, unmute, remove, appoint,
    dismiss, hand_over, and of the whole group mute_all, unmute_all) on a person, or (`item_id`) on what they said."""

    group_id: int
    by_id: int
    act: str
    whom_id: int | None
    kind: str = ""
    item_id: int = 0
    reason: str = ""


@dataclass(frozen=True)
class GroupRoleChanged:
    """A member's role is another: owner, admin or member. `by_id` is 0 where nobody decided it."""

    group_id: int
    identity_id: int
    role: str
    by_id: int = 0


@dataclass(frozen=True)
class KeepAsked:
    """An administrator (`by_id`) asks a message's author whether it may be kept in a circle."""

    message_id: int
    group_id: int
    circle_id: int
    author_id: int
    by_id: int


@dataclass(frozen=True)
class KeepAnswered:
    message_id: int
    circle_id: int
    author_id: int
    agreed: bool
