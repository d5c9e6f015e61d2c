"""The + menu beside the field in which one writes: what this member may do from here.

    @tool
    def broadcast(viewer, chat):
        if can(Rule.X, viewer, chat.group):
            yield Tool("group", _("Send to many groups"), f"/broadcasts/new?group={chat.group.id}")

A capability registers what it offers; nothing here knows which there are. They are asked when the menu is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from webapp.groups.queries import Chat
from webapp.kit.i18n import _
from webapp.kit.policy import Viewer


@dataclass(frozen=True)
class Tool:
    icon: str
    words: str
    address: str


Offer = Callable[[Viewer, Chat], Iterable[Tool]]
_offers: list[Offer] = []


def tool(offer: Offer) -> Offer:
    """Register what a capability offers; in the order of registration, before what groups themselves offer."""
    _offers.append(offer)
    return offer


def tools(viewer: Viewer, chat: Chat) -> list[Tool]:
    """What this member may do in this group now."""
    return [each for offer in (*_offers, _own) for each in offer(viewer, chat)]


def _own(viewer: Viewer, chat: Chat) -> Iterable[Tool]:
    """What groups themselves offer."""
    here = f"/groups/{chat.group.id}"
    if chat.may_administer:
        yield Tool("notice", _("Announcement"), f"{here}/settings#announcement")
    if chat.circles and chat.may_read:
        yield Tool("star", _("Keep a message"), f"{here}/keep")
    if chat.may_invite:
        yield Tool("link", _("Invite"), f"{here}/invitations")
