"""What posts do when something happens in circles and groups."""

from __future__ import annotations

from webapp.circles.events import MemberJoined, MemberLeft
from webapp.groups.events import MessageKept
from webapp.kit.events import on
from webapp.posts.actions import publish_kept
from webapp.posts.receipts import members_moved


@on(MessageKept)
def keep(fact: MessageKept) -> None:
    """A post in the circle, under its author's name, with the way back to its group."""
    publish_kept(fact)


@on(MemberJoined)
def one_more(fact: MemberJoined) -> None:
    """Who is to read a must-read post is who is in the circle now."""
    members_moved(fact.circle_id)


@on(MemberLeft)
def one_less(fact: MemberLeft) -> None:
    members_moved(fact.circle_id)
