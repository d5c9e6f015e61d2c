"""Specimens of circles, and the sample circle of the capabilities above."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from webapp.accounts.models import Identity
from webapp.accounts.specimens import as_viewer, deng, fang, lin, zimo
from webapp.circles.kinds import PARTY_WORDS, TAGS
from webapp.circles.models import Circle, Membership
from webapp.circles.queries import Header
from webapp.kit import clock
from webapp.kit.gallery import Context, either, specimen
from webapp.kit.pages import Page

NAMES = {
    "class": ("三年二班", "Class 3-2"),
    "internal": ("教师办公室", "Staff room"),
    "business": ("铅笔经销商", "Pencil dealers"),
    "community": ("梧桐里", "Wutong Lane"),
    "interest": ("城市观鸟", "Birds of the city"),
}


def circle(kind: str = "class", **changes: Any) -> Circle:
    """A circle of the kind; the class circle unless said otherwise."""
    row = {"id": 1, "name": either(*NAMES[kind]), "joining": "request", "posting": "members", "commenting": "members"}
    words = {"intro": either("作业、通知和观察日记", "Homework, notices and diaries"), "organisation_id": 1}
    return Circle(kind=kind, **{**row, **words, "approval": True, "cards": 12, **changes})


def member(number: int, who: Identity, party: str, **changes: Any) -> Membership:
    row = {"id": number, "circle_id": 1, "identity_id": who.id, "identity": who, "party": party, "role": "member"}
    words = {"tag": "", "company": "", "state": "active", "message": "", "answers": []}
    return Membership(**{**row, **words, "joined_at": clock.now() - timedelta(hours=2), **changes})


def header(may: bool = True, requests: int = 2, **changes: Any) -> Header:
    """The class circle as its owner stands to it, or with `may=False` as one of its members."""
    rights = ("may_invite", "may_moderate", "may_administer", "may_own")
    own = member(1, lin(), "teacher", role="owner") if may else member(2, deng(), "parent")
    given: dict[str, Any] = {"circle": circle(), "membership": own, "members": 42, "requests": requests}
    reads = {"may_read": True, "may_post": True, "may_comment": True}
    return Header(**{**given, **reads, **dict.fromkeys(rights, may), **changes})


@specimen("circles/_head.html", "to its owner")
def head() -> Context:
    return {"header": header(), "at": "posts", "viewer": as_viewer(lin())}


@specimen("circles/_head.html", "to a stranger who may find it")
def head_to_a_stranger() -> Context:
    seen = header(may=False, membership=None, may_read=False, circle=circle("community"))
    return {"header": seen, "at": "posts", "viewer": as_viewer(deng())}


@specimen("circles/_members_tab.html", "two people ask to join")
def members_tab() -> Context:
    return {"header": header(), "at": "members"}


@specimen("circles/_join.html", "open to all")
def join_open() -> Context:
    return {"circle": circle("interest", joining="open"), "state": "", "viewer": as_viewer(deng())}


@specimen("circles/_join.html", "by request")
def join_request() -> Context:
    return {"circle": circle("community"), "state": "", "viewer": as_viewer(deng())}


@specimen("circles/_join.html", "asked already")
def join_asked() -> Context:
    return {"circle": circle("community"), "state": "requested", "viewer": as_viewer(deng())}


@specimen("circles/_join.html", "by invitation")
def join_invited() -> Context:
    return {"circle": circle(joining="invite"), "state": "", "viewer": as_viewer(deng())}


@specimen("circles/_member_menu.html", "to the owner, about an administrator")
def member_menu() -> Context:
    row = member(3, fang(), "parent", role="admin")
    return {"header": header(), "row": row, "touch": True, "now": clock.now(), **_seen_by_lin(fang())}


@specimen("circles/_member_menu.html", "about somebody who is kept out")
def member_menu_banned() -> Context:
    row = member(3, fang(), "parent", state="banned")
    return {"header": header(), "row": row, "touch": False, "now": clock.now(), **_seen_by_lin(fang())}


def _seen_by_lin(who: Identity) -> Context:
    return {"identity": who, "viewer": as_viewer(lin())}


@specimen("circles/_members.html", "an owner, a muted guardian, a pupil")
def members() -> Context:
    now = clock.now()
    people = [
        member(1, lin(), "teacher", role="owner"),
        member(2, deng(), "parent", muted_until=now + timedelta(hours=20)),
        member(3, zimo(), "student"),
        member(4, fang(), "partner", tag="dealer", company=either("街角文具", "Corner Shop")),
    ]
    asked: Context = {"header": header(), "people": Page(people, 4), "party": "", "q": "", "after": None, "now": now}
    return {**asked, "words": PARTY_WORDS, "tags": TAGS, "viewer": as_viewer(lin())}


@specimen("circles/_mentions.html")
def mentions() -> Context:
    return {"names": [lin().name, zimo().name]}


@specimen("circles/_requests.html", "two wait")
def requests() -> Context:
    words = either("我是方圆的爸爸", "I am Fang Yuan’s father")
    answers = [[either("孩子叫什么？", "What is your child called?"), either("方圆", "Fang Yuan")]]
    rows = [member(5, fang(), "parent", message=words, answers=answers), member(6, zimo(), "student")]
    asked: Context = {"header": header(), "waiting": Page(rows, None), "after": None, "ticked": False}
    return {**asked, "viewer": as_viewer(lin())}
