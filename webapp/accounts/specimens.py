"""Specimens of people, and the sample people of the capabilities above."""

from __future__ import annotations

from webapp.accounts.forms import SignUpForm
from webapp.accounts.models import Identity, Person
from webapp.accounts.queries import Role
from webapp.kit.gallery import Context, either, specimen
from webapp.kit.policy import Viewer


def identity(number: int, name: str, kind: str, title: str = "", power: str = "member") -> Identity:
    """Somebody of the sample school."""
    person = Person(id=number, name=name, username=f"person{number}", about="")
    return Identity(
        id=number,
        person_id=number,
        person=person,
        organisation_id=None if kind == "private" else 1,
        kind=kind,
        title=title,
        power=power,
    )


def lin() -> Identity:
    return identity(1, either("林芳", "Lin Fang"), "teacher", either("语文老师", "Chinese"), "admin")


def deng() -> Identity:
    return identity(2, either("邓洁", "Deng Jie"), "guardian", either("子墨妈妈", "Zimo’s mother"))


def zimo() -> Identity:
    return identity(3, either("周子墨", "Zhou Zimo"), "pupil")


def fang() -> Identity:
    return identity(4, either("方国强", "Fang Guoqiang"), "guardian", either("方圆爸爸", "Fang Yuan’s father"))


def as_viewer(who: Identity) -> Viewer:
    """The person as the rules see them; no such session exists."""
    return Viewer(
        identity_id=who.id,
        person_id=who.person_id,
        organisation_id=who.organisation_id,
        kind=who.kind,
        power=who.power,
        name=who.name,
        title=who.title,
    )


@specimen("accounts/_language.html")
def language() -> Context:
    return {"going_to": "/sign-in"}


@specimen("accounts/_role.html", "runs the school")
def role() -> Context:
    return {"role": Role(lin(), either("向阳小学", "Sunrise School"))}


@specimen("accounts/_role.html", "for oneself")
def private_role() -> Context:
    return {"role": Role(identity(9, either("邓洁", "Deng Jie"), "private"), "")}


@specimen("accounts/_sign_in_first.html")
def sign_in_first() -> Context:
    return {}


@specimen("accounts/_password_first.html")
def password_first() -> Context:
    return {}


@specimen("accounts/_carried.html", "a text of two lines waits")
def carried() -> Context:
    return {"carried": [("power", "admin"), ("body", "one\ntwo")]}


@specimen("accounts/_sign_up_fields.html", "empty")
def sign_up() -> Context:
    return {"form": SignUpForm.blank()}


@specimen("accounts/_sign_up_fields.html", "sent without a name and with a short password")
def sign_up_wrong() -> Context:
    form = SignUpForm.blank(name="", login="dengjie", password="12345")
    form.validate()
    return {"form": form}
