"""The main pages in w3m: they read well, every field is named, every button can be pressed, and the forms do it."""

from __future__ import annotations

import re

import pytest

from tests.cast import PASSWORD
from tests.journeys.plain import Reader, dump, unusable
from webapp.circles.models import Circle
from webapp.groups.models import Group
from webapp.kit.db import db, write
from webapp.kit.templating import GAP
from webapp.posts.actions import publish_post

PAGES = {
    "sign-in": ("nobody", "/sign-in"),
    "home": ("pan", "/"),
    "feed": ("pan", "/circles/{class}"),
    "post": ("pan", "/posts/{post}"),
    "members": ("tang", "/circles/{class}/members"),
    "circle settings": ("tang", "/circles/{class}/settings"),
    "groups": ("pan", "/groups"),
    "chat": ("pan", "/groups/{parents}"),
    "chat settings": ("tang", "/groups/{parents}/settings"),
    "me": ("pan", "/me"),
}
LIVE = ("home", "feed", "post", "chat")


@pytest.fixture
def places(app, world) -> dict[str, int]:
    with write():
        circle = db.session.get_one(Circle, world.circles["class"])
        post = publish_post(world.viewer("tang"), circle, "Bring a ruler tomorrow", "w3m-post")
        assert db.session.get_one(Group, world.groups["parents"])
        return {**world.circles, **world.groups, "post": post.id}


@pytest.fixture
def at(as_, places):
    """`at("pan", "/posts/{post}")`: that person, with that page open."""

    def sit_down(who: str, path: str) -> Reader:
        reader = Reader(as_(who))
        reader.open(path.format_map(places))
        return reader

    return sit_down


@pytest.mark.parametrize("page", PAGES)
def test_every_link_and_field_has_words_and_nothing_stray_is_said(at, page):
    html = at(*PAGES[page]).html
    assert unusable(html) == []
    text = dump(html)
    assert not re.search(r"\b(TT|PP|SS|C3)\b", text), "initials are for those who see rings"
    assert "Connection lost" not in text and "no longer current" not in text
    assert not re.search(r"\b0$", text, re.M), "a badge that counts nothing"


@pytest.mark.parametrize("page", LIVE)
def test_where_others_see_news_by_themselves_one_can_check_for_new(at, page):
    reader = at(*PAGES[page])
    before = reader.path
    reader.follow("Check for new")
    assert reader.path == before


def test_words_that_stand_side_by_side_are_told_apart_in_chinese(app):
    glued, apart = (dump(f"<p><strong>林芳</strong>{gap} <span>老师</span></p>") for gap in ("", GAP))
    assert "林芳老师" in glued
    assert "林芳 · 老师" in apart


def test_one_signs_in(at, world):
    reader = at("nobody", "/sign-in")
    assert "Hello, Teacher Tang" in reader.send(
        "Sign in", **{"User name, phone or e-mail": "tang", "Password": PASSWORD}
    )


def test_one_posts_and_comments(at):
    reader = at("tang", "/circles/{class}")
    assert "A heron on the roof" in reader.send("Publish", Write_a_post="A heron on the roof")
    reader = at("pan", "/posts/{post}")
    text = reader.send("Send", Write_a_comment="It is in the bag")
    assert re.search(r"Parent Pan\s+Shen's mother\s+It is in the bag", text)
    assert "1 comment" in text


def test_one_likes_a_post(at):
    assert "Like 1" in at("pan", "/posts/{post}").send("Like")


def test_one_talks_in_a_group(at):
    reader = at("pan", "/groups/{parents}")
    text = reader.send("Send", Message="Good morning")
    assert re.search(r"Parent Pan \d\d:\d\d\s+Good morning", text)


def test_one_changes_the_own_profile(at):
    reader = at("pan", "/me")
    assert "Reads at night" in reader.send("Keep", About_you="Reads at night")


# ---- the check has been seen to fail -------------------------------------------------------------
@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<a href="/x" aria-label="Back"><svg><use href="#back"/></svg></a>', "link /x"),
        ('<form action="/x" method="post"><input name="q"><button>Go</button></form>', "field q of /x"),
        ('<form action="/x" method="post"><button aria-label="Send"><svg></svg></button></form>', "button of /x"),
        ('<form action="/x" method="post"></form>', "no button of /x"),
    ],
)
def test_what_cannot_be_used_is_found(html, fault):
    assert unusable(html) == [fault]


def test_what_can_be_used_passes():
    form = (
        '<form action="/x" method="post"><label for="q">Name</label><input id="q" name="q"><button>Go</button></form>'
    )
    assert unusable(f'<a href="/x" aria-label="Back"><i hidden>Back</i></a>{form}') == []
