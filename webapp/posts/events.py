"""What becomes of a post beside its card."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PostSubmitted:
    """A post waits for a moderator: a new one, or one that was refused and written again."""

    post_id: int
    circle_id: int
    author_id: int


@dataclass(frozen=True)
class PostDecided:
    """A moderator let a waiting post through, or (`published` is false) refused it."""

    post_id: int
    circle_id: int
    author_id: int
    by_id: int
    published: bool


@dataclass(frozen=True)
class PostTakenDown:
    """Its author deleted a post, or a moderator (`by_id`) hid it."""

    post_id: int
    circle_id: int
    author_id: int
    by_id: int
