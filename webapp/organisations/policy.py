"""The rules of organisations. Power is that of the identity in use; being somebody elsewhere adds nothing."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from webapp.accounts.models import Identity
from webapp.kit.policy import Viewer, rule
from webapp.organisations.models import Guardianship, Organisation

ADULTS = ("teacher", "staff")  # they may have power in the organisation


class Rule(StrEnum):
    IDENTITY_ADMINISTER = "identity.administer"  # title, guardians, one-time codes
    IDENTITY_APPOINT = "identity.appoint"  # make an administrator, hand over
    IDENTITY_END = "identity.end"
    IDENTITY_READ = "identity.read"  # who belongs to the organisation
    ORGANISATION_ADMINISTER = "organisation.administer"
    ORGANISATION_READ = "organisation.read"


def _own(viewer: Viewer, column: Any) -> ColumnElement[bool]:
    """The organisation of the identity in use; nothing for a private one."""
    if viewer.organisation_id is None:
        return sa.false()
    own: ColumnElement[bool] = column == viewer.organisation_id
    return own


@rule(Rule.ORGANISATION_READ, Organisation)
def read(viewer: Viewer) -> ColumnElement[bool]:
    return sa.true() if viewer.platform_admin else _own(viewer, Organisation.id)


@rule(Rule.ORGANISATION_ADMINISTER, Organisation, see=Rule.ORGANISATION_READ)
def administer(viewer: Viewer) -> ColumnElement[bool]:
    return _own(viewer, Organisation.id) if viewer.runs_organisation else sa.false()


@rule(Rule.IDENTITY_READ, Identity)
def read_identity(viewer: Viewer) -> ColumnElement[bool]:
    """Teachers and staff see everybody; pupils and guardians see teachers and staff, and each other in a
    family."""
    living = sa.and_(_own(viewer, Identity.organisation_id), Identity.ended_at.is_(None))
    if viewer.kind in ADULTS:
        return living
    pupils = sa.select(Guardianship.pupil_id).where(Guardianship.guardian_id == viewer.identity_id)
    guardians = sa.select(Guardianship.guardian_id).where(Guardianship.pupil_id == viewer.identity_id)
    near = sa.or_(
        Identity.kind.in_(ADULTS),
        Identity.id == viewer.identity_id,
        Identity.id.in_(pupils),
        Identity.id.in_(guardians),
    )
    return sa.and_(living, near)


@rule(Rule.IDENTITY_ADMINISTER, Identity, see=Rule.IDENTITY_READ)
def administer_identity(viewer: Viewer) -> ColumnElement[bool]:
    return sa.true() if viewer.runs_organisation else sa.false()


@rule(Rule.IDENTITY_APPOINT, Identity, see=Rule.IDENTITY_READ)
def appoint(viewer: Viewer) -> ColumnElement[bool]:
    """Only the owner, and only adults; the owner's own power goes by handing over."""
    if viewer.power != "owner":
        return sa.false()
    return sa.and_(Identity.kind.in_(ADULTS), Identity.power != "owner")


@rule(Rule.IDENTITY_END, Identity, see=Rule.IDENTITY_READ)
def end(viewer: Viewer) -> ColumnElement[bool]:
    """Nobody of the same power or more: an owner hands over first."""
    if not viewer.runs_organisation:
        return sa.false()
    return Identity.power.in_(("admin", "member") if viewer.power == "owner" else ("member",))
