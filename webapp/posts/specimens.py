"""Specimens of posts."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from webapp.accounts.specimens import as_viewer, deng, fang, lin, zimo
from webapp.circles.specimens import circle, header
from webapp.feed.mentions import shown
from webapp.feed.specimens import ago, row, thread
from webapp.kit import clock
from webapp.kit.gallery import Context, either, specimen
from webapp.kit.pages import Page
from webapp.posts.feet import Foot, Own
from webapp.posts.forms import EditForm, PostForm, ReasonForm
from webapp.posts.models import Poll, Post
from webapp.posts.queries import OpenPost
from webapp.posts.receipts import Reader, Reading

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


RIGHTS = (
    "comment", "react", "edit", "delete", "hide", "restore", "share", "moderate", "approve", "release", "acknowledge",
    "see_readers", "vote", "see_voters",
)  # fmt: skip


def opened(may: bool = True, **changes: Any) -> OpenPost:
    rights = {f"may_{act}": may for act in RIGHTS}
    given: dict[str, Any] = {"post": post(), "circle": circle(), "company": "", "row": row(), "thread": thread()}
    parts: dict[str, Any] = {"mood": None, "signal": None, "own": "", "card": {}, "places": ()}
    return OpenPost(**{**given, **parts, **rights, **changes})


def poll(**changes: Any) -> Post:
    """Asks the class something."""
    options = [either("周三", "Wednesday"), either("周四", "Thursday")]
    return post(poll=Poll(post_id=1, options=options, multiple=False, anonymous=False, veiled=False, **changes))


def under(asked: Post, own: str, may: bool = True) -> Context:
    """What stands under a post, as a parent sees it."""
    words = asked.poll.options if asked.poll else ()
    foot = Foot(12, 30, [(number, each, 3 * number) for number, each in enumerate(words, 1)], 9)
    return {"post": asked, "foot": foot, "mine": False, "may": may, "viewer": as_viewer(deng())}


@specimen("posts/_body.html", "edited, kept from a group")
def body() -> Context:
    return {"post": post(edited_at=ago(minutes=3), group_id=1), "company": "", "shown": shown, "stands": {1}}


@specimen("posts/_body.html", "by a partner company")
def body_of_a_company() -> Context:
    return {"post": post(author=deng()), "company": either("街角文具", "Corner Shop"), "shown": shown, "stands": {1}}


@specimen("posts/_line.html", "small, as in a chat")
def line() -> Context:
    return {"post": post(), "thread": thread(), "stands": {1}}


@specimen("posts/_line.html", "withdrawn")
def line_withdrawn() -> Context:
    return {"post": post(state="deleted"), "thread": None, "stands": set()}


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
    form = EditForm.blank(body=either(*DIARY), version=1)
    return {"post": post(), "form": form, "poll": None, "viewer": as_viewer(lin())}


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


@specimen("posts/_foot.html", "a poll in which this parent has voted")
def foot() -> Context:
    return {**under(poll(), ""), "own": "2", "own_of": Own.of}


@specimen("posts/_foot.html", "a must-read post that was not read yet")
def foot_to_read() -> Context:
    return {**under(post(must_read=True), ""), "own": "", "own_of": Own.of}


@specimen("posts/_poll.html", "results are seen by those who have voted")
def poll_veiled() -> Context:
    asked = poll()
    assert asked.poll is not None
    asked.poll.veiled = True
    return {**under(asked, ""), "done": Own()}


@specimen("posts/_read.html")
def read_count() -> Context:
    return {"post": post(must_read=True), "foot": Foot(12, 30)}


@specimen("posts/_readers.html", "one has read it, one has not")
def readers() -> Context:
    done = Page([Reader(1, deng().name, deng().title, ago(minutes=20))], None)
    waiting = Page([Reader(2, fang().name, fang().title, None)], None)
    return {"post": post(must_read=True), "lists": Reading(waiting, done)}


@specimen("posts/_later.html")
def later() -> Context:
    return {"post": post(state="scheduled", publish_at=clock.now()), "viewer": as_viewer(lin())}


@specimen("posts/_more.html", "to a moderator who may post in a further circle")
def more() -> Context:
    further = [circle("internal", id=2)]
    given: Context = {"form": PostForm.blank(), "circle": circle(), "further": further, "moderates": True}
    return {**given, "viewer": as_viewer(lin())}


@specimen("posts/_poll_fields.html", "empty")
def poll_fields() -> Context:
    return {"form": PostForm.blank()}


@specimen("posts/_must_line.html", "two wait")
def must_line() -> Context:
    return {"header": header(), "figures": {"unread": 2}}
