"""docs/facts.md is what the code says."""

from __future__ import annotations

import dataclasses
import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

from webapp import app
from webapp.kit import events

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "facts.md"
HEAD = """# Facts

What actions say happened, and who listens. A fact is heard in the transaction of its cause, so what is rolled back
was never heard. Written by `python -m tests.rules.test_facts`; a test fails when it is out of date.

| fact | carries | heard by |
| --- | --- | --- |
"""


def rows() -> list[str]:
    """A line a fact: its name, its fields, the modules that listen."""
    assert app.LISTENERS
    found = []
    for file in sorted((ROOT / "webapp").glob("*/events.py")):
        if file.parent.name != "kit":
            found += rows_of(file.parent.name, importlib.import_module(f"webapp.{file.parent.name}.events"))
    return found


def rows_of(capability: str, module: ModuleType) -> list[str]:
    """The lines of one capability's facts."""
    facts = sorted((name, each) for name, each in vars(module).items() if dataclasses.is_dataclass(each))
    return [row(capability, name, fact) for name, fact in facts if fact.__module__ == module.__name__]


def row(capability: str, name: str, fact: Any) -> str:
    fields = ", ".join(field.name for field in dataclasses.fields(fact))
    return f"| `{capability}.{name}` | {fields} | {', '.join(sorted(events.heard_by(fact))) or 'nobody yet'} |"


def page(lines: list[str]) -> str:
    return HEAD + "\n".join(lines) + "\n"


def test_the_page_of_facts_is_what_the_code_says():
    assert PAGE.read_text() == page(rows())


def test_a_new_fact_and_a_new_field_would_be_missed_on_the_page():
    module = ModuleType("planted")
    fact = dataclasses.make_dataclass("BoatSailed", [("boat_id", int)], frozen=True)
    fact.__module__ = module.__name__
    vars(module)["BoatSailed"] = fact
    assert rows_of("boats", module) == ["| `boats.BoatSailed` | boat_id | nobody yet |"]
    assert rows_of("boats", module)[0] not in PAGE.read_text()


if __name__ == "__main__":
    PAGE.write_text(page(rows()))
