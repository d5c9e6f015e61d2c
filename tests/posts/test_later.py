"""Posts that are published later."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from webapp.circles.models import Circle, Membership
from webapp.feed.models import FeedRow
from webapp.kit import clock, events
from webapp.kit.db import db, write
from webapp.kit.jobs import Job, run_one
from webapp.posts.events import PostHeld
from webapp.posts.models import Post

HOUR = timedelta(hours=1)


def wall(moment) -> str:
    """As a browser in the default zone writes it."""
    return f"{clock.local(moment, clock.DEFAULT_ZONE):%Y-%m-%dT%H:%M}"


@pytest.fixture
def soon() -> object:
    return (clock.now() + 2 * HOUR).replace(second=0, microsecond=0)


@pytest.fixture
def later(as_, world, soon):
    """Teacher Tang's (or somebody's) post for in two hours."""

    def schedule(who: str = "tang", body: str = "Good morning") -> Post:
        answer = as_(who).post(f"/circles/{world.circles['class']}/posts", body=body, publish_at=wall(soon))
        assert answer.status_code == 303
        return db.session.scalars(sa.select(Post).order_by(Post.id.desc())).first()

    return schedule


def work(app, moment) -> None:
    """All jobs that are due by then."""
    db.session.rollback()
    with clock.at(moment):
        while run_one(app, "tests"):
            pass
    db.session.rollback()
    db.session.expire_all()


def rows() -> list[FeedRow]:
    return list(db.session.scalars(sa.select(FeedRow)))


def test_it_comes_at_its_time_and_not_before(app, as_, world, later, soon):
    post, here = later(), f"/circles/{world.circles['class']}"
    assert (post.state, post.publish_at) == ("scheduled", soon)
    assert "Good morning" not in as_("pan").get(here).text
    for who in ("pan", "lei"):
        assert as_(who).get(f"/posts/{post.id}").status_code == 404, "moderators neither"
        assert "Good morning" not in as_(who).get(f"{here}/waiting").text
    work(app, soon - HOUR)
    assert not rows()
    work(app, soon)
    assert len(rows()) == 1
    assert "Good morning" in as_("pan").get(here).text
    assert db.session.get_one(Post, post.id).at == soon


def test_it_comes_once_whoever_does_the_work_and_however_often(app, later, soon):
    later()
    work(app, soon)
    with write():
        db.session.execute(sa.update(Job).values(state="todo", lease=None))
    work(app, soon + HOUR)
    assert len(rows()) == 1


def test_its_author_sees_it_where_waiting_posts_are_listed_and_under_my_drafts(as_, world, later):
    post, here = later(), f"/circles/{world.circles['class']}"
    assert "1 of your posts is published later" in as_("tang").get(here).text
    for page in (f"{here}/waiting", "/me/drafts", f"/posts/{post.id}"):
        assert "It is published" in as_("tang").get(page).text, page
    assert f"/posts/{post.id}/publish" in as_("tang").get(f"{here}/waiting").text


def test_its_author_changes_text_and_time(app, as_, later, soon):
    post, url = later(), "/posts/{}/edit"
    assert wall(soon) in as_("tang").get(url.format(post.id)).text
    moved = {"body": "Good evening", "version": "1", "publish_at": wall(soon + HOUR)}
    assert as_("lei").post(url.format(post.id), **moved).status_code == 404
    assert as_("tang").post(url.format(post.id), **moved).status_code == 303
    work(app, soon)
    assert not rows()
    work(app, soon + HOUR)
    assert len(rows()) == 1
    fresh = db.session.get_one(Post, post.id)
    assert (fresh.body, fresh.edited_at) == ("Good evening", None), "what nobody had read leaves no trace"


def test_it_can_be_published_now_and_then_not_again(app, as_, later, soon):
    post = later()
    assert as_("lei").post(f"/posts/{post.id}/publish").status_code == 404
    assert as_("tang").post(f"/posts/{post.id}/publish").status_code == 303
    assert len(rows()) == 1
    work(app, soon)
    assert len(rows()) == 1
    assert as_("tang").post(f"/posts/{post.id}/publish").status_code == 403


def test_it_can_be_cancelled(app, as_, later, soon):
    post = later()
    assert as_("tang").post(f"/posts/{post.id}/delete").location == "/me/drafts"
    work(app, soon)
    assert not rows()


@pytest.mark.parametrize(("hours", "reason"), [(-1, "has passed"), (24 * 400, "within a year")])
def test_a_time_that_cannot_be_is_refused_beside_its_field_and_the_text_kept(as_, world, hours, reason):
    answer = as_("tang").post(
        f"/circles/{world.circles['class']}/posts", body="Good morning", publish_at=wall(clock.now() + hours * HOUR)
    )
    assert answer.status_code == 422
    assert reason in answer.text and "Good morning</textarea>" in answer.text
    assert not db.session.scalars(sa.select(Post)).all()


@pytest.mark.parametrize("written", ["tomorrow", "0001-01-01T00:00", "2030-13-01T00:00"])
def test_what_is_no_time_is_refused(as_, world, written):
    url = f"/circles/{world.circles['class']}/posts"
    assert as_("tang").post(url, body="Good morning", publish_at=written).status_code == 422


def test_where_posts_are_reviewed_it_waits_at_its_time(app, as_, world, later, soon):
    post = later("shen")
    work(app, soon)
    assert db.session.get_one(Post, post.id).state == "waiting"
    assert "1 post waits for you" in as_("tang").get(f"/circles/{world.circles['class']}").text


@pytest.mark.parametrize("why", ["left", "muted", "archived", "closed"])
def test_who_may_no_longer_post_keeps_the_text_with_the_reason(app, as_, world, later, soon, monkeypatch, why):
    told: list[PostHeld] = []
    monkeypatch.setitem(events._now, PostHeld, [told.append])
    post = later("shen")
    with write():
        mine = sa.update(Membership).where(Membership.identity_id == world.identities["shen"])
        if why == "left":
            db.session.execute(mine.values(state="left"))
        elif why == "muted":
            db.session.execute(mine.values(muted_until=soon + HOUR))
        else:
            circle = db.session.get_one(Circle, world.circles["class"])
            circle.archived_at, circle.posting = (soon, "members") if why == "archived" else (None, "staff")
    work(app, soon)
    assert not rows()
    assert [fact.post_id for fact in told] == [post.id]
    for url in ("/me/drafts", f"/posts/{post.id}"):
        page = as_("shen").get(url).text
        assert "may not post there any more" in page and "Good morning" in page, url
    assert as_("shen").post(f"/posts/{post.id}/publish").status_code == 403 or why == "muted"
    assert as_("shen").post(f"/posts/{post.id}/delete").status_code == 303


def test_an_identity_that_ended_publishes_nothing(app, world, later, soon):
    later()
    with write():
        db.session.execute(sa.text("UPDATE identity SET ended_at = :now").bindparams(now=soon))
    work(app, soon)
    assert not rows()
