"""Quiet hours and daily summaries: what waits, when it comes, and that nothing is lost."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.groups.saying import messages
from tests.groups.test_links import link_of, publish
from webapp.accounts.models import SignIn
from webapp.feed.actions import add_comment
from webapp.feed.models import Thread
from webapp.groups import summaries
from webapp.groups.models import HeldCard, Link
from webapp.kit import clock, jobs
from webapp.kit.db import db, load, write
from webapp.organisations.models import Organisation
from webapp.posts.actions import edit_post, hide_post
from webapp.posts.models import Post

EVENING = datetime(2026, 11, 24, 15, 30)  # 23:30 in Shanghai
MORNING = datetime(2026, 11, 24, 23, 0)  # 07:00 there
NOON = datetime(2026, 11, 24, 4, 0)
FIVE = datetime(2026, 11, 24, 9, 0)  # 17:00


@pytest.fixture(autouse=True)
def signed_in_for_long(world):
    with write():
        db.session.execute(sa.update(SignIn).values(stay=True, hard_until=datetime(2027, 1, 1), seen_at=EVENING))


def set_pace(world, pace, **hours):
    with write():
        link = link_of(world)
        link.push, link.pace = "all", pace
        for name, minute in hours.items():
            setattr(link, name, minute)


def publish_at(world, moment, body):
    with clock.at(moment):
        return publish(world, body)


def run_jobs(app, moment):
    with clock.at(moment):
        db.session.rollback()
        while jobs.run_one(app, "test"):
            pass
        db.session.rollback()


def cards(world):
    return [message.kind for message in messages(world.groups["parents"])]


def read(as_, world, moment, who="pan"):
    with clock.at(moment):
        return as_(who).get(f"/groups/{world.groups['parents']}").text


def test_what_comes_in_quiet_hours_stands_in_one_summary_in_the_morning(app, as_, world):
    set_pace(world, "quiet")
    publish_at(world, EVENING, "First of the night")
    publish_at(world, EVENING + timedelta(hours=3), "Second of the night")
    assert cards(world) == []
    run_jobs(app, MORNING - timedelta(minutes=1))
    assert cards(world) == []
    run_jobs(app, MORNING)
    assert cards(world) == ["summary"]
    page = read(as_, world, MORNING)
    assert page.index("First of the night") < page.index("Second of the night")
    run_jobs(app, MORNING + timedelta(hours=1))
    assert cards(world) == ["summary"], "once"


def test_outside_the_quiet_hours_a_card_comes_at_once(app, world):
    set_pace(world, "quiet")
    publish_at(world, NOON, "By day")
    assert cards(world) == ["post"]


def test_all_of_a_day_comes_at_the_chosen_hour(app, world, as_):
    set_pace(world, "daily")
    publish_at(world, NOON, "At noon")
    publish_at(world, NOON + timedelta(hours=1), "At one")
    run_jobs(app, FIVE)
    publish_at(world, FIVE + timedelta(minutes=1), "Too late for today")
    run_jobs(app, FIVE + timedelta(hours=2))
    assert cards(world) == ["summary"]
    assert "Too late" not in read(as_, world, FIVE + timedelta(hours=2))
    run_jobs(app, FIVE + timedelta(days=1))
    assert cards(world) == ["summary", "summary"]


def test_a_server_that_was_down_at_the_hour_does_it_later(app, world, as_):
    set_pace(world, "daily")
    publish_at(world, NOON, "Nobody was there")
    run_jobs(app, FIVE + timedelta(days=3))
    assert cards(world) == ["summary"]


def test_a_job_that_failed_for_good_leaves_its_cards_to_the_next(app, world, as_):
    set_pace(world, "daily")
    publish_at(world, NOON, "Of the day before")
    with write():
        db.session.execute(sa.update(jobs.Job).where(jobs.Job.kind == summaries.JOB).values(state="dead"))
    publish_at(world, NOON + timedelta(days=1), "Of the day after")
    run_jobs(app, FIVE + timedelta(days=1))
    page = read(as_, world, FIVE + timedelta(days=1))
    assert "Of the day before" in page and "Of the day after" in page


def test_what_missed_its_hour_comes_a_day_later_by_itself(app, world, as_):
    set_pace(world, "daily")
    publish_at(world, NOON, "Forgotten")
    with write():
        db.session.execute(sa.update(jobs.Job).where(jobs.Job.kind == summaries.JOB).values(state="dead"))
    for hours, arrived in ((23, []), (25, ["summary"]), (26, ["summary"])):
        with clock.at(NOON + timedelta(hours=hours)):
            jobs.plan(app)
        run_jobs(app, NOON + timedelta(hours=hours))
        assert cards(world) == arrived, hours


def test_the_hours_are_those_of_the_organisations_zone(app, world):
    with write():
        db.session.get_one(Organisation, world.organisations["school"]).zone = "Europe/Berlin"
    set_pace(world, "quiet")
    publish_at(world, EVENING, "Half past four in Berlin")
    assert cards(world) == ["post"]


@pytest.mark.parametrize(
    ("begins", "ends", "minute", "quiet"),
    [
        (22 * 60, 7 * 60, 21 * 60 + 59, False),
        (22 * 60, 7 * 60, 22 * 60, True),
        (22 * 60, 7 * 60, 6 * 60 + 59, True),
        (22 * 60, 7 * 60, 7 * 60, False),
        (12 * 60, 14 * 60, 13 * 60, True),
        (12 * 60, 14 * 60, 14 * 60, False),
    ],
)
def test_when_it_is_quiet(begins, ends, minute, quiet):
    link = Link(pace="quiet", quiet_from=begins, quiet_to=ends, daily_at=0)
    now = datetime(2026, 11, 24) + timedelta(minutes=minute)
    until = summaries.due(link, "UTC", now)
    assert (until is not None) is quiet
    if until is not None:
        assert now < until <= now + timedelta(days=1) and until.hour * 60 + until.minute == ends


def test_the_summary_stays_current(app, world, as_):
    set_pace(world, "daily")
    first, second = publish_at(world, NOON, "Bring umbrellas"), publish_at(world, NOON, "A mistake")
    run_jobs(app, FIVE)
    read(as_, world, FIVE)
    with clock.at(FIVE), write():
        edit_post(world.viewer("tang"), load(Post, first), "Bring raincoats", 1)
        hide_post(world.viewer("lei"), load(Post, second), "wrong")
        thread = db.session.scalars(sa.select(Thread).where(Thread.item_id == first)).one()
        add_comment(world.viewer("pan"), thread, "Two", "comment-one")
    page = read(as_, world, FIVE)
    assert "Bring raincoats" in page and "umbrellas" not in page and "1 comment" in page
    assert "A mistake" not in page and "withdrawn" in page


def test_what_was_withdrawn_before_its_hour_does_not_come(app, world):
    set_pace(world, "daily")
    number = publish_at(world, NOON, "Not after all")
    with clock.at(NOON), write():
        hide_post(world.viewer("lei"), load(Post, number), "wrong")
    run_jobs(app, FIVE)
    assert cards(world) == []


def test_titles_lead_to_their_cards_and_the_opening_is_counted(app, world, as_):
    set_pace(world, "daily")
    first, second = publish_at(world, NOON, "One"), publish_at(world, NOON, "Two")
    run_jobs(app, FIVE)
    (card,) = messages(world.groups["parents"])
    held = db.session.scalars(sa.select(HeldCard.id).order_by(HeldCard.id)).all()
    with clock.at(FIVE):
        for number, post in zip(held, (first, second), strict=True):
            answer = as_("pan").get(f"/messages/{card.id}/open?item={number}")
            assert answer.location == f"/posts/{post}"
            answer.close()
        assert as_("pan").get(f"/messages/{card.id}/open?item=999").location == f"/circles/{world.circles['class']}"
        huge = as_("pan").get(f"/messages/{card.id}/open?item={10**30}")
        assert huge.location == f"/circles/{world.circles['class']}"
        huge.close()
        assert as_("ou").get(f"/summaries/{card.item_id}?item={held[0]}").status_code == 404
        assert as_("lei").get(f"/summaries/{card.item_id}?item={held[0]}").location == f"/posts/{first}"
    assert messages(world.groups["parents"])[0].opens == 1


def test_a_link_that_pushes_nothing_any_more_forgets_what_waited(app, world, as_):
    set_pace(world, "daily")
    publish_at(world, NOON, "Waiting")
    with clock.at(NOON):
        assert "1 card waits" in as_("tang").get(f"/circles/{world.circles['class']}/groups").text
        as_("lei").post(f"/links/{link_of(world).id}", push="nothing")
    run_jobs(app, FIVE)
    assert cards(world) == [] and db.session.scalars(sa.select(HeldCard)).all() == []


def test_the_desk_sets_the_hours(as_, world):
    url = f"/links/{link_of(world).id}"
    sent = as_("lei").post(url, push="all", pace="quiet", quiet_from="21:15", quiet_to="06:45", daily_at="16:00")
    assert sent.status_code == 303
    link = link_of(world)
    assert (link.pace, link.quiet_from, link.quiet_to, link.daily_at) == ("quiet", 1275, 405, 960)
    for wrong in ("25:00", "noon", "", "7", "-1:30"):
        answer = as_("lei").post(url, push="all", pace="daily", daily_at=wrong)
        assert answer.status_code == 422 and "07:30" in answer.text and f'value="{wrong}"' in answer.text
    assert as_("lei").post(url, push="all", pace="quiet", quiet_from="07:00", quiet_to="07:00").status_code == 422
    assert as_("lei").post(url, push="all", pace="hourly").status_code == 422
    assert as_("pan").post(url, push="all", pace="daily").status_code == 403
    assert link_of(world).pace == "quiet"


def test_the_message_of_a_summary_is_new_to_everybody_in_the_group(app, world, as_):
    set_pace(world, "daily")
    publish_at(world, NOON, "One")
    run_jobs(app, FIVE)
    with clock.at(FIVE):
        for who in ("pan", "lei", "tang"):
            assert f'data-unread="group-{world.groups["parents"]}">1<' in as_(who).get("/groups").text
