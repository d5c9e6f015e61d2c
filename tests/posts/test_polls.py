"""Polls in a post: people are counted, votes may change until it closes, anonymous means nobody sees who."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tests.posts.acting import post_as
from tests.posts.test_later import wall, work
from webapp.feed.models import Thread
from webapp.groups.models import Message
from webapp.kit import clock
from webapp.kit.db import db, write
from webapp.kit.outbox import Outbox
from webapp.posts.models import Poll, PollVote, Post
from webapp.posts.polls import PollWanted

PATHS = ("The boardwalk", "The mud path", "The lawn")
HOUR = timedelta(hours=1)


@pytest.fixture
def make(world):
    """A poll of Teacher Tang's in the class circle."""
    return lambda **more: post_as(world, "tang", "class", "Which path?", poll=PollWanted(PATHS, **more))


@pytest.fixture
def here(world) -> str:
    return f"/circles/{world.circles['class']}"


def votes() -> list[tuple[int, int]]:
    db.session.rollback()
    return sorted(tuple(row) for row in db.session.execute(sa.select(PollVote.identity_id, PollVote.option)))


def choose(person, post: int, option: int, **more):
    return person.post(f"/posts/{post}/votes", option=option, **more)


def test_it_is_written_in_the_composer(as_, here):
    closes = wall(clock.now() + HOUR)
    form = {
        "body": "Which path?",
        "option": [" The boardwalk", "", "The mud path"],
        "anonymous": "1",
        "closes_at": closes,
    }
    assert as_("tang").post(f"{here}/posts", **form).status_code == 303
    poll = db.session.scalars(sa.select(Poll)).one()
    assert poll.options == ["The boardwalk", "The mud path"]
    assert (poll.anonymous, poll.multiple, poll.veiled, wall(poll.closes_at)) == (True, False, False, closes)
    assert "The mud path" in as_("pan").get(here).text


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["Only one"], "2 to 10 options"),
        ([f"Option {n}" for n in range(11)], "2 to 10 options"),
        (["Same", " same "], "are the same"),
        (["a" * 81, "b"], "at most 80 characters"),
    ],
)
def test_options_that_cannot_be_are_refused_beside_them_and_kept(as_, here, options, reason):
    answer = as_("tang").post(f"{here}/posts", body="Which path?", option=options)
    assert answer.status_code == 422
    assert reason in answer.text and options[0].strip() in answer.text and "Which path?</textarea>" in answer.text


def test_it_cannot_close_before_it_is_published(as_, here):
    form = {"option": list(PATHS), "publish_at": wall(clock.now() + 2 * HOUR), "closes_at": wall(clock.now() + HOUR)}
    answer = as_("tang").post(f"{here}/posts", body="Which path?", **form)
    assert answer.status_code == 422 and "close before it is published" in answer.text


def test_more_options_are_a_button_away_and_what_was_typed_stays(as_, here):
    answer = as_("tang").post(f"{here}/posts", body="Which?", option=["a", "b", "c", "d"], more="1").text
    assert answer.count('name="option"') == 6 and 'value="d"' in answer


def test_one_votes_once_and_may_change_it(as_, world, make):
    post, pan = make(), world.identities["pan"]
    assert choose(as_("pan"), post, 1).location == f"/posts/{post}#foot-post-{post}"
    choose(as_("pan"), post, 1)
    assert votes() == [(pan, 1)]
    choose(as_("pan"), post, 2)
    assert votes() == [(pan, 2)]
    choose(as_("shen"), post, 2)
    assert "2 people voted" in as_("lei").get(f"/posts/{post}").text


def test_of_several_answers_people_are_counted_not_ticks(as_, world, make):
    post, pan = make(multiple=True), world.identities["pan"]
    for option in (1, 2, 3):
        choose(as_("pan"), post, option)
    assert votes() == [(pan, 1), (pan, 2), (pan, 3)]
    assert "1 person voted" in as_("lei").get(f"/posts/{post}").text
    choose(as_("pan"), post, 2)
    assert votes() == [(pan, 1), (pan, 3)]


def test_two_workers_cannot_note_one_vote_twice(world, make):
    post, who = make(), world.identities["pan"]
    with pytest.raises(IntegrityError), write():
        for _ in range(2):
            db.session.execute(sa.insert(PollVote).values(post_id=post, identity_id=who, option=1, at=clock.now()))


def test_htmx_answers_the_foot_and_open_pages_ask_for_their_own(as_, here, make):
    post = make()
    as_("lei").get(here)
    answer = choose(as_("pan"), post, 2, htmx=True).text
    assert answer.strip().startswith(f'<div id="foot-post-{post}"') and 'value="2" aria-pressed="true"' in answer
    db.session.rollback()
    assert f"foot-post-{post}" in [row.payload.get("data") for row in db.session.scalars(sa.select(Outbox))]
    pressed = 'value="2" aria-pressed="true"'
    assert pressed in as_("pan").get(here).text and pressed in as_("pan").get(f"/posts/{post}/foot", htmx=True).text
    assert pressed not in as_("lei").get(here).text and "1 person voted" in as_("lei").get(here).text


