"""Specimens of reports."""

from __future__ import annotations

from webapp.accounts.specimens import deng
from webapp.circles.specimens import circle, header
from webapp.feed.specimens import ago
from webapp.kit.gallery import Context, either, specimen
from webapp.moderation.models import Case
from webapp.moderation.queries import Waiting
from webapp.moderation.things import KINDS, Thing

DESK = {"desk": "circle", "place_id": 1, "address": "/circles/1"}


def case(number: int = 1) -> Case:
    who = {"identity_id": deng().id, "person_id": deng().person_id, "identity": deng()}
    place = {"desk": "circle", "circle_id": 1, "organisation_id": 1}
    return Case(id=number, kind="comment", item_id=1, state="open", reason="", at=ago(hours=1), **who, **place)


def waiting() -> Waiting:
    words = either("谁家孩子又迟到了？", "Whose child was late again?")
    thing = Thing("comment", None, deng(), words, True, "/posts/1#comment-1", circle())
    return Waiting(case(), thing, 2)


@specimen("moderation/_line.html", "one waits")
def line() -> Context:
    return {**DESK, "waiting": 1}


@specimen("moderation/_line.html", "none waits: nothing is seen")
def line_empty() -> Context:
    return {**DESK, "waiting": 0}


@specimen("moderation/_above.html", "two wait, above a circle’s feed")
def above() -> Context:
    return {"header": header(), "figures": {"reports": 2}}


@specimen("moderation/_queue.html", "a comment, and one that is gone")
def queue() -> Context:
    return {**DESK, "waiting": [waiting(), Waiting(case(2), None, 1)], "kinds": KINDS}


@specimen("moderation/_queue.html", "none waits")
def queue_empty() -> Context:
    return {**DESK, "waiting": [], "kinds": KINDS}
