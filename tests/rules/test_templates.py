"""Templates: fragments sign what they need, and nothing the content security policy forbids stands in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FORBIDDEN = {
    "an inline style": r"\sstyle=",
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an inline handler": r"\son(click|change|submit|load|input)=",
    "eval by htmx": r"hx-on|hx-vals=.js:|hx-trigger=\"[^\"]*\[",
    "unescaped text": r"\|\s*safe\b",
    "something from outside": r"(src|href)=\"(https?:)?//",
    "boost": r"hx-boost",
}


@pytest.mark.parametrize("why", FORBIDDEN)
def test_no_template_has(why):
    found = [file.name for file in TEMPLATES if re.search(FORBIDDEN[why], file.read_text())]
    assert found == []


def test_each_forbidden_thing_would_be_found():
    planted = {
        "an inline style": '<p style="x">',
        "an inline script": "<script>x()</script>",
        "an inline handler": '<p onclick="x">',
        "eval by htmx": '<p hx-on:click="x">',
        "unescaped text": "{{ x | safe }}",
        "something from outside": '<img src="//x.test/a">',
        "boost": "<p hx-boost>",
    }
    assert all(re.search(FORBIDDEN[why], text) for why, text in planted.items())
    assert planted.keys() == FORBIDDEN.keys()


def fragments():
    return [file for file in TEMPLATES if file.name.startswith("_")]


@pytest.mark.parametrize("file", fragments(), ids=lambda file: str(file.relative_to(ROOT / "templates")))
def test_a_fragment_says_what_it_needs_and_extends_nothing(file):
    text = file.read_text()
    assert re.match(r"\{#-? needs: ", text), "line 1 says {# needs: … #}"
    assert "{% extends" not in text


def test_every_post_form_of_a_signed_in_page_carries_its_identity():
    open_to_all = {"accounts", "errors", "components", "demo"}
    bare = [
        str(file.relative_to(ROOT))
        for file in TEMPLATES
        if file.parent.name not in open_to_all
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", file.read_text(), re.S)
        if "carried(" not in form and "_identity" not in form
    ]
    assert bare == []
