"""Text as the search index knows it, the same on both databases.

Chinese has no spaces, so every two neighbouring characters are a word: `今天作业` → `今天 天作 作业 业`; what is
written with spaces is a word as it stands. A text of any length is then a phrase of such words: found wherever it
stands, a name inside a sentence too. The last character of a stretch stands alone, so that one character is the
beginning of a word wherever it occurs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# Thai to Burmese and Khmer, then East Asia: written without spaces, or with endings that grow onto the word.
_CLOSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_PIECE = re.compile(rf"(?P<close>[{_CLOSE}]+)|(?P<word>[^\W_{_CLOSE}]+)")
PIECES = 8  # words and phrases of one query; what comes after them narrows nothing more
LONG = 40  # characters of one phrase, and of one word, that are compared
BEGINS = 3  # from here on a Latin word is a beginning: "bean" finds "beans"


@dataclass(frozen=True)
class Phrase:
    """Words that stand one after another; with `begins` the last one is only the beginning of a word."""

    words: tuple[str, ...]
    begins: bool


@lru_cache(maxsize=20_000)
def folded(char: str) -> str:
    """One character as it is compared: no case, no accent, no full width."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", char) if unicodedata.category(each) != "Mn")
    return "".join(each for each in unicodedata.normalize("NFC", bare).casefold() if each.isalnum())


def plain(text: str) -> str:
    """The whole text folded; whatever is neither letter nor digit is a space."""
    return "".join(folded(char) or " " for char in text)


def words(text: str) -> str:
    """What of a text goes into the index."""
    return " ".join(word for piece in _PIECE.finditer(plain(text)) for word in _spelled(piece, whole=True))


def needles(query: str) -> list[str]:
    """The stretches of a query, folded: what is marked where it was found."""
    stretches = dict.fromkeys(each[:LONG] for each in plain(query[: PIECES * LONG]).split())
    return [each for each in stretches if _PIECE.search(each)][:PIECES]


def phrases(query: str) -> list[Phrase]:
    """What a query asks for: all of these. Empty where there is no letter and no digit in it."""
    return [_phrase(list(_PIECE.finditer(each))) for each in needles(query)]


def _phrase(pieces: list[re.Match[str]]) -> Phrase:
    spelled = [word for piece in pieces[:-1] for word in _spelled(piece, whole=True)]
    last = pieces[-1]
    alone = last["close"] is not None and len(last[0]) == 1
    begins = alone or (last["word"] is not None and len(last[0]) >= BEGINS and not last[0].isdigit())
    return Phrase((*spelled, *_spelled(last, whole=alone)), begins)


def _spelled(piece: re.Match[str], whole: bool) -> Iterator[str]:
    """The words of a piece; `whole` says that the stretch ends here, so its last character stands alone too."""
    text = piece[0]
    if piece["word"] is not None:
        yield text[:LONG]
        return
    for at in range(len(text) - 1):
        yield text[at : at + 2]
    if whole:
        yield text[-1]


def is_word(char: str) -> bool:
    """Whether a folded character belongs to words with spaces between them."""
    piece = _PIECE.fullmatch(char)
    return piece is not None and piece["word"] is not None
