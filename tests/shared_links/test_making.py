"""Who makes links, looks after them and ends them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.shared_links.links import Made
from webapp.circles.kinds import KINDS
from webapp.circles.models import Circle, Membership
from webapp.kit import clock
from webapp.kit.db import db, write
from webapp.posts.models import Post
from webapp.shared_links.models import SharedLink


def url_in(page):
    return re.search(r"http://quanzi\.test(/s/[\w-]{22})(?![\w-])", page.text)[1]


def post_in(world, circle="birds", who="yu"):
    return Made(world, circle=circle, who=who).post.id


def test_a_member_makes_a_link_and_finds_it_again(as_, world):
    number, yu = post_in(world), as_("yu")
    made = yu.post(f"/shared-links/post/{number}", days="30")
    assert made.status_code == 303
    first, again = yu.get(made.location), yu.get(made.location)
    assert url_in(first) == url_in(again)
    assert "Bring beans" in as_("nobody").get(url_in(first)).text
    assert made.location in yu.get("/me/shared-links").text


def test_the_database_holds_no_token(as_, world):
    made = Made(world)
    row = db.session.execute(SharedLink.__table__.select()).one()
    assert len(made.token) == 22 and not any(made.token in str(value) for value in row)


@pytest.mark.parametrize(("days", "ends"), [("1", 1), ("7", 7), ("30", 30)])
def test_it_ends_when_it_was_said(as_, world, days, ends):
    as_("yu").post(f"/shared-links/post/{post_in(world)}", days=days, client_id="a-client-id")
    row = db.session.query(SharedLink).filter_by(client_id="a-client-id").one()
    assert abs(row.expires_at - clock.now() - timedelta(days=ends)) < timedelta(minutes=1)


def test_until_a_day_counts_that_day_whole(as_, world):
    day = (clock.local(clock.now(), "Asia/Shanghai") + timedelta(days=3)).date()
    number = post_in(world)
    as_("yu").post(f"/shared-links/post/{number}", days="date", until=day.isoformat(), client_id="a-client-id")
    row = db.session.query(SharedLink).filter_by(client_id="a-client-id").one()
    last = clock.local(row.expires_at - timedelta(seconds=1), "Asia/Shanghai")
    assert (last.date(), last.hour) == (day, 23)


@pytest.mark.parametrize("until", ["", "soon", "2001-01-01", "2999-01-01"])
def test_a_day_that_is_none_comes_back_with_a_reason(as_, world, until):
    answer = as_("yu").post(f"/shared-links/post/{post_in(world)}", days="date", until=until)
    assert answer.status_code == 422 and "aria-invalid" in answer.text and f'value="{until}"' in answer.text


def test_sent_twice_is_made_once(as_, world):
    number, yu = post_in(world), as_("yu")
    one, two = (yu.post(f"/shared-links/post/{number}", days="7", client_id="twice-the-same") for _ in range(2))
    assert one.location == two.location


@pytest.mark.parametrize("kind", KINDS)
def test_class_and_internal_circles_begin_closed(kind):
    assert (KINDS[kind].sharings[0] == "nobody") == (kind in ("class", "internal"))


def test_where_the_circle_forbids_it_nobody_makes_a_link_and_nobody_is_offered_one(as_, world):
    with write():
        db.session.get_one(Circle, world.circles["birds"]).sharing = "members"
    number, yu = post_in(world), as_("yu")
    assert "/shared-links/post" in yu.get(f"/posts/{number}/menu").text
    with write():
        db.session.get_one(Circle, world.circles["birds"]).sharing = "nobody"
    assert yu.get(f"/shared-links/post/{number}").status_code == 403
    assert yu.post(f"/shared-links/post/{number}", days="7").status_code == 403
    assert "/shared-links/post" not in yu.get(f"/posts/{number}/menu").text


def test_an_outsider_is_not_told_that_there_is_something_to_share(as_, world):
    assert as_("ou").get(f"/shared-links/post/{post_in(world, 'lane')}").status_code == 404
    assert as_("ou").get(f"/shared-links/nonsense/{post_in(world, 'lane')}").status_code == 404


def test_where_administrators_share_members_do_not(as_, world):
    number = post_in(world, "lane")
    with write():
        db.session.get_one(Circle, world.circles["lane"]).sharing = "admins"
    assert as_("pan_private").get(f"/shared-links/post/{number}").status_code == 403
    assert as_("yu").get(f"/shared-links/post/{number}").status_code == 200


def test_a_waiting_or_hidden_post_is_not_shared(as_, world):
    number = post_in(world)
    with write():
        db.session.get_one(Post, number).state = "hidden"
    assert as_("yu").get(f"/shared-links/post/{number}").status_code == 403


def test_the_setting_is_an_administrators_and_of_the_kind(as_, world):
    circle = world.circles["class"]
    form = {"name": "Class 3-2", "joining": "invite", "posting": "members", "commenting": "members"}
    assert as_("tang").post(f"/circles/{circle}/settings", **form, sharing="members").status_code == 422
    assert as_("tang").post(f"/circles/{circle}/settings", **form, sharing="admins").status_code == 303
    assert as_("shen").post(f"/circles/{circle}/settings", **form, sharing="admins").status_code == 403


# ---- looking after them --------------------------------------------------------------------------------------
def test_an_administrator_sees_a_members_link_without_its_address_and_ends_it(as_, world):
    made, yu = Made(world, who="pan_private", circle="lane"), as_("yu")
    listed = yu.get(f"/circles/{world.circles['lane']}/shared-links")
    assert "Bring beans" in listed.text and made.token not in listed.text
    page = yu.get(f"/shared-links/{made.id}")
    assert page.status_code == 200 and made.token not in page.text
    assert yu.post(f"/shared-links/{made.id}/delete").status_code == 303
    assert as_("nobody").get(made.path).status_code == 410
    assert made.row.revoked_by == world.identities["yu"]


def test_another_member_neither_sees_nor_ends_it(as_, world):
    made = Made(world, who="yu", circle="lane")
    assert as_("pan_private").get(f"/shared-links/{made.id}").status_code == 404
    assert as_("pan_private").post(f"/shared-links/{made.id}/delete").status_code == 404
    assert as_("pan_private").get(f"/circles/{world.circles['lane']}/shared-links").status_code == 403
    assert as_("nobody").get(made.path).status_code == 200


def test_my_list_holds_my_own_links_only(as_, world):
    Made(world, who="yu", circle="lane")
    assert "Bring beans" in as_("yu").get("/me/shared-links").text
    assert "Bring beans" not in as_("pan_private").get("/me/shared-links").text


def test_a_maker_who_left_can_still_end_their_links(as_, world):
    made = Made(world, who="pan_private", circle="lane")
    with write():
        here = {"circle_id": world.circles["lane"], "identity_id": world.identities["pan_private"]}
        db.session.query(Membership).filter_by(**here).one().state = "left"
    assert as_("pan_private").post(f"/shared-links/{made.id}/delete").status_code == 303
    assert made.row.revoked_at is not None


def test_the_share_sheet_and_the_copy_button_wait_for_a_browser_that_has_them(as_, world):
    page = as_("yu").get(f"/shared-links/{Made(world).id}").text
    assert re.search(r"<button[^>]*data-share=[^>]*\bhidden", page) and re.search(r"data-copy=[^>]*\bhidden", page)
    assert "share." in page and "http://quanzi.test/s/" in re.sub(r"<button.*?</button>", "", page)


def test_one_person_makes_no_more_than_a_hundred_a_day(as_, world, monkeypatch):
    number, yu = post_in(world), as_("yu")
    monkeypatch.setattr("webapp.shared_links.actions.A_DAY", 2)
    assert yu.post(f"/shared-links/post/{number}", days="7").status_code == 303
    assert yu.post(f"/shared-links/post/{number}", days="7").status_code == 429
