"""Posts that name me or are for everybody's eyes, what became of mine, and what waits for my decision."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.circles.events import RoleChanged
from webapp.feed.events import CardChanged, CardPublished
from webapp.inbox.actions import Thing, keep_people, lines_of, tell, tell_again, withdraw
from webapp.inbox.audience import among, moderators, person_target, readers
from webapp.inbox.kinds import in_circle, kind, moderates, seen, to_card, to_circle
from webapp.inbox.models import InboxLine
from webapp.kit.db import db
from webapp.kit.events import on
from webapp.kit.i18n import N_
from webapp.posts.events import PostDecided, PostSubmitted, PostTakenDown
from webapp.posts.models import Post
from webapp.posts.policy import Rule

_readable = seen(Post, InboxLine.item_id, Rule.POST_READ)
_body = sa.select(Post.body).where(Post.id == InboxLine.item_id).scalar_subquery()
_reason = sa.select(Post.reason).where(Post.id == InboxLine.item_id).scalar_subquery()

kind(
    "mention_post",
    words=N_("{who} mentioned you in {place}"),
    symbol="comment",
    chip="mention",
    address=to_card,
    see=_readable,
    quote=_body,
)
kind(
    "announced",
    words=N_("{who} has something for everybody in {place}"),
    symbol="notice",
    chip="other",
    address=to_card,
    see=_readable,
    quote=_body,
    mutable=True,
)
kind(
    "approved",
    words=N_("Your post is in {place} now"),
    symbol="check",
    chip="other",
    address=to_card,
    see=_readable,
    quote=_body,
)
kind(
    "refused",
    words=N_("Your post was not let into {place}"),
    symbol="undo",
    chip="other",
    address=to_card,
    see=_readable,
    quote=_reason,
)
kind(
    "hidden",
    words=N_("Your post in {place} was hidden"),
    symbol="eye",
    chip="other",
    address=to_circle,
    see=in_circle,
    quote=_reason,
)
kind(
    "waiting",
    words=N_("{who} would like to post in {place}"),
    symbol="clock",
    chip="other",
    address=lambda line: f"/circles/{line.circle_id}/waiting",
    see=moderates,
    quote=_body,
    waits=True,
)


# ---- posts that stand in a circle --------------------------------------------------------------------------
@on(CardPublished)
def post_published(fact: CardPublished) -> None:
    """One line a person for one post, whichever way it comes and however often."""
    if fact.kind != "post":
        return
    post = db.session.get_one(Post, fact.item_id)
    _tell_named(post, fact.circle_id)
    if fact.notify:
        muting = [f"circle-{fact.circle_id}", person_target(fact.author_id)]
        tell(_thing("announced", post, fact.circle_id), among(readers(fact.circle_id), [fact.author_id], muting))


@on(CardChanged)
def post_changed(fact: CardChanged) -> None:
    """Who is named only now is told now; who is named no longer has nothing to open."""
    if fact.kind == "post":
        post = db.session.get_one(Post, fact.item_id)
        named = _tell_named(post, post.circle_id)
        subject = InboxLine.subject == f"post-{post.id}"
        withdraw(subject, InboxLine.kind == "mention_post", InboxLine.identity_id.not_in(named))


def _tell_named(post: Post, circle_id: int) -> list[int]:
    """Whom the post names. A message that is kept has told them in its group."""
    if post.message_id is not None or not post.mentions:
        return []
    named = among(readers(circle_id, [number for _name, number in post.mentions]), [post.author_id])
    tell(_thing("mention_post", post, circle_id), named)
    return named


def _thing(name: str, post: Post, circle_id: int) -> Thing:
    subject = f"post-{post.id}"
    return Thing(name, subject, subject, post.id, circle_id, people=[post.author_id])


# ---- moderation --------------------------------------------------------------------------------------------
@on(PostSubmitted)
def post_submitted(fact: PostSubmitted) -> None:
    withdraw(InboxLine.subject == f"post-{fact.post_id}-state")
    thing = _waiting(fact.circle_id)
    tell_again(thing, among(moderators(fact.circle_id), [fact.author_id]))


@on(PostDecided)
def post_decided(fact: PostDecided) -> None:
    _settle(fact.circle_id)
    _tell_author(fact, "approved" if fact.published else "refused")


@on(PostTakenDown)
def post_taken_down(fact: PostTakenDown) -> None:
    """Of a post that its author deleted nothing is left; of one that was hidden, the reason."""
    _settle(fact.circle_id)
    withdraw(InboxLine.about == f"post-{fact.post_id}")
    if fact.by_id != fact.author_id:
        _tell_author(fact, "hidden")


@on(RoleChanged)
def moderator_changed(fact: RoleChanged) -> None:
    """Who decides from now on has what waits; who decides no longer has not."""
    thing, deciding = _waiting(fact.circle_id), moderators(fact.circle_id)
    withdraw(InboxLine.subject == thing.subject, InboxLine.identity_id.not_in(deciding))
    if thing.people:
        tell(thing, among(deciding, ()))


def _tell_author(fact: PostDecided | PostTakenDown, state: str) -> None:
    subject = f"post-{fact.post_id}-state"
    thing = Thing(state, subject, f"post-{fact.post_id}", fact.post_id, fact.circle_id)
    tell_again(thing, among(readers(fact.circle_id, [fact.author_id]), ()))


def _waiting(circle_id: int) -> Thing:
    """Whose posts wait in the circle, the latest last."""
    newest = sa.func.max(Post.id)
    rows = sa.select(Post.author_id, newest).where(Post.circle_id == circle_id, Post.state == "waiting")
    found = db.session.execute(rows.group_by(Post.author_id).order_by(newest)).all()
    latest = found[-1][1] if found else 0
    people = [author for author, _post in found]
    return Thing("waiting", f"waiting-{circle_id}", item_id=latest, circle_id=circle_id, people=people)


def _settle(circle_id: int) -> None:
    thing = _waiting(circle_id)
    for line in lines_of(InboxLine.subject == thing.subject):
        keep_people(line, thing.people, thing.item_id)
