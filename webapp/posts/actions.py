"""The only writers of posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from werkzeug.exceptions import Conflict

from webapp.accounts.models import Identity
from webapp.circles.events import Moderated
from webapp.circles.kinds import KINDS
from webapp.circles.models import Circle
from webapp.circles.policy import Rule as CircleRule
from webapp.circles.policy import reviewed
from webapp.feed.actions import card_changed, publish_card, restore_card, withdraw_card
from webapp.feed.mentions import found_in
from webapp.groups.events import MessageKept
from webapp.kit import clock, jobs, text, throttle
from webapp.kit.db import db, lock, put
from webapp.kit.events import emit_fact
from webapp.kit.i18n import N_
from webapp.kit.policy import Viewer, can
from webapp.kit.push import say_poke
from webapp.posts.drafts import drop_draft
from webapp.posts.events import PostApproved, PostDeleted, PostHidden, PostRefused, PostWaits
from webapp.posts.models import Post, PostEdit, PostPlace, PostTopic
from webapp.posts.policy import LATER
from webapp.posts.polls import PollWanted, make_poll
from webapp.posts.standing import stand_in, stands_of

TOPICS = 10  # of one post
JOB = "posts.publish"


class Decided(Conflict):
    """Somebody else decided about this post meanwhile."""

    own_words = True
    description = N_("This post was decided already. Look at what became of it.")


class Rewritten(Conflict):
    """The text is not the one that was looked at."""

    own_words = True
    description = N_("The author changed the text meanwhile. Read it again, then decide.")


@dataclass(frozen=True)
class Extra:
    """What stands under "More" in the composer."""

    publish_at: datetime | None = None
    must_read: bool = False  # only of who moderates the circle
    poll: PollWanted | None = None
    circles: tuple[int, ...] = ()  # further ones, in which the author may post too


def publish_post(
    viewer: Viewer, circle: Circle, body: str, client_id: str, notify: bool = False, extra: Extra | None = None
) -> Post:
    """Post into a circle; sent twice, posted once. Where the viewer's posts are reviewed it waits, and a post for
    later stays with its author until then. What was begun there is not a draft any more."""
    sent = sa.select(Post).where(Post.author_id == viewer.identity_id, Post.client_id == client_id)
    if (known := db.session.scalar(sent)) is not None:
        return known
    throttle.calm(viewer.person_id)
    extra = extra or Extra()
    post = put(
        Post(
            circle_id=circle.id,
            author_id=viewer.identity_id,
            body=body,
            client_id=client_id,
            notify=notify,
            publish_at=extra.publish_at,
            must_read=extra.must_read,
            mentions=found_in((circle.id, *extra.circles), body),
            state="scheduled" if extra.publish_at else first_state(viewer, circle.id),
        )
    )
    _note_topics(post)
    drop_draft(viewer, circle.id)
    if extra.poll is not None:
        make_poll(post, extra.poll)
    for circle_id in extra.circles:
        state = "scheduled" if extra.publish_at else first_state(viewer, circle_id)
        put(PostPlace(post_id=post.id, circle_id=circle_id, state=state))
    if post.publish_at is None:
        _enter(post)
    else:
        plan(post)
    return post


def plan(post: Post) -> None:
    """Let it out when its time comes. A time that was changed leaves its job behind, which then finds nothing due."""
    assert post.publish_at is not None
    jobs.enqueue(JOB, {"post_id": post.id}, f"{JOB}:{post.id}:{post.publish_at:%Y%m%d%H%M%S}", post.publish_at)
    waiting_moved(post, post.circle_id)


def publish_kept(fact: MessageKept) -> None:
    """A group's message as a post of its author; kept once in each circle, and it waits for nobody."""
    known = sa.select(Post.id).where(Post.message_id == fact.message_id, Post.circle_id == fact.circle_id)
    if db.session.scalar(known) is not None:
        return
    post = put(
        Post(
            circle_id=fact.circle_id,
            author_id=fact.author_id,
            body=fact.body,
            client_id=f"kept-{fact.message_id}-{fact.circle_id}",
            mentions=found_in((fact.circle_id,), fact.body),
            message_id=fact.message_id,
            group_id=fact.group_id,
            kept_by=fact.by_id,
            state="published",
        )
    )
    _note_topics(post)
    _publish(post, db.session.get_one(Circle, fact.circle_id))


def first_state(viewer: Viewer, circle_id: int) -> str:
    """Whether what this viewer posts there waits first."""
    waits = sa.select(sa.exists().where(Circle.id == circle_id, reviewed(viewer)))
    return "waiting" if db.session.scalar(waits) else "published"


def let_out(author: Viewer, post: Post) -> None:
    """A post that was kept for later: from here on as if it were posted now, in each circle where its author may."""
    for stand in stands_of(post):
        may = can(CircleRule.CIRCLE_POST, author, db.session.get_one(Circle, stand.circle_id))
        stand.state = first_state(author, stand.circle_id) if may else "held"
    db.session.flush()
    _enter(post)


def approve_post(viewer: Viewer, post: Post, version: int | None = None, circle_id: int | None = None) -> None:
    """Let a waiting post through (in a further circle, there); from here on it is as if it were posted now. `version`
    is of the text that was read. Raises Decided or Rewritten."""
    if version is not None and post.version != version:
        raise Rewritten
    stand = _decide(viewer, post, stand_in(post, circle_id), "published", "")
    if stand is post:
        post.at = clock.now()
    _publish(post, db.session.get_one(Circle, stand.circle_id))
    emit_fact(PostApproved(post.id, stand.circle_id, post.author_id, viewer.identity_id))
    _note(viewer, post, stand.circle_id, "approve")


