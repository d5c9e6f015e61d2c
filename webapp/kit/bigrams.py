"""Text as the search index knows it, the same on both databases.

Chinese has no spaces, so every two neighbouring characters are a word: `今天作业` → `今天 天作 作业 业`; what is
written with spaces is a word as it stands. A text of any length is then a phrase of such words: found wherever it
stands, a name inside a sentence too. Every character stands in the index once by itself as well, for who asks for one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

# Thai to Burmese and Khmer, then East Asia: written without spaces, or with endings that grow onto the word.
_CLOSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_PIECE = re.compile(rf"(?P<close>[{_CLOSE}]+)|(?P<word>[^\W_{_CLOSE}]+)")
PIECES = 8  # words and phrases of one query; what comes after them narrows nothing more
LONG = 40  # characters of one phrase, and of one word, that are compared
PLURAL = 3  # letters from which on a word has its other number: "bean" finds "beans", and the other way


@dataclass(frozen=True)
class Phrase:
    """Words that stand one after another. With `begins` the last one is only the beginning of a word; `others` are
    forms that may stand in its place."""

    words: tuple[str, ...]
    begins: bool = False
    others: tuple[str, ...] = ()

    @property
    def forms(self) -> list[tuple[str, ...]]:
        return [self.words, *((*self.words[:-1], other) for other in self.others)]


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
    """The stretches of a query, folded."""
    stretches = dict.fromkeys(each[:LONG] for each in plain(query[: PIECES * LONG]).split())
    return [each for each in stretches if _PIECE.search(each)][:PIECES]


def phrases(query: str) -> list[Phrase]:
    """What a query asks for: all of these. Empty where there is no letter and no digit in it."""
    return [_phrase(list(_PIECE.finditer(each))) for each in needles(query)]


def document(text: str, marks: Sequence[str], postgresql: bool) -> str:
    """The index's column for a text: its characters and the marks by which it is filtered, then its words in order;
    on PostgreSQL as the text of a tsvector."""
    before, spelled = [*alone(text), *marks], words(text).split()
    if not postgresql:
        return " ".join([*before, *spelled])
    return " ".join(
        [*(f"'{each}'" for each in before), *(f"'{each}':{place}" for place, each in enumerate(spelled, 1))]
    )


def alone(text: str) -> list[str]:
    """The characters of a text that are written without spaces, each once."""
    return list(dict.fromkeys(char for piece in _PIECE.finditer(plain(text)) if piece["close"] for char in piece[0]))


def _phrase(pieces: list[re.Match[str]]) -> Phrase:
    spelled = [word for piece in pieces[:-1] for word in _spelled(piece, whole=True)]
    last = pieces[-1]
    if last["word"] is not None:
        return Phrase((*spelled, last[0]), others=_other_number(last[0]))
    single = len(last[0]) == 1
    return Phrase((*spelled, *_spelled(last, whole=single)), begins=single and bool(spelled))


def _other_number(word: str) -> tuple[str, ...]:
    one = singular(word)
    if one != word:
        return (one,)
    return (f"{word}s",) if len(word) >= PLURAL and word.isascii() and word.isalpha() and word[-1] != "s" else ()


def singular(word: str) -> str:
    """Without the s of a plural, as far as the letters tell."""
    plural = len(word) > PLURAL and word.isascii() and word.isalpha() and word.endswith("s") and word[-2] != "s"
    return word[:-1] if plural else word


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
