"""Whoever sends too much in a minute is told so, loses nothing, and holds up nobody else."""

from __future__ import annotations

import pytest

from tests.posts.acting import post_as
from webapp.feed.queries import thread_of
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


@pytest.fixture
def few(monkeypatch):
    """Three of each a minute."""
    for what in throttle._pace:
        monkeypatch.setitem(throttle._pace, what, 3)


def statuses(browser, path, times=4, **form):
    return [browser.post(path, **form).status_code for _ in range(times)]


def test_links_that_invite_are_made_a_few_a_minute(few, as_, world):
    path = f"/circles/{world.circles['birds']}/invitations"
    form = {"days": "7", "role": "member", "tag": "", "limit": "12"}
    assert statuses(as_("yu"), path, **form) == [303, 303, 303, 429]
    refused = as_("yu").post(path, **form).text
    assert "Wait a minute" in refused and "12</textarea>" in refused
    assert as_("tang").post(f"/circles/{world.circles['class']}/invitations", **form).status_code == 303


def test_requests_to_join_are_made_a_few_a_minute_and_the_word_is_kept(few, as_, world):
    path = f"/circles/{world.circles['lane']}"
    for _ in range(3):
        as_("ou").post(f"{path}/join", message="I live here")
        as_("ou").post(f"{path}/request/delete")
    refused = as_("ou").post(f"{path}/join", message="I live here")
    assert refused.status_code == 429 and "I live here" in refused.text
    assert as_("lei_private").post(f"{path}/join").status_code == 303


def test_reactions_are_set_a_few_a_minute(few, as_, world):
    post = post_as(world, "tang", "class", "Well done")
    path = f"/threads/{thread_of('post', post).id}/reactions"
    assert statuses(as_("pan"), path, key="like") == [303, 303, 303, 429]
    fragment = as_("pan").post(path, htmx=True, key="like")
    assert fragment.status_code == 429 and "data-message" in fragment.text
    assert as_("lei").post(path, key="like").status_code == 303


def test_people_are_picked_a_few_times_a_minute(few, as_, world):
    picked = ("wen", "hao", "shen", "qiu")
    for who, path in (
        ("tang", f"/circles/{world.circles['class']}/members/pick"),
        ("lei", f"/groups/{world.groups['parents']}/members"),
    ):
        found = [as_(who).post(path, identity=world.identities[each]).status_code for each in picked]
        assert found == [303, 303, 303, 429]


def look(browser, path):
    answer = browser.get(path)
    answer.close()  # what a GET notes down is written when its answer is out
    return answer


SEARCHES = (
    ("root", "/people", "Teacher"),
    ("tang", "/organisations/{school}", "Teacher"),
    ("tang", "/circles/{class}/members", "Par"),
    ("tang", "/circles/{class}/members/pick", "Par"),
    ("tang", "/circles/{class}/hand-over", "Lei"),
    ("tang", "/circles/{class}/mentions", "Par"),
    ("tang", "/groups/{parents}/members", "Par"),
    ("tang", "/groups/{parents}/members/add", "Wen"),
    ("tang", "/groups/{parents}/mentions", "Par"),
)


@pytest.mark.parametrize(("who", "path", "name"), SEARCHES)
def test_names_are_looked_for_a_few_times_a_minute(few, as_, world, who, path, name):
    path = path.format(**world.organisations, **world.circles, **world.groups)
    browser = as_(who)
    for _ in range(3):
        assert look(browser, f"{path}?q={name}").status_code == 200
    refused = browser.get(f"{path}?q={name}")
    assert refused.status_code == 429 and name in refused.text and 'method="get"' in refused.text
    if not path.endswith("mentions"):
        assert browser.get(path).status_code == 200  # looking at the list is no search


def test_it_says_so_in_the_persons_language(few, as_):
    browser = as_("pan")
    browser.post("/me", name="Parent Pan", about="", lang="zh", zone="", theme="")
    for _ in range(3):
        look(browser, "/circles?q=a")
    assert "等一分钟" in browser.get("/circles?q=a").text
