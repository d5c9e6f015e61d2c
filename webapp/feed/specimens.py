"""Specimens of the feed: rows, comments, reactions; and the sample thread of the capabilities above."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup

from webapp.accounts.models import Identity
from webapp.accounts.specimens import as_viewer, deng, lin, zimo
from webapp.circles.specimens import header, member
from webapp.feed.forms import CommentForm, ReasonForm
from webapp.feed.models import Comment, FeedRow, Thread
from webapp.feed.talk import Said
from webapp.kit import clock
from webapp.kit.gallery import Context, either, macro, specimen


def ago(**time: float) -> datetime:
    return clock.now() - timedelta(**time)


def thread(comments: int = 2, **changes: Any) -> Thread:
    """Of the teacher's post."""
    row = {"id": 1, "kind": "post", "item_id": 1, "circle_id": 1, "author_id": lin().id, "teaching": False}
    return Thread(**{**row, "comments": comments, "reactions": {"like": 6, "laugh": 2}, **changes})


def row(**changes: Any) -> FeedRow:
    given = {"id": 1, "circle_id": 1, "kind": "post", "item_id": 1, "author_id": lin().id, "number": 12}
    return FeedRow(**{**given, "shown": True, "at": ago(hours=1), **changes})


def said(number: int, who: Identity, zh: str, en: str, **changes: Any) -> Said:
    comment = {"id": number, "thread_id": 1, "author_id": who.id, "author": who, "body": either(zh, en)}
    return Said(Comment(**{**comment, "mentions": [], "reason": "", "at": ago(minutes=30), **changes}), 1)


def bean() -> Said:
    return said(1, deng(), "袜子现在在我的抽屉里。", "The socks now live in my drawer.")


def answer() -> Said:
    return said(2, zimo(), "袜子也支持科学。", "Socks support science too.", parent_id=1)


def drawn_row(body: Markup, **changes: Any) -> Context:
    """What a row of a feed is drawn from; the card's capability brings the body."""
    given: Context = {"row": row(), "thread": thread(), "mood": "like", "signal": None, "address": "/posts/1"}
    return {**given, "mine": False, "may_react": True, "body": body, "viewer": as_viewer(deng()), **changes}


def _card() -> Markup:
    return Markup("<p>%s</p>") % either(
        "卡片的正文由它自己的能力画。", "The body of a card is drawn by its capability."
    )


@macro("feed/macros.html", "who", "{{ who(author, company) }}")
def who() -> Context:
    return {"author": lin(), "company": either("街角文具", "Corner Shop")}


@macro("feed/macros.html", "disc", '{{ disc(author) }} {{ disc(pupil, " s") }}', "a teacher; a pupil, small")
def disc() -> Context:
    return {"author": lin(), "pupil": zimo()}


@macro("feed/macros.html", "moment", "{{ moment(at) }}")
def moment() -> Context:
    return {"at": ago(days=1)}


@specimen("feed/_counts.html", "reactions and comments")
def counts() -> Context:
    return {"thread": thread()}


@specimen("feed/_counts.html", "nothing was said yet")
def no_counts() -> Context:
    return {"thread": thread(0, reactions={})}


@specimen("feed/_acts.html", "to a parent, below a teacher’s card")
def acts() -> Context:
    asked = {"thread": thread(teaching=True), "mood": "hug", "signal": "got", "mine": False, "may_react": True}
    return {**asked, "address": "/posts/1", "viewer": as_viewer(deng())}


@specimen("feed/_acts.html", "to somebody who may only read")
def acts_to_read() -> Context:
    asked = {"thread": thread(), "mood": None, "signal": None, "mine": False, "may_react": False}
    return {**asked, "address": "/posts/1", "viewer": as_viewer(deng())}


@specimen("feed/_row.html", "pinned")
def feed_row() -> Context:
    return drawn_row(_card(), row=row(pinned_at=ago(days=1)), says=[bean(), answer()])


@specimen("feed/_row.html", "nothing was said yet, to somebody who may only read")
def feed_row_to_read() -> Context:
    return drawn_row(_card(), thread=thread(0, reactions={}), says=(), may_react=False)


@specimen("feed/_comment.html", "with a reply")
def comment() -> Context:
    return {"said": Said(bean().comment, 1, [answer()])}


@specimen("feed/_said.html", "hidden by a moderator")
def said_hidden() -> Context:
    reason = either("名字请不要写出来", "Please name no names")
    return {"said": said(3, deng(), "", "", deleted_at=ago(minutes=5), reason=reason)}


@specimen("feed/_said.html", "as it was said")
def said_plain() -> Context:
    return {"said": said(4, lin(), "这句很好，我现在看见它了。", "That is a good one. Now I can see it.")}


@specimen("feed/_comment_form.html", "empty")
def comment_form() -> Context:
    return {"thread": thread(), "form": None, "parent": None, "address": "/posts/1", "viewer": as_viewer(deng())}


@specimen("feed/_comment_form.html", "a reply that was sent empty")
def comment_form_wrong() -> Context:
    form = CommentForm.blank(body="")
    form.validate()
    return {"thread": thread(), "form": form, "parent": bean(), "address": "/posts/1", "viewer": as_viewer(lin())}


@specimen("feed/_comment_menu.html", "to its author, who moderates", within="list menu")
def comment_menu() -> Context:
    may = {"may_delete": True, "may_hide": True}
    return {"said": bean(), **may, "address": "/posts/1", "viewer": as_viewer(deng())}


@specimen("feed/_moods.html", "one was given", within="list menu")
def moods() -> Context:
    return {"mood": "laugh"}


@specimen("feed/_reason_form.html", "sent without a reason")
def reason_form() -> Context:
    form = ReasonForm.blank(reason="")
    form.validate()
    words = either("隐藏这条评论", "Hide this comment")
    return {"url": "/comments/1/hide", "words": words, "form": form, "viewer": as_viewer(lin())}


@specimen("feed/_welcome.html", "two pinned posts, and a past that begins last week")
def welcome() -> Context:
    mine = member(1, deng(), "parent", sees_from=ago(days=7))
    return {"header": header(membership=mine), "figures": {"pinned": 2}}
