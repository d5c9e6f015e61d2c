"""A report waits in the inbox of those who decide about it, and what was decided reaches whom it is about."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.inbox.actions import Thing, tell_again, withdraw
from webapp.inbox.audience import among
from webapp.inbox.kinds import kind, seen
from webapp.inbox.models import InboxLine
from webapp.kit.db import db
from webapp.kit.events import on
from webapp.kit.i18n import N_
from webapp.moderation.events import CaseDecided, ThingReported
from webapp.moderation.models import Case
from webapp.moderation.policy import Rule, moderators

kind(
    "reported",
    words=N_("A report waits for your decision"),
    symbol="shield",
    chip="other",
    address=lambda line: f"/cases/{line.item_id}",
    see=seen(Case, InboxLine.item_id, Rule.CASE_DECIDE, Case.state == "open"),
    waits=True,
)
kind(
    "decided",
    words=N_("A decision was made about you"),
    symbol="shield",
    chip="other",
    address=lambda _line: "/me/reports",
    see=lambda _viewer: sa.true(),  # it says no more than that
    quote=sa.select(Case.reason).where(Case.id == InboxLine.item_id).scalar_subquery(),
)


@on(ThingReported)
def reported(fact: ThingReported) -> None:
    """Never to the reported one, in whatever identity."""
    case = db.session.get_one(Case, fact.case_id)
    places = {"circle": fact.circle_id, "group": fact.group_id, "organisation": fact.organisation_id}
    who = db.session.execute(moderators(fact.desk, places.get(fact.desk), case.person_id)).all()
    here = Thing("reported", f"case-{case.id}", item_id=case.id, circle_id=fact.circle_id, group_id=fact.group_id)
    tell_again(here, among([identity_id for identity_id, _person_id in who], ()))


@on(CaseDecided)
def decided(fact: CaseDecided) -> None:
    withdraw(InboxLine.subject == f"case-{fact.case_id}")
    if fact.outcome != "dismissed":
        thing = Thing("decided", f"case-{fact.case_id}-you", item_id=fact.case_id)
        tell_again(thing, among([fact.identity_id], [fact.by_id]))
