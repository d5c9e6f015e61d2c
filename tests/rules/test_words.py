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
Words = dict[str, str | tuple[str, ...]]
ZH = ROOT / "webapp" / "translations" / "zh"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "lazy": None, "html": None}
IN_TEMPLATES = re.compile(
    r"""\b(?:_|N_)\(\s*"((?:[^"\\]|\\.)*)"|\bngettext\(\s*"((?:[^"\\]|\\.)*)"\s*,\s*"((?:[^"\\]|\\.)*)\""""
)


def used(code: Path = ROOT / "webapp", templates: Path = ROOT / "templates") -> set[str]:
    """Every text that the code asks for; of plurals the singular."""
    found: set[str] = set()
    for file in code.rglob("*.py"):
        for _line, message, *_ in extract("python", io.BytesIO(file.read_bytes()), keywords=KEYWORDS):
            first = message[0] if isinstance(message, tuple) else message
            if first:
                found.add(first)
    for file in templates.rglob("*.html"):
        for match in IN_TEMPLATES.finditer(file.read_text("utf-8")):
            found.add(ast.literal_eval(f'"{match[1] or match[2]}"'))
    return found


def known(folder: Path = ZH) -> Words:
    return {(m.id[0] if isinstance(m.id, tuple) else m.id): m.string for m in merged(folder) if m.id}


def untranslated(texts: set[str], have: Words) -> list[str]:
    return sorted(text for text in texts if not have.get(text) or not all(have[text]))


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def misfilled(have: Words) -> list[str]:
    """Texts whose Chinese fills other {names}; {n} may be left out."""
    forms = ((text, form) for text, found in have.items() for form in ([found] if isinstance(found, str) else found))
    return [text for text, form in forms if names(form) - {"n"} != names(text) - {"n"}]


def shouting(have: Words) -> list[str]:
    return [text for text, chinese in have.items() if "！" in str(chinese) or "成功" in str(chinese)]


def test_every_text_has_its_chinese():
    assert untranslated(used(), known()) == []


def test_no_translation_is_left_over():
    assert sorted(set(known()) - used()) == []


def test_a_translation_fills_the_same_names():
    assert misfilled(known()) == []


def test_the_voice_does_not_shout():
    assert shouting(known()) == []


# ---- each has been seen to fail ------------------------------------------------------------------
def test_texts_are_found_wherever_the_code_may_ask_for_them(tmp_path):
    (tmp_path / "a.py").write_text("_('one')\nN_('two')\nngettext('three', 'threes', n)\nlazy('four')\n")
    (tmp_path / "b.html").write_text('{{ _("five {x}", x=1) }}{{ ngettext("six", "sixes", n) }}{{ _("a \\"b\\"") }}')
    assert used(tmp_path, tmp_path) == {"one", "two", "three", "four", "five {x}", "six", 'a "b"'}


def test_a_missing_an_empty_and_a_half_translation_are_found():
    have: Words = {"one": "一", "two": "", "three": ("三", "")}
    assert untranslated({"one", "two", "three", "four"}, have) == ["four", "three", "two"]


def test_other_names_and_a_loud_voice_are_found():
    assert misfilled({"{a} of {n}": "{b}", "{n} of {a}": "{a}", "{n} day": ("{m} 天",)}) == ["{a} of {n}", "{n} day"]
    assert shouting({"a": "好！", "b": "发送成功", "c": "发好了"}) == ["a", "b"]
