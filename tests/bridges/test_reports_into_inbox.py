"""Reports stand in the inbox of those who decide, and what was decided in that of whom it is about."""

from __future__ import annotations

import pytest

from tests.groups.test_links import publish
from tests.moderation.test_reports import send

WAITS, DECIDED = "A report waits for your decision", "A decision was made about you"


@pytest.fixture
def post(world):
    return publish(world, "A bad word", who="lei")


@pytest.fixture
def case(as_, post):
    """Parent Pan reports a post of Teacher Lei to the circle."""
    return send(as_("pan"), f"/posts/{post}/report", desk="circle")


def inbox(as_, who):
    return as_(who).get("/inbox").text


def test_who_decides_has_it_waiting_and_nobody_else(as_, case):
    assert WAITS in inbox(as_, "tang")
    for who in ("lei", "pan", "shen", "ou"):
        assert WAITS not in inbox(as_, who), who


def test_once_decided_it_waits_no_more_and_reaches_whom_it_is_about(as_, case):
    assert as_("tang").post(f"/cases/{case}", outcome="warned", reason="Not in this tone").status_code == 303
    assert WAITS not in inbox(as_, "tang")
    page = inbox(as_, "lei")
    assert DECIDED in page and "Not in this tone" in page
    assert DECIDED not in inbox(as_, "pan")


def test_nobody_hears_of_what_was_dismissed(as_, case):
    assert as_("tang").post(f"/cases/{case}", outcome="dismissed", reason="Nothing wrong").status_code == 303
    assert WAITS not in inbox(as_, "tang") and DECIDED not in inbox(as_, "lei")
