import re

import pytest
import sqlalchemy as sa

from webapp.accounts.models import Identity, Person
from webapp.kit.db import db, write
from webapp.organisations import queries
from webapp.organisations.models import Organisation

NEW = {
    "kind": "school", "organisation": "River School", "zone": "Asia/Tokyo",
    "name": "Head Han", "login": "han", "title": "headmaster",
}  # fmt: skip


def test_the_administrator_makes_a_school_and_its_owner(as_, sign_in_with_code):
    answer = as_("root").post("/organisations/new", **NEW)
    browser = sign_in_with_code("han", re.search(r'<code id="code">(.*?)</code>', answer.text)[1])
    made = db.session.scalar(sa.select(Organisation).where(Organisation.name == "River School"))
    assert made.zone == "Asia/Tokyo"
    assert browser.get(f"/organisations/{made.id}/people").status_code == 200


def test_the_owner_may_be_somebody_who_has_an_account(as_, world):
    answer = as_("root").post("/organisations/new", **{**NEW, "name": "Outsider Ou", "login": "ou"})
    assert answer.status_code == 303
    assert [each.name for each in queries.organisations_of(world.people["ou"])] == ["River School"]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"organisation": "SUNRISE  school"}, "here already"),
        ({"organisation": ""}, "What is it called?"),
        ({"kind": "circus"}, "Choose one of the list."),
        ({"name": "Somebody Else", "login": "ou"}, "with another name"),
    ],
)
def test_what_cannot_be_is_told_and_kept(as_, wrong, reason):
    answer = as_("root").post("/organisations/new", **{**NEW, **wrong})
    assert answer.status_code == 422
    assert reason in answer.text
    assert "headmaster" in answer.text
    assert db.session.scalar(sa.select(sa.func.count(Organisation.id))) == 4
    assert db.session.scalar(sa.select(Person).where(Person.username == "han")) is None


@pytest.mark.parametrize("who", ["hao", "mei", "tang", "ou"])
def test_nobody_else_makes_one(as_, who):
    assert as_(who).get("/organisations/new").status_code == 403
    assert as_(who).post("/organisations/new", **NEW).status_code == 403


@pytest.mark.parametrize(("who", "code"), [("tang", 200), ("shen", 200), ("root", 200), ("hao", 200)])
def test_its_people_see_it(as_, world, who, code):
    assert as_(who).get(f"/organisations/{world.organisations['school']}").status_code == code


@pytest.mark.parametrize("who", ["ning", "mei", "ou", "tang_private"])
def test_for_others_it_does_not_exist(as_, world, who):
    number = world.organisations["school"]
    for path in (f"/organisations/{number}", f"/organisations/{number}/people", "/organisations/999"):
        assert as_(who).get(path).status_code == 404


@pytest.mark.parametrize("who", ["tang", "shen", "pan"])
def test_its_people_do_not_administer_it(as_, world, who):
    number = world.organisations["school"]
    assert as_(who).get(f"/organisations/{number}/people").status_code == 403
    assert as_(who).get(f"/organisations/{number}/people/new").status_code == 403
    assert as_(who).post(f"/organisations/{number}/people/new", name="X").status_code == 403


def test_a_pupil_sees_teachers_and_family_and_a_teacher_everybody(as_, world):
    path = f"/organisations/{world.organisations['school']}"
    shen, tang = as_("shen").get(path).text, as_("tang").get(path).text
    assert "Teacher Tang" in shen and "Parent Pan" in shen and "Student Qiu" not in shen
    assert "Student Qiu" in tang and "Stranger Ning" not in tang


def test_people_are_found_by_kind_and_name(as_, world):
    path = f"/organisations/{world.organisations['school']}/people"
    assert as_("hao").get(f"{path}?kind=pupil").text.count('id="identity-') == 2
    assert as_("hao").get(f"{path}?q=teacher").text.count('id="identity-') == 3
    assert "Nobody is called so" in as_("hao").get(f"{path}?q=zzz").text


def test_a_long_list_comes_in_stretches(as_, world):
    with write():
        people = [Person(name=f"Pupil {number}") for number in range(50)]
        db.session.add_all(people)
        db.session.flush()
        school = world.organisations["school"]
        db.session.add_all(Identity(person_id=row.id, organisation_id=school, kind="pupil") for row in people)
    first = as_("hao").get(f"/organisations/{school}/people").text
    following = re.search(r'class="more" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = as_("hao").get(following).text
    assert (first.count('id="identity-'), second.count('id="identity-')) == (40, 18)


def test_the_list_names_the_guardians_and_tells_whose_are_missing(as_, world):
    text = as_("hao").get(f"/organisations/{world.organisations['school']}/people?kind=pupil").text
    assert "Parent Pan (mother)" in text
    assert text.count("No guardian yet") == 1


def test_a_persons_list_shows_where_they_are_somebody(as_):
    assert "Sunrise School" in as_("tang").get("/organisations").text
    assert "You are in another role now" in as_("tang_private").get("/organisations").text
    assert "You belong to no organisation" in as_("ou").get("/organisations").text
    assert "Corner Shop" in as_("root").get("/organisations").text


@pytest.mark.parametrize(("who", "there"), [("tang", True), ("shen", False), ("mei", False), ("tang_private", False)])
def test_colleagues_are_for_pickers_of_the_same_organisation(app, world, who, there):
    found = queries.colleagues(world.viewer(who), world.organisations["school"], "Student Q")
    assert bool(found.items) is there


def test_nobody_is_their_own_colleague(app, world):
    names = [row.name for row in queries.colleagues(world.viewer("tang"), world.organisations["school"]).items]
    assert "Teacher Lei" in names and "Teacher Tang" not in names
