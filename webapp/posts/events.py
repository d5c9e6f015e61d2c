"""Facts about posts on their way into circles. That they stand there is the feed's CardPublished."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PostWaits:
    """A post waits for the moderators of a circle."""

    post_id: int
    circle_id: int
    author_id: int


@dataclass(frozen=True)
class PostApproved:
    """A moderator let it through."""

    post_id: int
    circle_id: int
    author_id: int
    by_id: int


@dataclass(frozen=True)
class PostRefused:
    """A moderator did not let it through; its author reads why."""

    post_id: int
    circle_id: int
    author_id: int
    by_id: int
    reason: str


@dataclass(frozen=True)
class PostHidden:
    """A moderator took it down in a circle; its author reads why."""

    post_id: int
    circle_id: int
    author_id: int
    by_id: int
    reason: str


@dataclass(frozen=True)
class PostHeld:
    """Its time came and its author may no longer post there; the text stays with them."""

    post_id: int
    circle_id: int
    author_id: int


@dataclass(frozen=True)
class MustReadRead:
    """A person says that they have read a must-read post."""

    post_id: int
    identity_id: int


@dataclass(frozen=True)
class PostDeleted:
    """Its author took it back, also where it still waited."""

    post_id: int
    circle_id: int
    author_id: int
