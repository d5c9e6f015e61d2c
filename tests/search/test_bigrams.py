"""Text as the index knows it, held against what a plain look through the text would find."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.kit import bigrams
from webapp.search.excerpt import excerpt, spans


def test_chinese_is_every_two_neighbours_and_the_last_alone():
    assert bigrams.words("今天作业") == "今天 天作 作业 业"


def test_words_with_spaces_stand_as_they_are_without_case_accent_or_width():
    assert bigrams.words("Café ＢＥＡＮＳ, 3-2!") == "cafe beans 3 2"


def test_where_chinese_meets_a_word_both_end():
    assert bigrams.words("三年2班Beans") == "三年 年 2 班 beans"


@pytest.mark.parametrize("query", ["", " ", '"', "%_", "（）", "@#@", "🙂", "\u200b"])
def test_what_has_no_letter_asks_for_nothing(query):
    assert bigrams.phrases(query) == [] and bigrams.needles(query) == []


def test_nothing_in_a_query_is_an_operator():
    asked = bigrams.phrases('beans" OR * NEAR(作业 -"x":* & | ! <->')
    assert all(word.isalnum() for phrase in asked for word in phrase.words)


def test_a_query_of_any_length_is_bounded():
    assert len(bigrams.phrases("作业 " * 5_000)) == 1
    assert len(bigrams.phrases(" ".join(map(str, range(5_000))))) <= bigrams.PIECES
    assert len(bigrams.phrases("作" * 10_000)[0].words) <= bigrams.LONG


CHINESE = st.text("今天作业本小明王", min_size=1, max_size=12)


@given(CHINESE, CHINESE)
def test_chinese_is_found_exactly_where_it_stands(text, query):
    stands = bigrams.document(text, ["@mark"], postgresql=False).split()
    assert _finds(stands, bigrams.phrases(query)[0]) == (query in text)


def test_a_class_is_found_by_its_number():
    stands = bigrams.document("三年2班级的家长", [], postgresql=False).split()
    assert all(_finds(stands, bigrams.phrases(query)[0]) for query in ("2班", "年2", "三年2班", "2", "班", "2班级"))
    assert not any(_finds(stands, bigrams.phrases(query)[0]) for query in ("班2", "2家", "3班", "年班"))


def test_a_word_finds_its_other_number():
    assert set(bigrams.phrases("beans")[0].forms) == {("beans",), ("bean",)}
    assert set(bigrams.phrases("bean")[0].forms) == {("bean",), ("beans",)}
    assert bigrams.phrases("as")[0].forms == [("as",)] and bigrams.phrases("2026")[0].forms == [("2026",)]


def test_the_words_of_both_databases_are_the_same():
    assert bigrams.document("作业 two", ["@post"], postgresql=False) == "作 业 @post 作业 业 two"
    assert bigrams.document("作业 two", ["@post"], postgresql=True) == "'作' '业' '@post' '作业':1 '业':2 'two':3"


def _finds(stands: list[str], phrase: bigrams.Phrase) -> bool:
    *whole, last = phrase.words
    for at in range(len(stands) - len(whole)):
        end = stands[at + len(whole)]
        if stands[at : at + len(whole)] == whole and (end.startswith(last) if phrase.begins else end == last):
            return True
    return False


@given(st.text(max_size=60), st.text(max_size=10))
def test_an_excerpt_of_anything_is_escaped_and_loses_nothing(text, query):
    found = spans(text, bigrams.needles(query))
    assert all(0 <= start < stop <= len(text) for start, stop in found)
    shown = excerpt(text, bigrams.needles(query))
    assert "<" not in str(shown).replace("<mark>", "").replace("</mark>", "")


def test_the_stretch_around_the_word_is_shown_with_the_word_marked():
    text = "开头" * 60 + "明天交<作业>，" + "后面" * 60
    assert "明天交&lt;<mark>作业</mark>&gt;" in excerpt(text, ["作业"])
    assert excerpt("Ｃafé au lait", ["cafe"]) == "<mark>Ｃafé</mark> au lait"
    assert excerpt("a scarf and a cafe", ["car"]) == "a scarf and a cafe"
    assert excerpt("a beanstalk", ["bean"]) == "a beanstalk"
    assert excerpt("first class", ["class"]) == "first <mark>class</mark>"
    assert excerpt("a bean, two beans", ["beans"]) == "a <mark>bean</mark>, two <mark>beans</mark>"
