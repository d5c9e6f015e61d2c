"""@names: found among the members when a text is sent, shown from what was found. Chats use it too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from markupsafe import Markup

from webapp.accounts.models import Identity, Person
from webapp.circles.models import Membership
from webapp.kit import text
from webapp.kit.db import db

BOUND = 20  # mentions looked up in one text


def found_in(circles: Sequence[int], body: str) -> list[list[Any]]:
    """[[name, identity id], …] of these circles' members whom the text mentions."""
    inside = sa.select(Membership.identity_id).where(Membership.circle_id.in_(circles), Membership.state == "active")
    return found_among(inside, body)


def found_among(identities: Any, body: str) -> list[list[Any]]:
    """[[name, identity id], …]: for each @ the longest name with which what follows begins, among the identities
    that a subquery of ids names."""
    behind = text.names_after_at(body)[:BOUND]
    beginnings = {words[:end] for words in behind for end in range(1, len(words) + 1)}
    if not beginnings:
        return []
    members = db.session.execute(
        sa.select(Person.name, Identity.id)
        .join(Identity, Identity.person_id == Person.id)
        .where(Identity.id.in_(identities), Person.name.in_(sorted(beginnings)))
        .order_by(Identity.id.desc())
    ).all()
    known = {name: number for name, number in members}
    meant = (longest(known, words) for words in behind)
    return [[name, known[name]] for name in dict.fromkeys(name for name in meant if name)]


def longest(names: Iterable[str], words: str) -> str | None:
    """The longest of the names with which the words begin."""
    return max((name for name in names if words.startswith(name)), key=len, default=None)


def shown(body: str, mentions: list[list[Any]], circle_id: int | None) -> Markup:
    """A text as HTML; topics lead to the circle's posts with them, names to its members. What stands in several circles
    (None) leads into none of them: not every reader may go there."""

    def topic(name: str) -> str:
        return f"/circles/{circle_id}/topics/{quote(name, safe='')}"

    def mention(words: str) -> tuple[str, str | None] | None:
        name = longest((known for known, _identity in mentions), words)
        address = f"/circles/{circle_id}/members?q={quote(name or '', safe='')}" if circle_id else None
        return (name, address) if name else None

    return text.rich(body, topic if circle_id else None, mention)
