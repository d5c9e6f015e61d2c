"""Specimens of the demo."""

from __future__ import annotations

from webapp.accounts.specimens import lin
from webapp.demo.doors import DOORS, OpenDoor
from webapp.kit.gallery import Context, specimen


@specimen("components/_doors.html")
def doors() -> Context:
    teacher = lin()
    return {"doors": [OpenDoor(DOORS[0], teacher.name, teacher.title, teacher.id, teacher.person_id)]}
