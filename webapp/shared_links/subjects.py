"""What can be shared: a capability registers its subject, and how it is shown to whoever has the link.

    @subject("post", model=Post, rule=Rule.POST_SHARE, title=N_("A shared post"), template="posts/_shared.html")
    def load(item_id): return {"post": post, …} as it stands now, or None where nothing is to be seen any more

`title` is all that a link preview says, so it names nothing and nobody. `rule` is the right to share it: it holds only
where the circle's `circle.share` does. `lines` answers a short line for each of many, for lists of links.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Load = Callable[[int], dict[str, Any] | None]


@dataclass(frozen=True)
class Subject:
    name: str
    model: type[Any]
    rule: StrEnum
    title: str  # marked for translation
    template: str
    address: Callable[[int], str]
    circle_of: Callable[[Any], int]  # of a row
    lines: Callable[[list[int]], dict[int, str]]
    load: Load


_subjects: dict[str, Subject] = {}


def subject(
    name: str,
    *,
    model: type[Any],
    rule: StrEnum,
    title: str,
    template: str,
    address: Callable[[int], str],
    circle_of: Callable[[Any], int],
    lines: Callable[[list[int]], dict[int, str]],
) -> Callable[[Load], Load]:
    """Register a subject; the decorated function loads what its template needs."""

    def declare(load: Load) -> Load:
        _subjects[name] = Subject(name, model, rule, title, template, address, circle_of, lines, load)
        return load

    return declare


def find(name: str) -> Subject | None:
    """The subject of that name, or None: names come from addresses."""
    return _subjects.get(name)


def lines_of(keys: list[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """A short line for each of these, one look a kind."""
    wanted: dict[str, list[int]] = {}
    for name, number in keys:
        wanted.setdefault(name, []).append(number)
    return {
        (name, number): line
        for name, numbers in wanted.items()
        if name in _subjects
        for number, line in _subjects[name].lines(sorted(set(numbers))).items()
    }
