"""The part of a style sheet that some pages use, for the pages that must weigh nothing.

`used(css, pages)` keeps the rules whose every class, element and attribute stands in those pages, and of the custom
properties those that a kept rule reads. It reads our own sheets: no strings with braces, at-rules one deep.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial

Rule = tuple[str, str]  # selector (or at-rule), what stands in its braces

ALWAYS = frozenset({"html", "body", "root", "lang"})
NAMED = {
    ".": re.compile(r"\.([\w-]+)"),
    "[": re.compile(r"\[([\w-]+)"),
    "#": re.compile(r"#([\w-]+)"),
    "": re.compile(r"(?<![\w.#:\[=\"-])([a-z][a-z0-9]*)"),
}
NEGATED = re.compile(r":not\([^)]*\)")
PSEUDO = re.compile(r"::?[\w-]+(?:\([^)]*\))?")
VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")


def used(css: str, pages: Iterable[str]) -> str:
    """The rules of `css` that these pages' markup uses, in order."""
    names = _names("\n".join(pages))
    kept = _kept(_rules(re.sub(r"/\*.*?\*/", "", css, flags=re.S)), names)
    return _without_idle_variables(kept)


def _names(markup: str) -> frozenset[str]:
    """Elements, .classes, [attributes and #ids that stand in the markup."""
    markup = re.sub(r'\{\{\s*"([\w -]*)" if[^}]*\}\}', r" \1 ", markup)  # class="field{{ " bad" if errors }}"
    found = set(re.findall(r"<([a-z][a-z0-9]*)", markup))
    found |= {f"[{name}" for name in re.findall(r"\s([a-z][a-z-]*)(?==|>|\s)", markup)}
    found |= {f"#{name}" for name in re.findall(r'\sid="([^"]+)"', markup)}
    for words in re.findall(r'\sclass="([^"]*)"', markup):
        found |= {f".{word}" for word in re.findall(r"[\w-]+", words)}
    return frozenset(found)


def _rules(css: str) -> list[Rule]:
    """The outer rules of a sheet."""
    rules, depth, start, head = list[Rule](), 0, 0, ""
    for match in re.finditer(r"[{}]", css):
        if match[0] == "{":
            if depth == 0:
                head, start = css[start : match.start()].strip(), match.end()
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                rules.append((head, css[start : match.start()].strip()))
                start = match.end()
    return rules


def _kept(rules: list[Rule], names: frozenset[str]) -> list[Rule]:
    kept = list[Rule]()
    for head, body in rules:
        if head.startswith("@media") and "reduced-motion" not in head:
            inner = _kept(_rules(body), names)
            if inner:
                kept.append((head, "".join(f"{selector}{{{block}}}" for selector, block in inner)))
        elif not head.startswith("@"):
            selectors = [one.strip() for one in head.split(",") if _is_used(one, names)]
            if selectors:
                kept.append((",".join(selectors), body))
    return kept


def _is_used(selector: str, names: frozenset[str]) -> bool:
    """Whether everything that the selector names stands in the pages; what it negates need not."""
    plain = NEGATED.sub("", selector)
    bare = PSEUDO.sub("", plain)
    asked = {prefix + name for prefix, pattern in NAMED.items() for name in pattern.findall(bare)}
    return all(name in names or name.lstrip(".[#") in ALWAYS for name in asked)


def _without_idle_variables(rules: list[Rule]) -> str:
    """Custom properties that nothing reads go, and then those that only they read."""
    sheet = "".join(f"{head}{{{body}}}" for head, body in rules)
    while True:
        read = set(VARIABLE.findall(sheet))
        less = re.sub(r"(--[\w-]+)\s*:[^;{}]*(;|(?=\}))", partial(_if_read, read), sheet)
        less = re.sub(r"[^{}]*\{\s*\}", "", less)
        if less == sheet:
            return sheet
        sheet = less


def _if_read(read: set[str], declaration: re.Match[str]) -> str:
    return declaration[0] if declaration[1] in read else ""
