"""Every route says who may use it; changing routes never answer a GET."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import pytest
from flask import Flask

from webapp.circles.policy import Rule as CircleRule
from webapp.kit import policy
from webapp.kit.web import public, requires


def undeclared(app: Flask, known: Iterable[str]) -> set[str]:
    """Endpoints that declare no rule, or one that nobody wrote."""
    fine = {*known, "personal", "platform", "public"}
    endpoints = (url.endpoint for url in app.url_map.iter_rules())
    return {name for name in endpoints if getattr(app.view_functions[name], "rule", None) not in fine}


def both_ways(app: Flask) -> set[str]:
    """Addresses whose view both shows and changes."""
    changing = {"POST", "PUT", "PATCH", "DELETE"}
    return {url.rule for url in app.url_map.iter_rules() if "GET" in url.methods and url.methods & changing}


def misnamed(enum: type[StrEnum], known: Iterable[str]) -> list[str]:
    """What is wrong with the names of one capability's rules."""
    names = [rule.value for rule in enum]
    wrong = [f"{name} is not noun.verb" for name in names if name.count(".") != 1]
    wrong += [f"{name} has no clause" for name in sorted(set(names) - set(known))]
    return wrong + ([] if names == sorted(names) else [f"{enum.__module__} is not sorted"])


def test_every_route_declares_its_rule(app):
    assert undeclared(app, policy.rules()) == set()


def test_no_route_changes_something_by_get(app):
    assert both_ways(app) == set(), "GET and POST of one address are two views"


def test_every_rule_is_named_noun_dot_verb_and_sorted(app):
    enums = {type(name) for name in policy.rules()}
    assert CircleRule in enums
    assert [wrong for enum in enums for wrong in misnamed(enum, policy.rules())] == []


# ---- each has been seen to fail ------------------------------------------------------------------
class Planted(StrEnum):
    THING_SEE = "thing.see"
    THING_EDIT = "thing.edit"
    NONSENSE = "nonsense"


@pytest.fixture
def faulty() -> Flask:
    app = Flask("faulty", static_folder=None)
    app.add_url_rule("/forgotten", "forgotten", lambda: "")
    app.add_url_rule("/unwritten", "unwritten", requires(Planted.THING_EDIT)(lambda: ""))
    app.add_url_rule("/fine", "fine", public(lambda: ""))
    app.add_url_rule("/both", "both", requires(Planted.THING_SEE)(lambda: ""), methods=["GET", "POST"])
    return app


def test_a_route_without_a_rule_and_one_with_an_unwritten_rule_are_found(faulty):
    assert undeclared(faulty, ["thing.see"]) == {"forgotten", "unwritten"}


def test_a_view_that_shows_and_changes_is_found(faulty):
    assert both_ways(faulty) == {"/both"}


def test_a_badly_named_rule_is_found():
    assert misnamed(Planted, ["thing.see", "thing.edit"]) == [
        "nonsense is not noun.verb", "nonsense has no clause", f"{__name__} is not sorted",
    ]  # fmt: skip
