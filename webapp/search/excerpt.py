"""What a hit shows: the stretch around the first word that was found, the words marked, all of it escaped."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from webapp.kit import bigrams

BEFORE, LONG = 24, 110  # characters before the first word that was found, and in all


def excerpt(text: str, needles: Sequence[str]) -> Markup:
    """A stretch of the text with the needles (folded stretches of the query) in <mark>."""
    found = spans(text, needles)
    begin = max(0, found[0][0] - BEFORE) if found and len(text) > LONG else 0
    end = min(len(text), begin + LONG)
    out: list[Markup | str] = ["…"] if begin else []
    at = begin
    for start, stop in found:
        if at <= start and stop <= end:
            out += [escape(text[at:start]), Markup("<mark>{}</mark>").format(text[start:stop])]
            at = stop
    out += [escape(text[at:end]), "…" if end < len(text) else ""]
    return Markup("").join(out)


def spans(text: str, needles: Sequence[str]) -> list[tuple[int, int]]:
    """Where the needles stand in the text, from the left, none inside another."""
    folded, origin = list[str](), list[int]()
    for place, char in enumerate(text):
        for each in bigrams.folded(char) or " ":
            folded.append(each)
            origin.append(place)
    plain, found = "".join(folded), list[tuple[int, int]]()
    for needle in map(bigrams.singular, needles):
        at = plain.find(needle)
        while at >= 0:
            end = _end_of_word(plain, at + len(needle))
            if not (_inside_word(plain, at) or _inside_word(plain, end)):
                found.append((origin[at], origin[end - 1] + 1))
            at = plain.find(needle, at + len(needle))
    return _apart(sorted(found, key=lambda span: (span[0], -span[1])))


def _inside_word(plain: str, at: int) -> bool:
    """Chinese begins and ends anywhere; what is written with spaces is found as a whole word."""
    return 0 < at < len(plain) and _latin(plain[at]) and _latin(plain[at - 1])


def _end_of_word(plain: str, end: int) -> int:
    """A plural is marked whole."""
    return end + 1 if plain[end : end + 1] == "s" and _latin(plain[end - 1]) else end


def _latin(char: str) -> bool:
    return bigrams.is_word(char)


def _apart(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept, end = list[tuple[int, int]](), 0
    for span in found:
        if span[0] >= end:
            kept.append(span)
            end = span[1]
    return kept
