"""The only writers of posts."""

from __future__ import annotations

import sqlalchemy as sa
from werkzeug.exceptions import Conflict

from webapp.accounts.models import Identity
from webapp.circles.events import Moderated
from webapp.circles.kinds import KINDS
from webapp.circles.models import Circle
from webapp.feed.actions import card_changed, publish_card, restore_card, withdraw_card
from webapp.feed.mentions import found_in
from webapp.groups.events import MessageKept
from webapp.kit import clock, text, throttle
from webapp.kit.db import db, lock, put
from webapp.kit.events import emit_fact
from webapp.kit.i18n import N_
from webapp.kit.policy import Viewer
from webapp.kit.push import say_poke
from webapp.posts.events import PostDecided, PostSubmitted, PostTakenDown
from webapp.posts.models import Post, PostEdit, PostTopic
from webapp.posts.policy import reviewed

TOPICS = 10  # of one post


class Decided(Conflict):
    """Somebody else decided about this post meanwhile."""

    own_words = True
    description = N_("This post was decided already. Look at what became of it.")


class Rewritten(Conflict):
    """The text is not the one that was looked at."""

    own_words = True
    description = N_("The author changed the text meanwhile. Read it again, then decide.")


def publish_post(viewer: Viewer, circle: Circle, body: str, client_id: str, notify: bool = False) -> Post:
    """Post into a circle; sent twice, posted once. Where the viewer's posts are reviewed it waits."""
    sent = sa.select(Post).where(Post.author_id == viewer.identity_id, Post.client_id == client_id)
    if (known := db.session.scalar(sent)) is not None:
        return known
    throttle.calm(viewer.person_id)
    waits = db.session.scalar(sa.select(sa.exists().where(Circle.id == circle.id, reviewed(viewer))))
    post = put(
        Post(
            circle_id=circle.id,
            author_id=viewer.identity_id,
            body=body,
            client_id=client_id,
            notify=notify,
            mentions=found_in(circle.id, body),
            state="waiting" if waits else "published",
        )
    )
    _note_topics(post)
    if waits:
        _submit(post)
    else:
        _publish(post, circle)
    return post


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
            mentions=found_in(fact.circle_id, fact.body),
            message_id=fact.message_id,
            group_id=fact.group_id,
            kept_by=fact.by_id,
            state="published",
        )
    )
    _note_topics(post)
    _publish(post, db.session.get_one(Circle, fact.circle_id))


def approve_post(viewer: Viewer, post: Post, version: int | None = None) -> None:
    """Let a waiting post through; from here on it is as if it were posted now. `version` is of the text that
    was read. Raises Decided or Rewritten."""
    if version is not None and post.version != version:
        raise Rewritten
    _decide(viewer, post, "published", "")
    post.at = clock.now()
    _publish(post, db.session.get_one(Circle, post.circle_id))
    _note(viewer, post, "approve")


def refuse_post(viewer: Viewer, post: Post, reason: str) -> None:
    """Do not let it through, and say why. Raises Decided."""
    _decide(viewer, post, "refused", reason)
    _note(viewer, post, "refuse", reason)


def edit_post(viewer: Viewer, post: Post, body: str, version: int) -> None:
    """Replace the text; the earlier one is kept. `version` is the one that was edited: raises Conflict when
    there is a newer one. A refused post waits again."""
    if post.version != version:
        raise Conflict
    if post.body == body and post.state != "refused":
        return
    db.session.add(PostEdit(post_id=post.id, body=post.body))
    post.body, post.mentions = body, found_in(post.circle_id, body)
    post.version, post.edited_at = post.version + 1, clock.now()
    db.session.execute(sa.delete(PostTopic).where(PostTopic.post_id == post.id))
    _note_topics(post)
    db.session.flush()
    if post.state == "published":
        card_changed("post", post.id)
    elif post.state == "refused":
        post.state, post.reason = "waiting", ""
        _submit(post)
    else:
        _waiting_moved(post)


def delete_post(viewer: Viewer, post: Post) -> None:
    """Take back one's own post."""
    _take_down(viewer, post, "deleted", "")


def hide_post(viewer: Viewer, post: Post, reason: str) -> None:
    """Take down somebody's post, and say why."""
    _take_down(viewer, post, "hidden", reason)
    _note(viewer, post, "hide", reason)


def _note(viewer: Viewer, post: Post, act: str, reason: str = "") -> None:
    emit_fact(Moderated(post.circle_id, viewer.identity_id, act, post.author_id, "post", post.id, reason))


def restore_post(viewer: Viewer, post: Post) -> None:
    """Let a hidden post stand again, where it stood."""
    post.state, post.reason, post.decided_by = "published", "", viewer.identity_id
    db.session.flush()
    restore_card("post", post.id)
    _waiting_moved(post)
    _note(viewer, post, "restore")


def _publish(post: Post, circle: Circle) -> None:
    author = db.session.get_one(Identity, post.author_id)
    teaching = author.teaches and KINDS[circle.kind].admits == "roster"
    publish_card(circle.id, "post", post.id, post.author_id, notify=post.notify, teaching=teaching)


def _decide(viewer: Viewer, post: Post, state: str, reason: str) -> None:
    lock(post)
    if post.state != "waiting":
        raise Decided
    post.state, post.reason, post.decided_by = state, reason, viewer.identity_id
    _waiting_moved(post)
    emit_fact(PostDecided(post.id, post.circle_id, post.author_id, viewer.identity_id, state == "published"))


def _take_down(viewer: Viewer, post: Post, state: str, reason: str) -> None:
    stood = post.state == "published"
    post.state, post.reason, post.decided_by = state, reason, viewer.identity_id
    db.session.flush()
    if stood:
        withdraw_card("post", post.id)
    _waiting_moved(post)
    emit_fact(PostTakenDown(post.id, post.circle_id, post.author_id, viewer.identity_id))


def _submit(post: Post) -> None:
    _waiting_moved(post)
    emit_fact(PostSubmitted(post.id, post.circle_id, post.author_id))


def _waiting_moved(post: Post) -> None:
    """The line above the feed, of moderators and of the author, is out of date."""
    db.session.flush()
    say_poke(f"circle-{post.circle_id}", f"waiting-{post.circle_id}")


def _note_topics(post: Post) -> None:
    named = {text.folded(name)[:40]: name[:40] for name in text.topics_in(post.body)[:TOPICS]}
    for key, name in named.items():
        db.session.add(PostTopic(post_id=post.id, key=key, name=name, circle_id=post.circle_id))
    db.session.flush()
