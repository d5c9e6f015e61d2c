"""The doors of the demo: people as whom a newcomer may look around, one tap each."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from webapp.accounts.models import Identity, Person
from webapp.kit.db import db
from webapp.kit.i18n import N_


@dataclass(frozen=True)
class Door:
    key: str  # person.demo_key
    kind: str  # the identity in which one enters
    label: str
    hint: str


DOORS = (
    Door(
        "lin",
        "teacher",
        N_("Teacher"),
        N_("Approve a pupil’s post, then post something and watch it arrive in the group."),
    ),
    Door(
        "deng",
        "guardian",
        N_("Mother of three"),
        N_("Three children, one home. Leave this open beside the teacher’s window."),
    ),
    Door("zimo", "pupil", N_("Pupil"), N_("Write in the observation diary; it waits for the teacher.")),
    Door(
        "liwen",
        "staff",
        N_("Company host"),
        N_("Dealers and suppliers in one circle, each with company and tag."),
    ),
    Door(
        "yin",
        "staff",
        N_("Interest host"),
        N_("A circle of birdwatchers: featured posts, a group that admits."),
    ),
)


@dataclass(frozen=True)
class OpenDoor:
    door: Door
    name: str
    title: str
    identity_id: int
    person_id: int


def open_doors() -> list[OpenDoor]:
    """The doors that lead somewhere in this database, in one statement."""
    rows = db.session.scalars(
        sa.select(Identity)
        .join(Person, Person.id == Identity.person_id)
        .where(Person.demo_key.in_([door.key for door in DOORS]), Identity.ended_at.is_(None))
    ).all()
    found = {(row.person.demo_key, row.kind): row for row in rows}
    return [
        OpenDoor(door, row.name, row.title, row.id, row.person_id)
        for door in DOORS
        if (row := found.get((door.key, door.kind)))
    ]
