"""Specimens of posts."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from webapp.accounts.specimens import as_viewer, deng, lin, zimo
from webapp.circles.specimens import circle, header
from webapp.feed.mentions import shown
from webapp.feed.specimens import ago, row, thread
from webapp.kit.gallery import Context, either, specimen
from webapp.posts.forms import EditForm, PostForm, ReasonForm
from webapp.posts.models import Post
from webapp.posts.queries import OpenPost

DIARY = (
    "观察日记怎么写才不空？看、摸、和昨天比、猜明天，每步一句就够。#观察日记# @周子墨",
    "How to keep a diary from being empty: look, touch, compare, guess. #diary @Zhou Zimo",
)


def post(**changes: Any) -> Post:
    """The teacher's."""
    given = {"id": 1, "circle_id": 1, "author_id": lin().id, "author": lin(), "body": either(*DIARY), "version": 1}
    names = {"mentions": [[zimo().name, zimo().id]], "state": "published", "reason": "", "at": ago(hours=1)}
    return Post(**{**given, **names, **changes})


def waiting() -> Post:
    words = either("绿豆第 5 天，出芽了。", "Mung beans, day 5: a sprout.")
    return post(author=zimo(), author_id=zimo().id, body=words, mentions=[], state="waiting")


def opened(may: bool = True, **changes: Any) -> OpenPost:
    names = (
        "may_comment",
        "may_react",
        "may_edit",
        "may_delete",
        "may_hide",
        "may_restore",
        "may_share",
        "may_moderate",
        "may_approve",
    )
    given: dict[str, Any] = {"post": post(), "circle": circle(), "company": "", "row": row(), "thread": thread()}
    return OpenPost(**{**given, "mood": None, "signal": None, **dict.fromkeys(names, may), **changes})


@specimen("posts/_body.html", "edited, kept from a group")
def body() -> Context:
    return {"post": post(edited_at=ago(minutes=3), group_id=1), "company": "", "shown": shown}


@specimen("posts/_body.html", "by a partner company")
def body_of_a_company() -> Context:
    return {"post": post(author=deng()), "company": either("街角文具", "Corner Shop"), "shown": shown}


@specimen("posts/_line.html", "small, as in a chat")
def line() -> Context:
    return {"post": post(), "thread": thread()}


@specimen("posts/_line.html", "withdrawn")
def line_withdrawn() -> Context:
    return {"post": post(state="deleted"), "thread": None}


@specimen("posts/_composer.html", "empty")
def composer() -> Context:
    return {"circle": circle(), "viewer": as_viewer(lin())}


@specimen("posts/_composer.html", "sent empty")
def composer_wrong() -> Context:
    form = PostForm.blank(body="")
    form.validate()
    return {"circle": circle(), "form": form, "viewer": as_viewer(lin())}


@specimen("posts/_decide.html", "to a moderator")
def decide() -> Context:
    return {"post": waiting(), "viewer": as_viewer(lin())}


@specimen("posts/_reason.html", "sent without a reason")
def reason() -> Context:
    form = ReasonForm.blank(reason="")
    form.validate()
    words = either("不放行", "Do not let it through")
    return {"post": waiting(), "url": "/posts/1/refuse", "words": words, "form": form, "viewer": as_viewer(lin())}


@specimen("posts/_edit_form.html")
def edit_form() -> Context:
    return {"post": post(), "form": EditForm.blank(body=either(*DIARY), version=1), "viewer": as_viewer(lin())}


@specimen("posts/_menu.html", "to its author, who moderates", within="list menu")
def menu() -> Context:
    return {"opened": opened(), "viewer": as_viewer(lin())}


@specimen("posts/_menu.html", "to a reader", within="list menu")
def menu_of_a_reader() -> Context:
    return {"opened": opened(may=False), "viewer": as_viewer(deng())}


@specimen("posts/_state.html", "waiting")
def state() -> Context:
    return {"post": waiting()}


@specimen("posts/_state.html", "refused")
def state_refused() -> Context:
    return {"post": post(state="refused", reason=either("照片里有别的孩子", "Another child is in the picture"))}


@specimen("posts/_waiting_line.html", "to a moderator")
def waiting_line() -> Context:
    return {"header": header(), "figures": {"queue": 3}}


@specimen("posts/_waiting_line.html", "to an author")
def waiting_line_of_an_author() -> Context:
    return {"header": header(may=False), "figures": {"waiting": 1, "refused": 1}}


@specimen("posts/_shared.html", "of a teacher, as whoever has the link sees it")
def shared() -> Context:
    words = Markup("<b>%s</b>") % either("绿豆第 5 天，出芽了。", "Mung beans, day 5: a sprout.")
    by: Context = {"author": lin().name, "role": lin().title, "body": words}
    return {"shared": {"post": post(), "circle": circle("community"), **by}, "link": None}
