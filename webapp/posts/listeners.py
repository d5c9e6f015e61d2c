"""What a message that is kept becomes."""

from __future__ import annotations

from webapp.groups.events import MessageKept
from webapp.kit.events import on
from webapp.posts.actions import publish_kept


@on(MessageKept)
def keep(fact: MessageKept) -> None:
    """A post in the circle, under its author's name, with the way back to its group."""
    publish_kept(fact)
