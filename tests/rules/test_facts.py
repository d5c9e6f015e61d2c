"""docs/facts.md is what the code says."""

from __future__ import annotations

import dataclasses
import importlib
from pathlib import Path

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
        if file.parent.name == "kit":
            continue
        module = importlib.import_module(f"webapp.{file.parent.name}.events")
        for name, fact in sorted(vars(module).items()):
            if dataclasses.is_dataclass(fact) and fact.__module__ == module.__name__:
                fields = ", ".join(field.name for field in dataclasses.fields(fact))
                heard = ", ".join(sorted(events.heard_by(fact))) or "nobody yet"
                found.append(f"| `{file.parent.name}.{name}` | {fields} | {heard} |")
    return found


def test_the_page_of_facts_is_what_the_code_says():
    assert PAGE.read_text() == HEAD + "\n".join(rows()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(HEAD + "\n".join(rows()) + "\n")
