"""@names in a chat: found among the group's members when a text is sent, shown from what was found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup

from webapp.accounts.models import Identity, Person
from webapp.groups.models import GroupMember
from webapp.kit import text
from webapp.kit.db import db

BOUND = 20  # mentions looked up in one text


def found_in(group_id: int, body: str) -> list[list[Any]]:
    """[[name, identity id], …]: for each @ the longest member's name with which the words behind it begin."""
    behind = text.names_after_at(body)[:BOUND]
    beginnings = {words[:end] for words in behind for end in range(1, len(words) + 1)}
    if not beginnings:
        return []
    members = db.session.execute(
        sa.select(Person.name, Identity.id)
        .join(Identity, Identity.person_id == Person.id)
        .join(GroupMember, GroupMember.identity_id == Identity.id)
        .where(
            GroupMember.group_id == group_id,
            GroupMember.state == "active",
            Person.name.in_(sorted(beginnings)),
        )
        .order_by(Identity.id.desc())
    ).all()
    known = {name: number for name, number in members}
    meant = (longest(known, words) for words in behind)
    return [[name, known[name]] for name in dict.fromkeys(name for name in meant if name)]


def longest(names: Iterable[str], words: str) -> str | None:
    """The longest of the names with which the words begin."""
    return max((name for name in names if words.startswith(name)), key=len, default=None)


def shown(body: str, mentions: list[list[Any]]) -> Markup:
    """A text as HTML, its mentions bold."""

    def mention(words: str) -> tuple[str, str | None] | None:
        name = longest((known for known, _identity in mentions), words)
        return (name, None) if name else None

    return text.rich(body, mention_url=mention)
