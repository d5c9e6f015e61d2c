"""@names in a chat: found among the group's members when a text is sent, shown from what was found."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from markupsafe import Markup

from webapp.feed.mentions import found_among, longest
from webapp.groups.models import GroupMember
from webapp.kit import text


def found_in(group_id: int, body: str) -> list[list[Any]]:
    """[[name, identity id], …] of the group's members whom the text mentions."""
    active = (GroupMember.group_id == group_id, GroupMember.state == "active")
    return found_among(sa.select(GroupMember.identity_id).where(*active), body)


def shown(body: str, mentions: list[list[Any]]) -> Markup:
    """A text as HTML, its mentions bold."""

    def mention(words: str) -> tuple[str, str | None] | None:
        name = longest((known for known, _identity in mentions), words)
        return (name, None) if name else None

    return text.rich(body, mention_url=mention)
