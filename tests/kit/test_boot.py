"""The application stands: a world is made, a person is known by their cookie."""

from __future__ import annotations

from webapp.circles.models import Circle
from webapp.circles.policy import Rule
from webapp.kit import policy


def test_a_member_sees_the_circle_and_an_outsider_does_not(app, world):
    tang, ou = world.viewer("tang"), world.viewer("ou")
    circle = policy.access(Rule.CIRCLE_READ, tang, Circle, world.circles["class"])
    assert policy.can(Rule.CIRCLE_POST, tang, circle)
    assert not policy.can(Rule.CIRCLE_FIND, ou, circle)
