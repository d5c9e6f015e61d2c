"""A statement is kept once per sort of viewer: it must answer each of them as one made for them alone would."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.cast import PEOPLE
from webapp.kit.db import db
from webapp.kit.policy import ANONYMOUS, allowed, can, rules, sort_of


@pytest.mark.parametrize("name", sorted(rules()))
def test_a_kept_rule_answers_each_viewer_as_their_own_would(name, world):
    model = rules()[name].model
    rows = db.session.scalars(sa.select(model)).all()
    for who in (*(person[0] for person in PEOPLE), "nobody"):
        viewer = ANONYMOUS if who == "nobody" else world.viewer(who)
        own = set(db.session.scalars(sa.select(model.id).where(allowed(name, viewer))))
        assert {row.id for row in rows if can(name, viewer, row)} == own, who


def test_viewers_of_one_sort_share_a_statement(world):
    tang, lei, hao = (world.viewer(who) for who in ("tang", "lei", "hao"))
    assert sort_of(tang) is sort_of(lei)
    assert sort_of(tang) is not sort_of(hao), "whoever runs the organisation has other clauses"