def refuse_post(viewer: Viewer, post: Post, reason: str, circle_id: int | None = None) -> None:
    """Do not let it through, and say why. Raises Decided."""
    stand = _decide(viewer, post, stand_in(post, circle_id), "refused", reason)
    emit_fact(PostRefused(post.id, stand.circle_id, post.author_id, viewer.identity_id, reason))
    _note(viewer, post, stand.circle_id, "refuse", reason)


def edit_post(viewer: Viewer, post: Post, body: str, version: int) -> None:
    """Replace the text; the earlier one is kept. `version` is the one that was edited: raises Conflict when
    there is a newer one. A refused post waits again."""
    if post.version != version:
        raise Conflict
    everywhere = stands_of(post)
    refused = [stand for stand in everywhere if stand.state == "refused"]
    if post.body == body and not refused:
        return
    if post.state not in LATER:
        db.session.add(PostEdit(post_id=post.id, body=post.body))
        post.edited_at = clock.now()
    post.body, post.mentions = body, found_in([stand.circle_id for stand in everywhere], body)
    post.version += 1
    db.session.execute(sa.delete(PostTopic).where(PostTopic.post_id == post.id))
    _note_topics(post)
    for stand in refused:
        stand.state, stand.reason = "waiting", ""
    db.session.flush()
    if any(stand.state == "published" for stand in everywhere):
        card_changed("post", post.id)
    for stand in everywhere:
        if stand in refused:
            _waits(post, stand.circle_id)
        elif stand.state != "published":
            waiting_moved(post, stand.circle_id)


def delete_post(viewer: Viewer, post: Post) -> None:
    """Take back one's own post, everywhere."""
    everywhere = stands_of(post)
    stood = any(stand.state == "published" for stand in everywhere)
    waits = [stand.circle_id for stand in everywhere if stand.state != "published"]
    for circle_id in waits:
        waiting_moved(post, circle_id)
    post.state, post.decided_by = "deleted", viewer.identity_id
    db.session.flush()
    for stand in everywhere:
        emit_fact(PostDeleted(post.id, stand.circle_id, post.author_id))
    if stood:
        withdraw_card("post", post.id)


def hide_post(viewer: Viewer, post: Post, reason: str, circle_id: int | None = None) -> None:
    """Take down somebody's post in one circle, and say why."""
    stand = stand_in(post, circle_id)
    stand.state, stand.reason, stand.decided_by = "hidden", reason, viewer.identity_id
    db.session.flush()
    withdraw_card("post", post.id, stand.circle_id)
    emit_fact(PostHidden(post.id, stand.circle_id, post.author_id, viewer.identity_id, reason))
    _note(viewer, post, stand.circle_id, "hide", reason)


def _note(viewer: Viewer, post: Post, circle_id: int, act: str, reason: str = "") -> None:
    emit_fact(Moderated(circle_id, viewer.identity_id, act, post.author_id, "post", post.id, reason))


def _enter(post: Post) -> None:
    """In each of its circles it stands, or waits for the moderators."""
    for stand in stands_of(post):
        if stand.state == "waiting":
            _waits(post, stand.circle_id)
        elif stand.state == "published":
            _publish(post, db.session.get_one(Circle, stand.circle_id))


def restore_post(viewer: Viewer, post: Post, circle_id: int | None = None) -> None:
    """Let a hidden post stand again in the circle that hid it."""
    stand = stand_in(post, circle_id)
    stand.state, stand.reason, stand.decided_by = "published", "", viewer.identity_id
    db.session.flush()
    restore_card("post", post.id, stand.circle_id)
    waiting_moved(post, stand.circle_id)
    _note(viewer, post, stand.circle_id, "restore")


def _publish(post: Post, circle: Circle) -> None:
    author = db.session.get_one(Identity, post.author_id)
    teaching = author.teaches and KINDS[circle.kind].admits == "roster"
    publish_card(circle.id, "post", post.id, post.author_id, notify=post.notify, teaching=teaching)


def _decide(viewer: Viewer, post: Post, stand: Post | PostPlace, state: str, reason: str) -> Post | PostPlace:
    lock(stand)
    if stand.state != "waiting" or post.state == "deleted":
        raise Decided
    stand.state, stand.reason, stand.decided_by = state, reason, viewer.identity_id
    waiting_moved(post, stand.circle_id)
    return stand


def _waits(post: Post, circle_id: int) -> None:
    waiting_moved(post, circle_id)
    emit_fact(PostWaits(post.id, circle_id, post.author_id))


def waiting_moved(post: Post, circle_id: int) -> None:
    """The line above the feed, of moderators and of the author, is out of date. What only its author knows of is said
    to nobody else."""
    db.session.flush()
    topic = f"viewer-{post.author_id}" if post.state in LATER else f"circle-{circle_id}"
    say_poke(topic, f"waiting-{circle_id}")


def _note_topics(post: Post) -> None:
    named = {text.folded(name)[:40]: name[:40] for name in text.topics_in(post.body)[:TOPICS]}
    for key, name in named.items():
        db.session.add(PostTopic(post_id=post.id, key=key, name=name, circle_id=post.circle_id))
    db.session.flush()
