import re

import pytest
import sqlalchemy as sa

from webapp.accounts.models import Identity, Person
from webapp.kit.db import db, write
from webapp.kit.outbox import Outbox
from webapp.organisations import actions, queries
from webapp.organisations.events import IdentityEnded
from webapp.organisations.models import Guardianship

NEW = {
    "name": "Teacher Neu",
    "login": "neu",
    "kind": "teacher",
    "title": "music",
    "pupil": "",
    "relation": "",
}


@pytest.fixture
def path(world):
    return f"/organisations/{world.organisations['school']}/people"


def named(name):
    db.session.rollback()
    query = sa.select(Identity).join(Person).where(Person.name == name)
    return db.session.scalars(query.order_by(Identity.id)).all()


def power(world, who):
    return db.session.scalar(sa.select(Identity.power).where(Identity.id == world.identities[who]))


def test_the_head_adds_a_new_teacher_who_comes_in_with_a_code(as_, path, sign_in_with_code):
    answer = as_("hao").post(f"{path}/new", **NEW)
    code = re.search(r'<code id="code">(.*?)</code>', answer.text)[1]
    browser = sign_in_with_code("neu", code)
    assert "music" in browser.get("/me").text


def test_somebody_with_an_account_is_added_without_a_code(as_, path):
    answer = as_("hao").post(f"{path}/new", **{**NEW, "name": "outsider ou", "login": "OU"})
    assert answer.location == path
    assert [row.kind for row in named("Outsider Ou")] == ["private", "teacher"]


def test_a_guardian_comes_with_the_pupil(as_, path, world):
    form = {"name": "Parent Qi", "login": "qi", "kind": "guardian", "pupil": "qiu", "relation": "father"}
    assert as_("hao").post(f"{path}/new", **{**NEW, **form}).status_code == 200
    (one,) = queries.guardians_of([world.identities["qiu"]])[world.identities["qiu"]]
    assert (one.identity.name, one.relation) == ("Parent Qi", "father")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"name": "Wrong Name", "login": "ou"}, "with another name"),
        ({"name": "Teacher Tang", "login": "tang"}, "here already"),
        ({"kind": "guardian", "pupil": "tang"}, "Nobody here with this sign-in name"),
        ({"kind": "guardian", "pupil": "nobody9"}, "Nobody here with this sign-in name"),
        ({"kind": "private"}, "Choose one of the list."),
        ({"login": "?"}, "A phone number"),
    ],
)
def test_what_cannot_be_is_told_and_nobody_is_made(as_, path, wrong, reason):
    before = db.session.scalar(sa.select(sa.func.count(Person.id)))
    answer = as_("hao").post(f"{path}/new", **{**NEW, **wrong})
    assert answer.status_code == 422
    assert reason in answer.text
    assert "music" in answer.text
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == before


def test_the_words_for_a_wrong_name_do_not_tell_the_right_one(as_, path):
    assert "Outsider Ou" not in as_("hao").post(f"{path}/new", **{**NEW, "login": "ou"}).text


def test_adding_gives_no_power(as_, path):
    as_("hao").post(f"{path}/new", **NEW, power="owner")
    assert named("Teacher Neu")[1].power == "member"


def test_an_administrator_of_one_school_is_nobody_in_another(as_, world):
    for path in (f"/organisations/{world.organisations['academy']}/people/new",):
        assert as_("hao").post(path, **NEW).status_code == 404
    number = world.identities["ning"]
    assert as_("hao").get(f"/identities/{number}").status_code == 404
    assert as_("hao").post(f"/identities/{number}/end").status_code == 404
    assert as_("hao").post(f"/identities/{number}/power", power="admin").status_code == 404


def test_power_of_one_role_does_not_reach_into_another_role_of_the_person(as_, world):
    assert as_("hao_private").get(f"/identities/{world.identities['tang']}").status_code == 404


# ---- power -----------------------------------------------------------------------------------
def test_the_owner_appoints_and_takes_back(as_, world):
    number = world.identities["lei"]
    as_("hao").post(f"/identities/{number}/power", power="admin")
    assert power(world, "lei") == "admin"
    as_("hao").post(f"/identities/{number}/power", power="member")
    assert power(world, "lei") == "member"


def test_handing_over_leaves_one_owner(as_, world):
    assert as_("hao").post(f"/identities/{world.identities['lei']}/power", power="owner").status_code == 303
    assert (power(world, "lei"), power(world, "hao")) == ("owner", "admin")


def test_an_administrator_does_not_appoint(as_, world):
    with write():
        db.session.get(Identity, world.identities["lei"]).power = "admin"
    for who in ("tang", "lei", "hao"):
        assert as_("lei").post(f"/identities/{world.identities[who]}/power", power="owner").status_code == 403
    assert power(world, "hao") == "owner"


@pytest.mark.parametrize("whom", ["shen", "pan", "hao"])
def test_pupils_and_guardians_get_no_power_and_the_owner_only_hands_over(as_, world, whom):
    assert as_("hao").post(f"/identities/{world.identities[whom]}/power", power="member").status_code == 403


def test_there_are_three_powers(as_, world):
    assert as_("hao").post(f"/identities/{world.identities['lei']}/power", power="god").status_code == 422


# ---- ending ----------------------------------------------------------------------------------
def test_ending_is_asked_then_done_and_the_session_of_that_role_ends(as_, world, path):
    number, tang, private = world.identities["tang"], as_("tang"), as_("tang_private")
    assert "Teacher Tang not belong here" in as_("hao").get(f"/identities/{number}/end").text
    assert as_("hao").post(f"/identities/{number}/end").location == path
    assert tang.get("/me").status_code == 302
    assert private.get("/me").status_code == 200
    assert "Sunrise School" not in private.get("/me").text
    said = set(db.session.scalars(sa.select(Outbox.topic).where(Outbox.kind == "end")))
    assert f"viewer-{number}" in said


