"""Text: cleaned before it is stored, safe and clickable when it is shown."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from webapp.kit import text


def test_control_characters_go_and_line_breaks_stay():
    assert text.clean("a\x00b\r\nc\u202ed\u200b ") == "ab\ncd"


def test_a_family_of_joined_emoji_stays_together():
    family = "👩\u200d👧"
    assert text.clean_line(f" {family}  x ") == f"{family} x"


@pytest.mark.parametrize("blank", ["", " ", "\u3164", "\u2800\u115f", "\u200d"])
def test_what_nobody_would_see_is_blank(blank):
    assert text.is_blank(blank)


@pytest.mark.parametrize(
    ("name", "ring"), [("林芳", "芳"), ("Lin Fang", "LF"), ("Maeve", "M"), ("Feng An’an", "FA"), ("", "?")]
)
def test_initials(name, ring):
    assert text.initials(name) == ring


@pytest.mark.parametrize(
    ("name", "ring"), [("三年级二班", "三二"), ("三（2）班家长群", "三2"), ("城市观鸟", "城市"), ("Class 3-2", "C3")]
)
def test_the_ring_of_a_circle(name, ring):
    assert text.short(name) == ring


def test_links_stop_at_chinese_punctuation_and_are_not_followed():
    shown = text.rich("看https://a.test/x?y=1，好。")
    assert '<a href="https://a.test/x?y=1"' in shown and "noopener" in shown and "</a>，好。" in shown


@pytest.mark.parametrize("evil", ["javascript:alert(1)", "data:text/html,x", "//evil.test", "<img src=x onerror=a>"])
def test_nothing_else_becomes_a_link_or_markup(evil):
    shown = text.rich(evil)
    assert "<a" not in shown and "<img" not in shown and isinstance(shown, Markup)


def test_topics_in_both_ways_of_writing():
    assert text.topics_in("#观察日记# 和 #maths 也 #observation diary# 而 https://a.test/#x") == [
        "观察日记",
        "maths",
        "observation diary",
    ]


def test_a_mention_takes_the_name_it_knows_and_no_more():
    def find(words):
        return ("林芳", "/x") if words.startswith("林芳") else None

    assert text.rich("@林芳老师 @nobody", mention_url=find) == '<a href="/x">@林芳</a>老师 @nobody'


def test_an_ampersand_in_a_link_is_escaped_once():
    assert "a=1&amp;b=2" in text.rich("http://a.test/?a=1&b=2") and "amp;amp" not in text.rich("http://a.test/?a=1&b=2")
