"""The one thing that can be done on the page of specimens."""

from __future__ import annotations

from webapp.kit import clock, throttle
from webapp.kit.events import emit_fact
from webapp.kit.ids import client_id
from webapp.kit.policy import Viewer
from webapp.style.events import MarkLeft
from webapp.style.queries import Mark


def leave_mark(viewer: Viewer) -> Mark:
    """Emit a fact; that is all. What follows from it is in listeners.py."""
    throttle.calm(viewer.person_id)
    fact = MarkLeft(client_id(), viewer.name, clock.now().isoformat())
    emit_fact(fact)
    return Mark.of(fact.key, fact.by, fact.at, "now")
