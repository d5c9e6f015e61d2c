"""The rules of accounts: one's own sessions and identities, and whom an administrator may help in."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased

from webapp.accounts.models import Identity, Person, SignIn
from webapp.kit.policy import Viewer, rule


class Rule(StrEnum):
    IDENTITY_USE = "identity.use"
    PERSON_ADMINISTER = "person.administer"  # all people of this server
    PERSON_APPOINT = "person.appoint"  # make an administrator of this server
    PERSON_DISMISS = "person.dismiss"  # take that back
    PERSON_HELP = "person.help"  # hand over a one-time code
    SESSION_END = "session.end"


@rule(Rule.IDENTITY_USE, Identity)
def use(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(Identity.person_id == viewer.person_id, Identity.ended_at.is_(None))


@rule(Rule.SESSION_END, SignIn)
def end_session(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(SignIn.person_id == viewer.person_id, SignIn.ended_at.is_(None))


@rule(Rule.PERSON_ADMINISTER, Person)
def administer(viewer: Viewer) -> ColumnElement[bool]:
    return sa.true() if viewer.platform_admin else sa.false()


@rule(Rule.PERSON_APPOINT, Person, see=Rule.PERSON_ADMINISTER)
def appoint(viewer: Viewer) -> ColumnElement[bool]:
    return Person.platform_admin.is_(False)


@rule(Rule.PERSON_DISMISS, Person, see=Rule.PERSON_ADMINISTER)
def dismiss(viewer: Viewer) -> ColumnElement[bool]:
    """Oneself too, but never the last who can sign in."""
    other = aliased(Person)
    others = (other.id != Person.id, other.platform_admin, other.password.is_not(None))
    return sa.and_(Person.platform_admin, sa.exists().where(*others).correlate_except(other))


@rule(Rule.PERSON_HELP, Person)
def help_in(viewer: Viewer) -> ColumnElement[bool]:
    """A code opens the whole account, so rights must not grow by it: an organisation's administrator helps
    only people who are nobody elsewhere, and nobody with more power than their own."""
    if viewer.platform_admin:
        return sa.true()
    if not viewer.runs_organisation:
        return sa.false()
    return sa.and_(
        _is(Identity.organisation_id == viewer.organisation_id),
        ~_is(Identity.organisation_id != viewer.organisation_id),
        ~_is(Identity.power.in_(("owner",) if viewer.power == "owner" else ("owner", "admin"))),
        Person.platform_admin.is_(False),
    )


def _is(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The person has a living identity like this."""
    own = aliased(Identity)
    adapter = sa.sql.util.ClauseAdapter(sa.inspect(own).selectable)
    like: ColumnElement[bool] = adapter.traverse(condition)
    return sa.exists().where(own.person_id == Person.id, own.ended_at.is_(None), like).correlate_except(own)
