"""A fact, and what follows from it.

    emit_fact(PostPublished(post_id=1, circle_id=2, author_id=3))      # in an action, inside write()

Handlers declared with `on(Fact)` run at once, in the same transaction; those with `later(Fact)` get a job row in it
and run after the commit, at least once. What is rolled back was never heard. Handlers run in the order in which
webapp/app.py imports their modules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar

from webapp.kit import jobs
from webapp.kit.db import writing

Fact = TypeVar("Fact")
Handler = Callable[[Any], None]

_now: dict[type[Any], list[Handler]] = {}
_later: dict[type[Any], list[str]] = {}


def on(fact: type[Fact]) -> Callable[[Callable[[Fact], None]], Callable[[Fact], None]]:
    """The handler runs in the transaction of the fact; if it raises, nothing of the action stays."""

    def declare(handler: Callable[[Fact], None]) -> Callable[[Fact], None]:
        _now.setdefault(fact, []).append(handler)
        return handler

    return declare


def later(fact: type[Fact]) -> Callable[[Callable[[Fact], None]], Callable[[Fact], None]]:
    """The handler runs after the commit, as a job: retried until it succeeds, so it must bear being run twice."""

    def declare(handler: Callable[[Fact], None]) -> Callable[[Fact], None]:
        kind = f"{handler.__module__}.{handler.__qualname__}"
        jobs.job(kind)(lambda payload: handler(fact(**payload)))
        _later.setdefault(fact, []).append(kind)
        return handler

    return declare


def emit_fact(fact: Any) -> None:
    """Say that something happened. Raises RuntimeError outside `write()`."""
    if not writing():
        raise RuntimeError(f"{type(fact).__name__} belongs into an action, inside write()")
    for handler in _now.get(type(fact), ()):
        handler(fact)
    for kind in _later.get(type(fact), ()):
        jobs.enqueue(kind, asdict(fact))


def heard_by(fact: type[Any]) -> set[str]:
    """The modules that listen to this kind of fact."""
    later_modules = {kind.rpartition(".")[0] for kind in _later.get(fact, ())}
    return {handler.__module__.removeprefix("webapp.") for handler in _now.get(fact, ())} | later_modules
