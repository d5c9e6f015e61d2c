"""Stretches of a long list, by keyset: `?from=<id>` begins after that row, so a stretch stays what it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """`items` of one stretch; `older` is the cursor of the next, or None at the end."""

    items: Sequence[Item]
    older: int | None


def page(rows: Sequence[Item], size: int, key: str = "id") -> Page[Item]:
    """Make a page of up to `size` from `size + 1` fetched rows."""
    items = rows[:size]
    return Page(items, getattr(items[-1], key) if len(rows) > size else None)


def ids(values: Sequence[str], most: int = 100) -> list[int]:
    """The ids that a form sent, each once, so many at most; whatever is no id is left out."""
    numbers = {int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 16}
    return sorted(numbers)[:most]


def cursor(name: str = "from") -> int | None:
    """The id after which the stretch begins, or None for the first; whatever is no id is the first."""
    value = request.args.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None
