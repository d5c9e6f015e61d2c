"""Words for causes, desks, outcomes and what stands in the log."""

from __future__ import annotations

from webapp.kit.i18n import N_

CAUSES = {
    "abuse": N_("It insults or threatens somebody"),
    "private": N_("It tells private things of somebody"),
    "harm": N_("It harms children"),
    "untrue": N_("It is not true"),
    "spam": N_("It is advertising, or the same again and again"),
    "other": N_("Something else"),
}
DESKS = {
    "circle": N_("The circle’s moderators"),
    "group": N_("The group’s administrators"),
    "organisation": N_("The organisation’s administrators"),
    "server": N_("The administrators of this server"),
}
OUTCOMES = {
    "dismissed": N_("Nothing is to be done"),
    "hidden": N_("Hide it"),
    "warned": N_("Warn the author"),
    "muted": N_("Mute the author for 7 days"),
    "removed": N_("Remove the author"),
}
BECAME = {
    "open": N_("waits for a decision"),
    "dismissed": N_("looked at; nothing was done"),
    "hidden": N_("hidden"),
    "warned": N_("warned"),
    "muted": N_("muted for 7 days"),
    "removed": N_("removed"),
}
ACTS = {
    "hide post": N_("{by} hid a post of {whom}"),
    "hide comment": N_("{by} hid a comment of {whom}"),
    "hide message": N_("{by} removed a message of {whom}"),
    "restore post": N_("{by} let a post of {whom} be seen again"),
    "restore comment": N_("{by} let a comment of {whom} be seen again"),
    "restore message": N_("{by} let a message of {whom} be seen again"),
    "approve": N_("{by} let a post of {whom} through"),
    "refuse": N_("{by} did not let a post of {whom} through"),
    "admit": N_("{by} admitted {whom}"),
    "decline": N_("{by} refused the request of {whom}"),
    "mute": N_("{by} muted {whom}"),
    "unmute": N_("{by} let {whom} write again"),
    "remove": N_("{by} removed {whom}"),
    "ban": N_("{by} removed {whom} and keeps them out"),
    "unban": N_("{by} lets {whom} come in again"),
    "appoint": N_("{by} made {whom} an administrator"),
    "dismiss": N_("{by} made {whom} a member again"),
    "hand_over": N_("{by} handed over to {whom}"),
    "mute_all": N_("{by} muted all"),
    "unmute_all": N_("{by} let everybody speak again"),
    "report_dismissed": N_("{by} dismissed a report about {whom}"),
    "report_hidden": N_("{by} decided a report about {whom}: hidden"),
    "report_warned": N_("{by} decided a report about {whom}: warned"),
    "report_muted": N_("{by} decided a report about {whom}: muted"),
    "report_removed": N_("{by} decided a report about {whom}: removed"),
}
UNKNOWN = N_("{by} decided something about {whom}")


def act_words(act: str, kind: str) -> str:
    """The sentence of a log entry."""
    return ACTS.get(f"{act} {kind}") or ACTS.get(act) or UNKNOWN
