"""Specimens of organisations and their people."""

from __future__ import annotations

from webapp.accounts.specimens import deng, lin, zimo
from webapp.kit.gallery import Context, either, specimen
from webapp.kit.pages import Page
from webapp.organisations.forms import role_words
from webapp.organisations.models import Organisation
from webapp.organisations.queries import Relative


def school() -> Organisation:
    return Organisation(id=1, kind="school", name=either("向阳小学", "Sunrise School"), zone="Asia/Shanghai")


def people_of_school(**changes: object) -> Context:
    found = {"organisation": school(), "people": Page([lin(), zimo(), deng()], 3), "q": "", "kind": "", "manage": True}
    guardians = {3: [Relative(deng(), either("妈妈", "mother"))]}
    whole = {"guardians": guardians, "roles": role_words(), "address": "/organisations/1/people"}
    return {**found, **whole, **changes}


@specimen("organisations/_people.html", "to an administrator; there are more")
def people() -> Context:
    return people_of_school()


@specimen("organisations/_people.html", "nobody is called so")
def nobody() -> Context:
    return people_of_school(people=Page([], None), q="Zz", manage=False)
