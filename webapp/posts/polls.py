"""Polls: made with their post, voted in until they close. People are counted, not ticks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.exceptions import BadRequest, Conflict

from webapp.accounts.models import Identity, Person
from webapp.feed.actions import foot_moved
from webapp.kit import jobs
from webapp.kit.db import db, load, lock
from webapp.kit.i18n import N_
from webapp.kit.policy import Viewer
from webapp.posts.models import Poll, PollVote, Post

JOB = "posts.poll.closed"
NAMES = 500  # votes shown with names


class PollClosed(Conflict):
    own_words = True
    description = N_("This poll is closed. Your vote was not counted.")


class PollBegun(Conflict):
    own_words = True
    description = N_("Somebody has voted meanwhile, so the poll stays as it is.")


@dataclass(frozen=True)
class PollWanted:
    """A poll as its author wants it."""

    options: tuple[str, ...]
    multiple: bool = False
    anonymous: bool = False
    veiled: bool = False
    closes_at: datetime | None = None


def make_poll(post: Post, wanted: PollWanted) -> None:
    db.session.add(_set(Poll(post_id=post.id), wanted))
    db.session.flush()
    _plan(post.id, wanted)


def change_poll(post: Post, wanted: PollWanted) -> None:
    """Another poll, as long as nobody has voted. Raises PollBegun."""
    poll = lock(db.session.get_one(Poll, post.id))
    if wanted == _as_wanted(poll):
        return
    if has_votes(post.id):
        raise PollBegun
    _set(poll, wanted)
    _plan(post.id, wanted)
    foot_moved("post", post.id)


def has_votes(post_id: int) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(PollVote.post_id == post_id))))


def vote(viewer: Viewer, post: Post, option: int) -> None:
    """Vote for an option: the only one, or one more; the same one again in a poll of several takes it back. Raises
    PollClosed."""
    poll = lock(db.session.get_one(Poll, post.id))
    if poll.closed:
        raise PollClosed
    if not 1 <= option <= len(poll.options):
        raise BadRequest
    own = PollVote.post_id == post.id, PollVote.identity_id == viewer.identity_id
    before = set(db.session.scalars(sa.select(PollVote.option).where(*own)))
    if before == {option} and not poll.multiple:
        return
    gone = before & {option} if poll.multiple else before
    db.session.execute(sa.delete(PollVote).where(*own, PollVote.option.in_(gone)))
    if not (poll.multiple and gone):
        db.session.add(PollVote(post_id=post.id, identity_id=viewer.identity_id, option=option))
    db.session.flush()
    foot_moved("post", post.id)


@jobs.job(JOB)
def poll_closed(payload: dict[str, Any]) -> None:
    """Its time is over: pages that show it are drawn anew."""
    poll = load(Poll, payload["post_id"])
    if poll is not None and poll.closed:
        foot_moved("post", poll.post_id)


def votes_by_name(post: Post) -> dict[int, list[str]]:
    """Who voted for what, of a poll with names."""
    assert post.poll is not None and not post.poll.anonymous
    rows = db.session.execute(
        sa.select(PollVote.option, Person.name)
        .join(Identity, Identity.id == PollVote.identity_id)
        .join(Person, Person.id == Identity.person_id)
        .where(PollVote.post_id == post.id)
        .order_by(PollVote.option, PollVote.at)
        .limit(NAMES)
    )
    found: dict[int, list[str]] = {}
    for option, name in rows:
        found.setdefault(option, []).append(name)
    return found


def _set(poll: Poll, wanted: PollWanted) -> Poll:
    poll.options, poll.multiple, poll.anonymous = list(wanted.options), wanted.multiple, wanted.anonymous
    poll.veiled, poll.closes_at = wanted.veiled, wanted.closes_at
    return poll


def _plan(post_id: int, wanted: PollWanted) -> None:
    """Pages that show it are drawn anew when its time is over."""
    if wanted.closes_at is not None:
        key = f"{JOB}:{post_id}:{wanted.closes_at:%Y%m%d%H%M%S}"
        jobs.enqueue(JOB, {"post_id": post_id}, key, wanted.closes_at)


def _as_wanted(poll: Poll) -> PollWanted:
    return PollWanted(tuple(poll.options), poll.multiple, poll.anonymous, poll.veiled, poll.closes_at)
