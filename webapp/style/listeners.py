"""What follows from a mark: two rows are pushed, one by each way in which a fact is heard."""

from __future__ import annotations

from webapp.kit.events import later, on
from webapp.kit.push import say_push
from webapp.style.events import MarkLeft
from webapp.style.queries import TOPIC


@on(MarkLeft)
def hear_now(fact: MarkLeft) -> None:
    """In the transaction of the fact: rolled back with it."""
    _push(fact, "now")


@later(MarkLeft)
def hear_later(fact: MarkLeft) -> None:
    """By a job that the transaction wrote; done twice it pushes the same row."""
    _push(fact, "later")


def _push(fact: MarkLeft, heard: str) -> None:
    arguments = {"key": fact.key, "by": fact.by, "at": fact.at, "heard": heard}
    say_push(TOPIC, "marks", "afterbegin", "style/_mark.html", "mark", **arguments)