def test_results_may_be_only_for_those_who_have_voted(app, as_, here, make):
    post = make(veiled=True, closes_at=clock.now() + HOUR)
    choose(as_("shen"), post, 2)
    assert "<progress" in as_("shen").get(here).text and "<progress" in as_("tang").get(here).text
    assert "<progress" not in as_("pan").get(here).text and "<progress" not in as_("lei").get(f"/posts/{post}").text
    assert as_("pan").get(f"/posts/{post}/voters").status_code == 403
    work(app, clock.now() + 2 * HOUR)
    with clock.at(clock.now() + 2 * HOUR):
        assert "<progress" in as_("pan").get(here).text
        assert as_("pan").get(f"/posts/{post}/voters").status_code == 200


def test_a_closed_poll_takes_no_vote_and_pages_are_drawn_anew(app, as_, here, make):
    post = make(closes_at=clock.now() + HOUR)
    assert "disabled" not in as_("pan").get(here).text
    before = db.session.scalars(sa.select(Thread.version)).one()
    with clock.at(clock.now() + 2 * HOUR):
        answer = choose(as_("pan"), post, 1)
        assert (answer.status_code, votes()) == (409, [])
        assert "not counted" in answer.text
    work(app, clock.now() + 2 * HOUR)
    assert db.session.scalars(sa.select(Thread.version)).one() > before
    with clock.at(clock.now() + 2 * HOUR):
        assert "disabled" in as_("pan").get(here).text


def test_with_names_one_sees_who_and_anonymous_means_nobody(as_, make):
    named, hidden = make(), make(anonymous=True)
    for post in (named, hidden):
        choose(as_("shen"), post, 2)
    assert "Student Shen" in as_("pan").get(f"/posts/{named}/voters").text
    for who in ("tang", "lei", "pan", "shen"):
        assert as_(who).get(f"/posts/{hidden}/voters").status_code == 403
        assert "Student Shen" not in as_(who).get(f"/posts/{hidden}/foot", htmx=True).text


def test_it_can_be_changed_until_somebody_has_voted(as_, make):
    post, tang = make(), as_("tang")
    form = {"body": "Which path?", "version": "1", "option": ["North", "South"]}
    assert 'value="The lawn"' in tang.get(f"/posts/{post}/edit").text
    assert as_("lei").post(f"/posts/{post}/edit", **form).status_code == 403
    assert tang.post(f"/posts/{post}/edit", **form).status_code == 303
    assert db.session.get_one(Poll, post).options == ["North", "South"]
    choose(as_("pan"), post, 1)
    assert 'name="option"' not in tang.get(f"/posts/{post}/edit").text
    tang.post(f"/posts/{post}/edit", **{**form, "option": ["East", "West"]})
    db.session.rollback()
    db.session.expire_all()
    assert db.session.get_one(Poll, post).options == ["North", "South"]


@pytest.mark.parametrize("option", [0, 4, -1, 10**12])
def test_an_option_that_there_is_not_takes_no_vote(as_, make, option):
    assert choose(as_("pan"), make(), option).status_code == 400
    assert votes() == []


def test_who_is_no_member_or_is_muted_does_not_vote(as_, world, make):
    post = make()
    assert choose(as_("ou"), post, 1).status_code == 404
    with write():
        muted = sa.text("UPDATE membership SET muted_until = :then WHERE identity_id = :who")
        db.session.execute(muted.bindparams(then=clock.now() + HOUR, who=world.identities["pan"]))
    assert choose(as_("pan"), post, 1).status_code == 403
    plain = post_as(world, "tang", "class", "No poll")
    assert choose(as_("lei"), plain, 1).status_code == 403
    assert votes() == []


def test_the_card_in_the_group_says_what_is_asked(as_, world):
    post = post_as(world, "tang", "class", "Which path?", notify=True, poll=PollWanted(PATHS))
    card = db.session.scalars(sa.select(Message).where(Message.item_id == post)).one()
    page = as_("pan").get(f"/groups/{world.groups['parents']}").text
    assert f'<a href="/messages/{card.id}/open">Poll: Which path?</a>' in page


def test_a_deleted_poll_is_closed_to_all(as_, make):
    post = make()
    as_("tang").post(f"/posts/{post}/delete")
    assert db.session.get_one(Post, post).state == "deleted"
    assert choose(as_("pan"), post, 1).status_code == 404
