import pytest
import sqlalchemy as sa

from webapp.accounts.models import Identity, Person, SignIn
from webapp.accounts.policy import Rule as AccountRule
from webapp.kit.db import db
from webapp.kit.policy import ANONYMOUS, allowed, can, rules
from webapp.organisations.models import Organisation
from webapp.organisations.policy import Rule

WHO = ("tang", "shen", "pan", "hao", "hao_private", "ning", "mei", "sun", "ou", "root")
MODELS = (Identity, Organisation, Person, SignIn)


@pytest.mark.parametrize("name", [*Rule, *AccountRule])
def test_list_and_check_are_one_question(app, world, name):
    model = rules()[name].model
    assert model in MODELS
    for viewer in (ANONYMOUS, *(world.viewer(who) for who in WHO)):
        listed = set(db.session.scalars(sa.select(model.id).where(allowed(name, viewer))))
        checked = {row.id for row in db.session.scalars(sa.select(model)) if can(name, viewer, row)}
        assert listed == checked


@pytest.mark.parametrize("name", [*Rule, *AccountRule])
def test_a_stranger_may_nothing(app, world, name):
    assert not db.session.scalars(sa.select(rules()[name].model.id).where(allowed(name, ANONYMOUS))).all()


@pytest.mark.parametrize("enum", [Rule, AccountRule])
def test_the_rules_stand_in_order(enum):
    assert [each.value for each in enum] == sorted(each.value for each in enum)
