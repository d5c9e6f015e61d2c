"""Whoever sends too much in a minute is told so, loses nothing, and holds up nobody else."""

from __future__ import annotations

import pytest

from webapp.kit import throttle


@pytest.fixture
def slow():
    throttle.allow_writes(3)
    yield
    throttle.allow_writes(1_000_000)


def test_the_fourth_text_of_a_minute_is_refused_in_words_and_kept(slow, as_, world):
    chat, feed = f"/groups/{world.groups['parents']}", f"/circles/{world.circles['class']}"
    assert as_("tang").post(f"{chat}/messages", body="one", client_id="pace-one-1").status_code == 303
    assert as_("tang").post(f"{feed}/posts", body="two", client_id="pace-two-2").status_code == 303
    assert as_("tang").post(f"{chat}/messages", body="three", client_id="pace-three").status_code == 303
    refused = as_("tang").post(f"{chat}/messages", body="a fourth text", client_id="pace-four")
    assert refused.status_code == 429 and "a fourth text" in refused.text and "Wait a minute" in refused.text
    fragment = as_("tang").post(f"{chat}/messages", htmx=True, body="five", client_id="pace-five")
    assert fragment.status_code == 429 and "data-message" in fragment.text
    assert "a fourth text" not in as_("pan").get(chat).text


def test_sending_the_same_once_more_is_not_counted_and_others_go_on(slow, as_, world):
    chat = f"/groups/{world.groups['parents']}"
    for _ in range(5):
        assert as_("tang").post(f"{chat}/messages", body="one", client_id="pace-same").status_code == 303
    for number in range(3):
        assert as_("pan").post(f"{chat}/messages", body="x", client_id=f"pace-pan-{number}").status_code == 303
    assert as_("pan").post(f"{chat}/messages", body="x", client_id="pace-pan-9").status_code == 429
    assert as_("lei").post(f"{chat}/messages", body="x", client_id="pace-lei-1").status_code == 303
