"""What a stolen session must not do asks for the password once more, and is then done as it was asked for."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.accounts.conftest import hidden_fields
from tests.cast import PASSWORD
from tests.conftest import HOST
from webapp.accounts import tries
from webapp.accounts.models import Identity, Person, SignIn
from webapp.accounts.sessions import PROVED
from webapp.circles.models import Membership
from webapp.groups.models import GroupMember
from webapp.kit import clock
from webapp.kit.db import db, write

HOUR = timedelta(hours=1)


@pytest.fixture
def long_in(as_, world):
    """`long_in("hao")` gave the password an hour ago."""

    def browser(who):
        with write():
            proved = clock.now() - HOUR
            db.session.execute(
                sa.update(SignIn).where(SignIn.identity_id == world.identities[who]).values(proved_at=proved)
            )
        return as_(who)

    return browser


def send(browser, path, fields):
    return browser.client.post(path, data=fields, headers=HOST, base_url="http://quanzi.test")


def give(browser, page, password=PASSWORD):
    """Type the password; 307 sends the same fields on, as a browser does."""
    typed = {**hidden_fields(page.text), "_password": password}
    answer = send(browser, "/password-again", typed)
    return send(browser, answer.location, typed) if answer.status_code == 307 else answer


def row_of(model, **keys):
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(sa.select(model).filter_by(**keys)).one()


def place(world, who, model, **where):
    return row_of(model, identity_id=world.identities[who], **where).id


def asking(world):
    """(who, path, form) of everything that asks, each permitted to that person."""
    school, circle, group = world.organisations["school"], world.circles["class"], world.groups["parents"]
    wen, pan, shen = (world.identities[who] for who in ("wen", "pan", "shen"))
    lei = place(world, "lei", Membership, circle_id=circle)
    member = place(world, "pan", GroupMember, group_id=group)
    return [
        ("hao", f"/identities/{wen}/power", {"power": "admin"}),
        ("hao", f"/identities/{wen}/power", {"power": "owner"}),
        ("hao", f"/identities/{wen}/end", {}),
        ("hao", f"/identities/{shen}/guardians", {"guardian": "ex"}),
        ("hao", f"/identities/{shen}/guardians/{pan}/end", {}),
        ("hao", f"/organisations/{school}/people/new", {"name": "New Nan", "login": "nan", "kind": "pupil"}),
        ("hao", f"/people/{world.people['pan']}/code", {}),
        ("root", "/people/new", {"name": "New Nan", "login": "nan"}),
        ("root", f"/people/{world.people['pan']}/appoint", {}),
        ("root", "/organisations/new", {"kind": "school", "organisation": "New", "name": "N", "login": "nan"}),
        ("tang", f"/circles/{circle}/members/{lei}/dismiss", {}),
        ("tang", f"/circles/{circle}/members/{lei}/hand-over", {}),
        ("tang", f"/circles/{circle}/hand-over", {"membership": lei}),
        ("tang", f"/circles/{circle}/invitations", {"days": "7", "role": "admin", "tag": ""}),
        ("tang", f"/groups/{group}/members/{member}/appoint", {}),
        ("tang", f"/groups/{group}/members/{member}/hand-over", {}),
        ("tang", "/me/names", {"username": "tang.li"}),
    ]


@pytest.mark.parametrize("number", range(17))
def test_it_is_asked_and_then_the_thing_is_done(world, long_in, number):
    assert len(asking(world)) == 17
    who, path, form = asking(world)[number]
    browser = long_in(who)
    page = browser.post(path, **form)
    assert page.status_code == 401
    assert hidden_fields(page.text)["_then"] == path
    assert give(browser, page).status_code in (200, 303)
    assert browser.post(path, **form).status_code != 401  # and not again for a while


def test_nothing_is_done_before(world, long_in):
    long_in("hao").post(f"/identities/{world.identities['wen']}/power", power="admin")
    assert row_of(Identity, id=world.identities["wen"]).power == "member"


def test_it_is_done_after(world, long_in):
    browser = long_in("hao")
    give(browser, browser.post(f"/identities/{world.identities['wen']}/power", power="admin"))
    assert row_of(Identity, id=world.identities["wen"]).power == "admin"


def test_a_wrong_password_does_nothing_and_keeps_the_form(world, long_in):
    browser = long_in("hao")
    answer = give(browser, browser.post(f"/identities/{world.identities['wen']}/power", power="admin"), "not this one")
    assert answer.status_code == 422
    assert hidden_fields(answer.text)["power"] == "admin"
    assert row_of(Identity, id=world.identities["wen"]).power == "member"


def test_it_cannot_be_tried_for_ever(world, long_in):
    browser = long_in("tang")
    page = browser.post("/me/names", username="tang.li")
    for _ in range(tries.PER_ACCOUNT):
        give(browser, page, "not this one")
    assert give(browser, page).status_code == 429
    assert row_of(Person, id=world.people["tang"]).username == "tang"


def test_who_may_not_do_it_anyway_is_not_asked(world, long_in):
    assert long_in("tang").post(f"/identities/{world.identities['wen']}/power", power="admin").status_code == 403
    assert long_in("ou").post(f"/people/{world.people['pan']}/code").status_code == 404


def test_everyday_things_do_not_ask(world, long_in):
    browser, circle = long_in("tang"), world.circles["class"]
    lei = place(world, "lei", Membership, circle_id=circle)
    assert browser.post(f"/circles/{circle}/members/{lei}/mute").status_code == 303
    assert browser.post(f"/circles/{circle}/invitations", days="7", role="member", tag="").status_code == 303


def test_somebody_who_has_just_signed_in_is_not_asked(sign_in, world):
    browser, _ = sign_in("hao")
    browser.identity = world.identities["hao"]
    assert browser.post(f"/people/{world.people['pan']}/code").status_code == 200


def test_the_mark_passes(world, as_):
    with write():
        at = clock.now() - PROVED
        db.session.execute(sa.update(SignIn).where(SignIn.identity_id == world.identities["hao"]).values(proved_at=at))
    assert as_("hao").post(f"/people/{world.people['pan']}/code").status_code == 401


def test_switching_the_identity_proves_nothing(world, long_in):
    browser = long_in("tang")
    browser.post("/me/identity", identity=world.identities["tang_private"])
    browser.identity = world.identities["tang_private"]
    assert browser.post("/me/names", username="tang.li").status_code == 401


def test_htmx_is_told_in_one_line_and_the_form_is_sent_plainly(world, long_in):
    answer = long_in("hao").post(f"/people/{world.people['pan']}/code", htmx=True)
    assert answer.status_code == 401
    assert answer.text.startswith('<p id="message" data-message>')


def test_several_lines_and_quotes_survive_the_page(world, long_in):
    text = 'Two lines,\nand "quotes" & <tags>'
    page = long_in("hao").post(f"/identities/{world.identities['wen']}/power", power="admin", note=text)
    assert hidden_fields(page.text)["note"].replace("\r\n", "\n") == text


@pytest.mark.parametrize("then", ["", "//evil.test/x", "https://evil.test", "javascript:alert(1)"])
def test_it_leads_nowhere_else(as_, then):
    assert as_("tang").post("/password-again", _password=PASSWORD, _then=then).status_code == 404


def test_a_code_is_not_shown_before(world, long_in):
    assert not re.search(r'id="code"', long_in("hao").post(f"/people/{world.people['pan']}/code").text)
