"""Both languages are complete: every text in the code has its Chinese, and none is left over."""

from __future__ import annotations

import ast
import io
import re
import string
from pathlib import Path

from babel.messages.extract import extract

from webapp.kit.words import merged

ROOT = Path(__file__).parents[2]
ZH = ROOT / "webapp" / "translations" / "zh"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "lazy": None, "html": None}
IN_TEMPLATES = re.compile(
    r"""\b(?:_|N_)\(\s*"((?:[^"\\]|\\.)*)"|\bngettext\(\s*"((?:[^"\\]|\\.)*)"\s*,\s*"((?:[^"\\]|\\.)*)\""""
)


def used() -> set[str]:
    """Every text that the code asks for; of plurals the singular."""
    found: set[str] = set()
    for file in (ROOT / "webapp").rglob("*.py"):
        for _line, message, *_ in extract("python", io.BytesIO(file.read_bytes()), keywords=KEYWORDS):
            first = message[0] if isinstance(message, tuple) else message
            if first:
                found.add(first)
    for file in (ROOT / "templates").rglob("*.html"):
        for match in IN_TEMPLATES.finditer(file.read_text()):
            found.add(ast.literal_eval(f'"{match[1] or match[2]}"'))
    return found


def known() -> dict[str, str | tuple[str, ...]]:
    return {(m.id[0] if isinstance(m.id, tuple) else m.id): m.string for m in merged(ZH) if m.id}


def test_every_text_has_its_chinese():
    have = known()
    assert sorted(text for text in used() if not have.get(text) or not all(have[text])) == []


def test_no_translation_is_left_over():
    assert sorted(set(known()) - used()) == []


def test_a_translation_fills_the_same_names():
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    wrong = []
    for text, chinese in known().items():
        forms = [chinese] if isinstance(chinese, str) else list(chinese)
        wrong += [text for form in forms if names(form) - {"n"} != names(text) - {"n"}]
    assert wrong == []


def test_the_voice_does_not_shout():
    shouting = [text for text, chinese in known().items() if "！" in str(chinese) or "成功" in str(chinese)]
    assert shouting == []
