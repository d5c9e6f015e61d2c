"""Facts about what stands in circles and what is said about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CardPublished:
    """A card stands in a circle; `notify`: its author wants it in the linked groups."""

    kind: str
    item_id: int
    circle_id: int
    row_id: int
    author_id: int
    notify: bool


@dataclass(frozen=True)
class CardWithdrawn:
    """A card stands nowhere any more."""

    kind: str
    item_id: int


@dataclass(frozen=True)
class CardChanged:
    """The text of a card is another."""

    kind: str
    item_id: int


@dataclass(frozen=True)
class ThreadMoved:
    """The counters of a card moved: comments or reactions."""

    kind: str
    item_id: int
    circle_id: int


@dataclass(frozen=True)
class CommentAdded:
    """Somebody commented; `parent_id` is the comment it stands under, `answers_id` the one it replies to."""

    comment_id: int
    thread_id: int
    circle_id: int
    author_id: int
    parent_id: int | None
    answers_id: int | None = None


@dataclass(frozen=True)
class CommentRemoved:
    """Its author took a comment back, or a moderator (`by_id`) hid it."""

    comment_id: int
    thread_id: int
    circle_id: int
    author_id: int
    by_id: int


@dataclass(frozen=True)
class Reacted:
    """Somebody set a reaction on an axis; `key` is empty where they took it back."""

    thread_id: int
    circle_id: int
    identity_id: int
    axis: str
    key: str