def test_the_fact_is_told_in_the_same_transaction(app, world, monkeypatch):
    heard = []
    monkeypatch.setattr(actions, "emit_fact", heard.append)
    with write():
        actions.end_identity(world.viewer("hao"), db.session.get(Identity, world.identities["shen"]))
    assert heard == [IdentityEnded(world.identities["shen"], world.organisations["school"])]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Guardianship)) == 0


def test_an_owner_is_not_ended_before_handing_over(as_, world):
    number = world.identities["hao"]
    assert as_("hao").post(f"/identities/{number}/end").status_code == 403
    as_("hao").post(f"/identities/{world.identities['lei']}/power", power="owner")
    assert as_("lei").post(f"/identities/{number}/end").status_code == 303


def test_an_administrator_ends_members_but_no_other_administrator(as_, world):
    with write():
        for who in ("lei", "wen"):
            db.session.get(Identity, world.identities[who]).power = "admin"
    assert as_("lei").post(f"/identities/{world.identities['wen']}/end").status_code == 403
    assert as_("lei").post(f"/identities/{world.identities['shen']}/end").status_code == 303


@pytest.mark.parametrize("who", ["tang", "pan"])
def test_whoever_runs_nothing_ends_nobody(as_, world, who):
    assert as_(who).post(f"/identities/{world.identities['shen']}/end").status_code == 403
    assert as_(who).get(f"/identities/{world.identities['shen']}").status_code == 403


def test_somebody_who_left_can_come_back_with_what_they_wrote(as_, world, path):
    number = world.identities["wen"]
    as_("hao").post(f"/identities/{number}/end")
    again = {**NEW, "name": "Teacher Wen", "login": "wen"}
    assert as_("hao").post(f"{path}/new", **again).status_code == 303
    assert [row.id for row in named("Teacher Wen") if row.kind == "teacher"] == [number]


# ---- guardians -------------------------------------------------------------------------------
def test_a_guardian_of_the_school_is_given_to_a_pupil_and_taken_away(as_, world):
    number = world.identities["qiu"]
    as_("hao").post(f"/identities/{number}/guardians", guardian="pan", relation="aunt")
    assert "aunt" in as_("hao").get(f"/identities/{number}").text
    assert "Student Qiu" in as_("hao").get(f"/identities/{world.identities['pan']}").text
    as_("hao").post(f"/identities/{number}/guardians/{world.identities['pan']}/end")
    assert number not in queries.guardians_of([number])


@pytest.mark.parametrize("guardian", ["tang", "nobody9", "mei", ""])
def test_nobody_else_becomes_a_guardian(as_, world, guardian):
    answer = as_("hao").post(f"/identities/{world.identities['qiu']}/guardians", guardian=guardian, relation="uncle")
    assert answer.status_code == 422
    assert "uncle" in answer.text


def test_a_teacher_has_no_guardian(as_, world):
    answer = as_("hao").post(f"/identities/{world.identities['tang']}/guardians", guardian="pan", relation="x")
    assert answer.status_code == 422


def test_the_code_is_offered_where_it_may_be_made_and_only_there(as_, world):
    assert "One-time code" in as_("hao").get(f"/identities/{world.identities['shen']}").text
    with write():
        company = world.organisations["company"]
        db.session.add(Identity(person_id=world.people["shen"], organisation_id=company, kind="staff"))
    assert "One-time code" not in as_("hao").get(f"/identities/{world.identities['shen']}").text


def test_a_guardianship_that_is_not_there_does_not_end(as_, world):
    number, guardian = world.identities["qiu"], world.identities["pan"]
    assert as_("hao").post(f"/identities/{number}/guardians/{guardian}/end").status_code == 404
    assert as_("tang").post(f"/identities/{number}/guardians/{guardian}/end").status_code == 403


def called(world, who):
    db.session.rollback()
    db.session.expire_all()
    row = db.session.get(Identity, world.identities[who])
    return row.name, row.title


def test_an_administrator_changes_title_and_name(as_, world):
    answer = as_("hao").post(f"/identities/{world.identities['shen']}", name="Shen Mo", title="class 3-2")
    assert answer.status_code == 303
    assert called(world, "shen") == ("Shen Mo", "class 3-2")


def test_a_name_that_is_none_is_told_and_the_title_stays_in_the_form(as_, world):
    answer = as_("hao").post(f"/identities/{world.identities['shen']}", name=" ", title="class 3-2")
    assert answer.status_code == 422
    assert "class 3-2" in answer.text and called(world, "shen")[0] == "Student Shen"


def test_the_name_of_somebody_who_is_somebody_elsewhere_too_is_their_own(as_, world):
    with write():
        db.session.add(
            Identity(person_id=world.people["lei"], organisation_id=world.organisations["academy"], kind="teacher")
        )
    assert 'name="name"' not in as_("hao").get(f"/identities/{world.identities['lei']}").text
    as_("hao").post(f"/identities/{world.identities['lei']}", name="Somebody", title="physics")
    assert called(world, "lei") == ("Teacher Lei", "physics")


@pytest.mark.parametrize(("who", "status"), [("tang", 403), ("shen", 403), ("mei", 404), ("ou", 404), ("root", 404)])
def test_nobody_else_does(as_, world, who, status):
    answer = as_(who).post(f"/identities/{world.identities['lei']}", name="X", title="Y")
    assert (answer.status_code, called(world, "lei")) == (status, ("Teacher Lei", "maths"))
