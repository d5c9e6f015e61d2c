"""Coming in: codes to scan and to type, questions, rules that admit, many at once, and whom to ask."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import segno

from webapp.accounts.models import Identity, Person
from webapp.circles.actions import inviting
from webapp.circles.actions.joining import own_row, request_to_join
from webapp.circles.models import Circle, Invitation, Membership
from webapp.groups.actions import join as join_group
from webapp.groups.linking import link_group
from webapp.groups.models import Group
from webapp.kit import clock
from webapp.kit.db import db, put, write
from webapp.kit.ids import digest
from webapp.kit.policy import Viewer


def circle_of(world, key):
    db.session.rollback()
    return db.session.get_one(Circle, world.circles[key])


def state(world, circle, who):
    row = own_row(circle_of(world, circle), world.identities[who])
    return row.state if row else None


def invite(as_, world, circle="lane", who="yu", **form):
    """Made on the page: (path of its sheet, path of its link)."""
    made = as_(who).post(
        f"/circles/{world.circles[circle]}/invitations", **{"days": "7", "role": "member", "tag": "", **form}
    )
    assert made.status_code == 303
    page = as_(who).get(made.location)
    return made.location, re.search(r'href="http://quanzi\.test(/i/[\w-]{22})"', page.text)[1]


def code_on(page):
    return re.search(r'id="code">([A-Z2-9]{4}-[A-Z2-9]{4})<', page.text)[1]


# ---- codes ---------------------------------------------------------------------------------------------------
def test_the_sheet_has_name_purpose_expiry_a_code_to_scan_and_one_to_type(as_, world):
    sheet, _link = invite(as_, world, purpose="For the house door")
    page = as_("yu").get(sheet).text
    assert "Lane" in page and "For the house door" in page and "Valid until" in page
    assert re.search(r'<svg role="img" aria-label="QR code"[^>]*class="qr"', page) and code_on(as_("yu").get(sheet))
    assert 'media="print"' in page


def test_the_square_holds_the_link(as_, world):
    sheet, link = invite(as_, world)
    drawn = segno.make(f"http://quanzi.test{link}", error="m", micro=False).svg_inline(border=4, lineclass=None)
    assert re.findall(r' d="[^"]+"', drawn)[-1] in as_("yu").get(sheet).text


def test_a_stranger_finds_where_to_type_a_code_from_the_sign_in_page_and_comes_in_by_it(as_, world):
    sheet, link = invite(as_, world)
    code, stranger = code_on(as_("yu").get(sheet)), as_("nobody")
    assert 'href="/i"' in stranger.get("/sign-in").text and 'name="code"' in stranger.get("/i").text
    typed = stranger.post("/i", code=f" {code.lower().replace('-', ' ')}")
    assert typed.status_code == 303 and typed.location == link
    assert "Lane" in stranger.get(link).text
    as_("ou").post(as_("ou").post("/i", code=code).location)
    assert state(world, "lane", "ou") == "active"


@pytest.mark.parametrize("code", ["", "ABCD-EFGH", "x" * 300])
def test_a_code_that_fits_nothing_says_so_and_is_kept(as_, world, code):
    answer = as_("nobody").post("/i", code=code)
    assert answer.status_code == 422 and "aria-invalid" in answer.text
    assert f'value="{code}"' in answer.text


def test_who_tries_many_codes_has_to_wait(as_, world):
    stranger = as_("nobody")
    answers = [stranger.post("/i", code=f"AAAA{n:04}").status_code for n in range(31)]
    assert answers == [422] * 30 + [429]


def test_the_database_tells_no_code(as_, world):
    sheet, link = invite(as_, world)
    code = code_on(as_("yu").get(sheet)).replace("-", "")
    row = db.session.execute(Invitation.__table__.select()).one()
    assert not any(secret in str(value) for value in row for secret in (code, link[3:]))
    assert row.code_hash != digest(code), "forty bits alone are tried out in an afternoon"


def test_nobody_becomes_an_administrator_by_typing(as_, world):
    sheet, _link = invite(as_, world, role="admin")
    assert 'id="code"' not in as_("yu").get(sheet).text


def test_the_sheet_is_for_who_may_revoke_the_invitation(as_, world):
    sheet, _link = invite(as_, world)
    assert as_("pan_private").get(sheet).status_code == 404
    assert as_("ou").get(sheet).status_code == 404
    other = sheet.replace(str(world.circles["lane"]), str(world.circles["birds"]), 1)
    assert as_("yu").get(other).status_code == 404


# ---- whom to ask -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("why", ["full", "expired"])
def test_a_full_or_expired_code_says_whom_to_ask(as_, world, why):
    sheet, link = invite(as_, world)
    code = code_on(as_("yu").get(sheet))
    with write():
        row = db.session.query(Invitation).one()
        row.limit, row.uses = 1, 1 if why == "full" else 0
        row.expires_at = clock.now() + timedelta(days=-1 if why == "expired" else 1)
    answer = as_("nobody").get(as_("nobody").post("/i", code=code).location)
    assert answer.status_code == 410 and "Ask Neighbour Yu for a new one into Lane" in answer.text
    assert as_("ou").post(link).status_code == 410 and state(world, "lane", "ou") is None


def test_when_its_maker_is_gone_the_owner_is_asked(as_, world):
    _sheet, link = invite(as_, world, who="pan_private")
    with write():
        db.session.query(Invitation).one().expires_at = clock.now()
        own_row(db.session.get_one(Circle, world.circles["lane"]), world.identities["pan_private"]).state = "left"
    assert "Ask Neighbour Yu" in as_("nobody").get(link).text


def test_of_a_revoked_invitation_nothing_is_told(as_, world):
    sheet, link = invite(as_, world)
    code = code_on(as_("yu").get(sheet))
    as_("yu").post(f"{sheet}/delete")
    answer = as_("nobody").get(link)
    assert answer.status_code == 410 and "Lane" not in answer.text and "Yu" not in answer.text
    assert as_("nobody").post("/i", code=code).status_code == 422


# ---- questions -------------------------------------------------------------------------------------------------
def ask_questions(as_, world, *questions, **more):
    form = {f"questions-{n}": text for n, text in enumerate(questions)}
    answer = as_("yu").post(f"/circles/{world.circles['lane']}/admission", **{"history": "all", **form, **more})
    assert answer.status_code == 303, answer.text
    return answer


def test_the_circles_questions_are_answered_when_asking_and_read_when_deciding(as_, world):
    ask_questions(as_, world, "Which house?", "", "Since when?")
    lane, ou = f"/circles/{world.circles['lane']}", as_("ou")
    assert "Which house?" in ou.get(lane).text and "Since when?" in ou.get(lane).text
    ou.post(f"{lane}/join", **{"answers-0": "Number 7", "answers-1": "<b>May</b>"})
    page = as_("yu").get(f"{lane}/members").text
    assert "Which house?" in page and "Number 7" in page and "&lt;b&gt;May" in page
    assert "Number 7" not in as_("pan_private").get(f"{lane}/members").text


def test_a_question_left_open_comes_back_with_what_was_answered(as_, world):
    ask_questions(as_, world, "Which house?", "Since when?")
    lane = f"/circles/{world.circles['lane']}"
    answer = as_("ou").post(f"{lane}/join", **{"answers-0": "Number 7", "message": "Hello"})
    assert answer.status_code == 422 and 'value="Number 7"' in answer.text and 'value="Hello"' in answer.text
    assert state(world, "lane", "ou") is None


def test_more_answers_than_questions_are_not_kept(as_, world):
    ask_questions(as_, world, "Which house?")
    lane = f"/circles/{world.circles['lane']}"
    as_("ou").post(f"{lane}/join", **{"answers-0": "7", "answers-1": "more", "answers-7": "even more"})
    assert own_row(circle_of(world, "lane"), world.identities["ou"]).answers == [["Which house?", "7"]]


def test_a_question_too_long_is_refused_and_members_set_none(as_, world):
    path = f"/circles/{world.circles['lane']}/admission"
    assert as_("yu").post(path, **{"history": "all", "questions-0": "x" * 121}).status_code == 422
    assert as_("pan_private").post(path, **{"history": "all", "questions-0": "x"}).status_code == 403
    assert as_("pan_private").get(path).status_code == 403


# ---- rules that admit --------------------------------------------------------------------------------------------
def test_verified_people_of_the_organisation_come_in_at_once(as_, world):
    path = f"/circles/{world.circles['staff']}"
    as_("hao").post(f"{path}/admission", history="all", verified="y")
    as_("wen").post(f"{path}/join")
    assert state(world, "staff", "wen") == "active"


def test_without_the_rule_or_without_being_verified_they_wait(as_, world):
    path = f"/circles/{world.circles['staff']}"
    as_("wen").post(f"{path}/join")
    assert state(world, "staff", "wen") == "requested"
    with write():
        db.session.get_one(Identity, world.identities["wen"]).verified_at = None
    as_("hao").post(f"{path}/admission", history="all", verified="y")
    assert state(world, "staff", "wen") == "requested"


def test_members_of_a_linked_group_come_in_at_once_and_others_wait(as_, world):
    link_to_friends(world)
    ask_questions(as_, world, linked="y")
    lane = f"/circles/{world.circles['lane']}"
    with write():
        join_group(db.session.get_one(Group, world.groups["friends"]), identity(world, "ou"))
    as_("ou").post(f"{lane}/join")
    as_("root").post(f"{lane}/join")
    assert (state(world, "lane", "ou"), state(world, "lane", "root")) == ("active", "requested")


def test_a_rule_admits_nobody_whom_the_circle_sent_away(as_, world):
    link_to_friends(world)
    ask_questions(as_, world, linked="y")
    with write():
        join_group(db.session.get_one(Group, world.groups["friends"]), identity(world, "ou"))
        here = {"circle_id": world.circles["lane"], "identity_id": world.identities["ou"]}
        put(Membership(**here, party="customer", state="removed"))
    as_("ou").post(f"/circles/{world.circles['lane']}/join")
    assert state(world, "lane", "ou") == "requested"


def test_a_new_rule_lets_in_who_waits_and_says_so(as_, world):
    path = f"/circles/{world.circles['staff']}"
    as_("wen").post(f"{path}/join")
    head = as_("hao")
    head.post(f"{path}/admission", history="all", verified="y")
    assert "1 person who waited is in now" in head.get(f"{path}/admission").text
    assert state(world, "staff", "wen") == "active"


def test_who_joins_a_linked_group_while_waiting_is_in(as_, world):
    link_to_friends(world)
    ask_questions(as_, world, linked="y")
    as_("ou").post(f"/circles/{world.circles['lane']}/join")
    assert state(world, "lane", "ou") == "requested"
    with write():
        join_group(db.session.get_one(Group, world.groups["friends"]), identity(world, "ou"))
    assert state(world, "lane", "ou") == "active"


def test_by_invitation_only_leaves_the_requests_and_says_that_they_wait(as_, world):
    lane = f"/circles/{world.circles['lane']}"
    as_("ou").post(f"{lane}/join")
    form = {"name": "Lane", "posting": "members", "commenting": "members", "sharing": "members"}
    yu = as_("yu")
    yu.post(f"{lane}/settings", **form, joining="invite")
    assert "1 request still waits for you" in yu.get(f"{lane}/settings").text
    assert state(world, "lane", "ou") == "requested"


def link_to_friends(world):
    with write():
        group, circle = db.session.get_one(Group, world.groups["friends"]), circle_of_now(world, "lane")
        link_group(Viewer(identity_id=world.identities["yu"]), group, circle)


def circle_of_now(world, key):
    return db.session.get_one(Circle, world.circles[key])


def identity(world, who):
    return db.session.get_one(Identity, world.identities[who])


# ---- many at once ----------------------------------------------------------------------------------------------
@pytest.fixture
def crowd(app, world):
    """300 who ask to join the lane."""
    with write():
        people = [put(Person(name=f"Asker {n}", username=f"asker-{n}", lang="en")) for n in range(300)]
        identities = [put(Identity(person_id=person.id, kind="private")) for person in people]
        lane = db.session.get_one(Circle, world.circles["lane"])
        for one in identities:
            request_to_join(Viewer(identity_id=one.id, kind="private"), lane)
    return [one.id for one in identities]


def waiting(world):
    db.session.rollback()
    here = {"circle_id": world.circles["lane"], "state": "requested"}
    return db.session.query(Membership).filter_by(**here).count()


def test_three_hundred_requests_come_in_pages_that_stay_light(as_, world, crowd):
    path, seen, yu = f"/circles/{world.circles['lane']}/requests", set(), as_("yu")
    where = path
    while where:
        page = yu.get(where).text
        assert len(page.encode()) <= 40_000 and "300 people ask to join" in page
        seen |= set(re.findall(r"Asker \d+", page))
        older = re.search(r'class="more" href="([^"]+)"', page)
        where = older[1] if older else ""
    assert len(seen) == 300


def test_a_page_is_ticked_whole_without_a_script(as_, world, crowd):
    path = f"/circles/{world.circles['lane']}/requests"
    page = as_("yu").get(f"{path}?ticked=1").text
    ticked = re.findall(r'name="request" value="(\d+)"[^>]*checked', page)
    assert len(ticked) == 20
    as_("yu").post(path, request=ticked, decision="admit")
    assert waiting(world) == 280


def test_all_are_decided_at_once_and_nobody_who_asked_later(as_, world, crowd):
    path = f"/circles/{world.circles['lane']}/requests/all"
    until = re.search(r'name="until" value="([^"]+)"', as_("yu").get(path).text)[1]
    as_("ou").post(f"/circles/{world.circles['lane']}/join")
    as_("yu").post(path, until=until, decision="admit")
    assert waiting(world) == 1 and state(world, "lane", "ou") == "requested"
    assert as_("pan_private").post(path, until=until, decision="admit").status_code == 403
    assert as_("yu").post(path, until="soon", decision="admit").status_code == 400


def test_all_are_refused_at_once(as_, world, crowd):
    path = f"/circles/{world.circles['lane']}/requests/all"
    as_("yu").post(path, until=clock.now().isoformat(), decision="refuse")
    assert waiting(world) == 0
    assert db.session.query(Membership).filter_by(circle_id=world.circles["lane"], state="refused").count() == 300


def test_an_invitation_that_meets_a_request_makes_a_member(as_, world):
    as_("ou").post(f"/circles/{world.circles['lane']}/join")
    _sheet, link = invite(as_, world)
    as_("ou").post(link)
    assert state(world, "lane", "ou") == "active" and waiting(world) == 0


def test_the_link_of_inviting_still_counts(app, world):
    with write():
        lane = db.session.get_one(Circle, world.circles["lane"])
        link = inviting.make_invitation(world.viewer("yu"), lane, "s" * 20, days=1, limit=1)
        inviting.accept_invitation(world.viewer("ou"), lane, link)
    assert inviting.is_spent(link)
