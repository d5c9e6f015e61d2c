"""Every fragment and macro has a specimen, and each specimen is drawn whole: /-/style shows what there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from webapp.kit import gallery
from webapp.kit.gallery import Specimen
from webapp.kit.i18n import LANGUAGES, speaking

TEMPLATES = Path(__file__).parents[2] / "templates"
VOID = {"br", "hr", "img", "input", "link", "meta", "path", "use", "circle"}


class Roots(HTMLParser):
    """The elements of an HTML text that stand in no other one; text between them is a root called `text`."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.depth, self.found = 0, list[tuple[str, dict[str, str | None]]]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.depth:
            self.found.append((tag, dict(attrs)))
        self.depth += tag not in VOID

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.depth:
            self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag not in VOID

    def handle_data(self, data: str) -> None:
        if not self.depth and data.strip():
            self.found.append(("text", {}))


def unshown(folder: Path, specimens: list[Specimen]) -> set[str]:
    """Fragments and macros without a specimen, and specimens of what is not there."""
    return gallery.names_in(folder) ^ {each.name for each in specimens}


def misfit(html: str, run: bool) -> str | None:
    """What is wrong with the roots of a drawn fragment: one element with an id, or rows of a list."""
    roots = Roots(html).found
    if run:
        return None if all(tag == "li" for tag, _ in roots) else "something else than rows"
    if len(roots) != 1:
        return f"{len(roots)} roots"
    return None if roots[0][1].get("id") else "no id"


def faults(specimen: Specimen, env: Environment) -> Iterator[str]:
    """What is wrong with one specimen, in either language."""
    assert env.loader is not None
    source, _name, _fresh = env.loader.get_source(env, specimen.template)
    given = set(specimen.make())
    if not specimen.macro and (more := given - set(re.findall(r"\w+", gallery.needs(source)))):
        yield f"line 1 does not ask for {sorted(more)}"
    for language in LANGUAGES:
        with speaking(language):
            try:
                html = specimen.draw(env)
            except Exception as error:
                yield f"{language}: {type(error).__name__}: {error}"
                continue
        if not specimen.macro and (wrong := misfit(html, gallery.is_run(source))):
            yield f"{language}: {wrong}"


def test_every_fragment_and_every_macro_has_a_specimen(_app):
    assert unshown(TEMPLATES, gallery.specimens()) == set()


def test_every_specimen_is_drawn_from_what_line_1_asks_for(_app: Flask):
    with _app.test_request_context():
        drawn = {f"{each.name} {each.state}": list(faults(each, _app.jinja_env)) for each in gallery.specimens()}
    assert {name: found for name, found in drawn.items() if found} == {}


def test_a_specimen_that_is_missing_is_named(tmp_path):
    plant(tmp_path, "posts/_new.html", "{# needs: nothing #}\n<p id=x></p>")
    plant(tmp_path, "posts/macros.html", "{% macro thing(a) -%}x{%- endmacro %}")
    assert unshown(tmp_path, [Specimen("posts/_old.html", "", dict)]) == {
        "posts/_new.html", "posts/macros.html:thing", "posts/_old.html",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("source", "context", "word"),
    [
        ("{# needs: post #}\n<p id=a>{{ post }}</p>", {}, "'post' is undefined"),
        ("{# needs: post #}\n<p id=a>{{ viewer }}</p>", {"viewer": 1}, "['viewer']"),
        ("{# needs: post #}\n<p>{{ post }}</p>", {"post": 1}, "no id"),
        ("{# needs: post #}\n<p id=a></p><p id=b></p>", {"post": 1}, "2 roots"),
        ("{# needs: post #}\n<p id=a></p>and text", {"post": 1}, "2 roots"),
        ("{# needs: post #}\n{% if not post %}<p id=a></p>{% endif %}", {"post": 1}, "0 roots"),
        ("{# needs: posts; rows: of a feed #}\n<li></li><p></p>", {"posts": 1}, "something else than rows"),
    ],
)
def test_a_planted_fault_in_a_fragment_is_told(tmp_path, source, context, word):
    env = Environment(loader=FileSystemLoader(plant(tmp_path, "x/_y.html", source)), undefined=StrictUndefined)
    assert word in " ".join(faults(Specimen("x/_y.html", "", lambda: context), env))


def test_a_fragment_without_fault_passes(tmp_path):
    source = "{# needs: post #}\n<p id=a>{{ post }}<br><b>x</b></p>"
    env = Environment(loader=FileSystemLoader(plant(tmp_path, "x/_y.html", source)), undefined=StrictUndefined)
    assert list(faults(Specimen("x/_y.html", "", lambda: {"post": 1}), env)) == []


def plant(folder: Path, name: str, source: str) -> Path:
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(source)
    return folder
