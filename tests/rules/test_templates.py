"""Templates: fragments sign what they need, and nothing the content security policy forbids stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
OPEN_TO_ALL = {"accounts", "errors", "components", "demo"}


def having(why: str, files: Iterable[Path]) -> list[str]:
    """The files that hold a forbidden thing."""
    return [file.name for file in files if re.search(FORBIDDEN[why], file.read_text("utf-8"))]


def unsigned(file: Path) -> list[str]:
    """What a fragment does not say, or does and should not."""
    text = file.read_text("utf-8")
    wrong = [] if re.match(r"\{#-? needs: ", text) else ["line 1 says {# needs: … #}"]
    return wrong + (["a fragment extends nothing"] if "{% extends" in text else [])


def bare_forms(files: Iterable[Path]) -> list[str]:
    """Files with a changing form that does not carry the identity it was drawn for."""
    return [
        f"{file.parent.name}/{file.name}"
        for file in files
        if file.parent.name not in OPEN_TO_ALL
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", file.read_text("utf-8"), re.S)
        if "carried(" not in form and "_identity" not in form
    ]


@pytest.mark.parametrize("why", FORBIDDEN)
def test_no_template_has(why):
    assert having(why, TEMPLATES) == []


def fragments():
    return [file for file in TEMPLATES if file.name.startswith("_")]


@pytest.mark.parametrize("file", fragments(), ids=lambda file: str(file.relative_to(ROOT / "templates")))
def test_a_fragment_says_what_it_needs_and_extends_nothing(file):
    assert unsigned(file) == []


def test_every_post_form_of_a_signed_in_page_carries_its_identity():
    assert bare_forms(TEMPLATES) == []


# ---- each has been seen to fail ------------------------------------------------------------------
PLANTED = {
    "an inline style": '<p style="x">',
    "an inline script": "<script>x()</script>",
    "an inline handler": '<p onclick="x">',
    "eval by htmx": '<p hx-on:click="x">',
    "unescaped text": "{{ x | safe }}",
    "something from outside": '<img src="//x.test/a">',
    "boost": "<p hx-boost>",
}


@pytest.mark.parametrize("why", FORBIDDEN)
def test_a_planted_forbidden_thing_is_found_and_by_its_own_name(tmp_path, why):
    file = plant(tmp_path, "posts/_x.html", PLANTED[why])
    assert {each for each in FORBIDDEN if having(each, [file])} == {why}


def test_a_fragment_that_signs_nothing_and_one_that_extends_are_found(tmp_path):
    assert unsigned(plant(tmp_path, "posts/_x.html", "<p id=x></p>")) == ["line 1 says {# needs: … #}"]
    page = '{# needs: post #}\n{% extends "layouts/page.html" %}'
    assert unsigned(plant(tmp_path, "posts/_y.html", page)) == ["a fragment extends nothing"]


def test_a_form_that_carries_no_identity_is_found(tmp_path):
    bare = '<form class="card" method="post" action="/posts">\n<button>x</button></form>'
    carrying = bare.replace("<button>", "{{ carried(viewer) }}<button>")
    assert bare_forms([plant(tmp_path, "posts/new.html", carrying + bare)]) == ["posts/new.html"]
    assert bare_forms([plant(tmp_path, "posts/new.html", carrying)]) == []


def plant(folder: Path, name: str, source: str) -> Path:
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(source)
    return file
