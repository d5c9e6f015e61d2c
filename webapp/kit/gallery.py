"""Specimens: every fragment and every macro drawn with realistic data, for /-/style and for the tests.

    @specimen("feed/_counts.html", "nobody said anything yet")
    def silent(): return {"thread": thread(comments=0)}

    @macro("components/macros.html", "ring", "{{ ring(name, teacher=True) }}", "a teacher")
    def teacher(): return {"name": "Lin"}

A capability declares its own in `webapp/<capability>/specimens.py`, which webapp/app.py names. A maker is called when
it is shown, in the language of that moment; it writes nothing: its rows are made and never added to a session.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from webapp.kit import i18n

Context = dict[str, Any]
Make = Callable[[], Context]
FRAGMENTS, MACROS = "*/_*.html", "*/macros.html"
_NEEDS = re.compile(r"\{#-? needs: (.*?) ?-?#\}", re.S)
_MACRO = re.compile(r"\{%-? macro (\w+)\((.*?)\) -?%\}", re.S)


@dataclass(frozen=True)
class Specimen:
    """One state of a fragment, or of a macro (then `macro` and the `call` that shows it)."""

    template: str
    state: str
    make: Make
    within: str = ""  # the classes of the list that its rows stand in
    macro: str = ""
    call: str = ""

    @property
    def name(self) -> str:
        return f"{self.template}:{self.macro}" if self.macro else self.template

    def draw(self, env: Environment) -> Markup:
        """The HTML, made of nothing but the specimen's own context, as the live push draws it."""
        if not self.macro:
            return Markup(env.get_template(self.template).render(self.make()).strip())
        source = f'{{% from "{self.template}" import {self.macro} %}}{self.call}'
        return Markup(env.from_string(source).render(self.make()).strip())


_specimens: list[Specimen] = []


def specimen(template: str, state: str = "", within: str = "") -> Callable[[Make], Make]:
    """Declare a state of a fragment; the function makes the context that line 1 of the fragment asks for. `within`:
    the classes of the list around its rows ("talk" for a chat)."""

    def declare(make: Make) -> Make:
        _specimens.append(Specimen(template, state, make, within))
        return make

    return declare


def macro(template: str, name: str, call: str, state: str = "") -> Callable[[Make], Make]:
    """Declare a call of a macro; the function makes the names that the call uses."""

    def declare(make: Make) -> Make:
        _specimens.append(Specimen(template, state, make, "", name, call))
        return make

    return declare


def specimens() -> list[Specimen]:
    """All, by name, each name's states in the order in which they were declared."""
    return sorted(_specimens, key=lambda each: each.name)


def either(zh: str, en: str) -> str:
    """Sample text in the language that is being spoken: people write in their own, so it is no translation."""
    return zh if i18n.lang() == "zh" else en


# ---- what the files say --------------------------------------------------------------------------------------
def needs(source: str) -> str:
    """What line 1 of a fragment says it needs, "" where it says nothing."""
    found = _NEEDS.match(source)
    return found[1] if found else ""


def is_run(source: str) -> bool:
    """Whether a fragment is a run of list rows instead of one element; it says so on line 1."""
    return "; rows" in needs(source)


def signatures(source: str) -> Mapping[str, str]:
    """The macros of a file and what they take."""
    return {name: f"{name}({arguments})" for name, arguments in _MACRO.findall(source)}


def names_in(folder: Path) -> set[str]:
    """What wants a specimen in a folder of templates: each fragment, and each macro as `file:macro`."""
    found = {file.relative_to(folder).as_posix() for file in folder.glob(FRAGMENTS)}
    for file in folder.glob(MACROS):
        name = file.relative_to(folder).as_posix()
        found |= {f"{name}:{macro}" for macro in signatures(file.read_text("utf-8"))}
    return found
