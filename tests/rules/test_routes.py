"""Every route says who may use it; changing routes never answer a GET."""

from __future__ import annotations

from webapp.circles.policy import Rule as CircleRule
from webapp.kit import policy


def test_every_route_declares_its_rule(app):
    known = {*policy.rules(), "personal", "platform", "public"}
    undeclared = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "rule", None) not in known
    }
    assert undeclared == set()


def test_no_route_changes_something_by_get(app):
    both = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
    }
    assert both == set(), "GET and POST of one address are two views"


def test_every_rule_is_named_noun_dot_verb_and_sorted(app):
    enums = {type(name) for name in _named_rules()}
    assert CircleRule in enums
    for enum in enums:
        names = [rule.value for rule in enum]
        assert names == sorted(names), enum.__module__
        assert all(name.count(".") == 1 for name in names)
        assert set(names) <= set(policy.rules()), "declared in the enum, and nowhere as a clause"


def _named_rules():
    return list(policy.rules())
