"""Words for templates: what a person is, what a reaction is called."""

from __future__ import annotations

from typing import Any

from webapp.accounts.models import Identity
from webapp.feed import reactions
from webapp.feed.models import Thread
from webapp.kit.i18n import N_, _

KINDS = {"teacher": N_("teacher"), "pupil": N_("pupil"), "guardian": N_("guardian"), "staff": N_("staff")}


def role_words(identity: Identity) -> str:
    """What stands beside a name: the title, else the kind; nothing for a private identity."""
    if identity.title:
        return identity.title
    return _(KINDS[identity.kind]) if identity.kind in KINDS else ""


def reaction_words(key: str) -> str:
    return _(reactions.WORDS[key])


def reaction_counts(thread: Thread) -> list[tuple[str, int]]:
    """The counters everybody may see, with their words."""
    return [(_(words), n) for words, n in reactions.shown(thread.reactions)]


GLOBALS: dict[str, Any] = {
    "reaction_counts": reaction_counts,
    "reaction_words": reaction_words,
    "role_words": role_words,
}
