"""Whom a person may find: whoever they meet in their organisation, their circles and their groups."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from webapp.accounts.models import Identity
from webapp.circles.models import Membership
from webapp.circles.policy import Rule as CircleRule
from webapp.groups.models import GroupMember
from webapp.groups.policy import Rule as GroupRule
from webapp.kit.policy import Viewer, allowed, rule
from webapp.organisations.policy import Rule as OrganisationRule


class Rule(StrEnum):
    IDENTITY_FIND = "identity.find"


@rule(Rule.IDENTITY_FIND, Identity)
def find(viewer: Viewer) -> ColumnElement[bool]:
    """Each way is the rule of the list in which they stand there."""
    circles = sa.exists().where(
        Membership.identity_id == Identity.id,
        Membership.state == "active",
        allowed(CircleRule.MEMBERSHIP_READ, viewer),
    )
    groups = sa.exists().where(GroupMember.identity_id == Identity.id, allowed(GroupRule.MEMBER_READ, viewer))
    return sa.and_(
        Identity.ended_at.is_(None),
        sa.or_(
            allowed(OrganisationRule.IDENTITY_READ, viewer),
            circles.correlate_except(Membership),
            groups.correlate_except(GroupMember),
        ),
    )
