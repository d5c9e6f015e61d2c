"""What became of something, in the words of the person's language."""

from __future__ import annotations

from webapp.circles.actions.joining import NotAdmitted
from webapp.circles.actions.making import NameTaken
from webapp.circles.actions.settling import Settled
from webapp.kit.i18n import _, ngettext


def why_not(refused: NameTaken | NotAdmitted) -> str:
    """The reason in the person's language."""
    if isinstance(refused, NameTaken):
        return _("There is a circle “{name}” already. Choose another name.", name=refused.circle.name)
    return _(refused.words)


def what_became(settled: Settled) -> str:
    """What saving did to those who waited."""
    said = [_("Saved.")]
    if settled.admitted:
        n = settled.admitted
        said.append(ngettext("{n} person who waited is in now.", "{n} people who waited are in now.", n))
    if settled.refused:
        said.append(ngettext("{n} request was refused.", "{n} requests were refused.", settled.refused))
    if settled.waiting:
        n = settled.waiting
        said.append(ngettext("{n} request still waits for you.", "{n} requests still wait for you.", n))
    return " ".join(said)
