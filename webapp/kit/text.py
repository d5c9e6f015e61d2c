"""Text as people type it: cleaned before it is stored, made safe and clickable when it is shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from markupsafe import Markup, escape

# Letters of category Lo that are drawn as nothing (reference: Unicode names HANGUL FILLER and friends, BRAILLE BLANK).
BLANK = frozenset("\u3164\u115f\u1160\uffa0\u2800")
JOINER = "\u200d"  # holds emoji together


def clean(text: str) -> str:
    """NFC, line ends as \\n, no NUL or other control characters but tab and newline, no space at the ends."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(char for char in text if char in "\n\t" or _kept(char)).strip()


def clean_line(text: str) -> str:
    """One line of clean text: white space folded, format characters gone. For names and titles."""
    text = "".join(char for char in clean(text) if unicodedata.category(char) != "Cf" or char == JOINER)
    return " ".join(text.split())


def is_blank(text: str) -> bool:
    """Whether nothing would be seen: only white space, joiners and letters drawn as nothing."""
    return all(char.isspace() or char in BLANK or unicodedata.category(char)[0] in "CZ" for char in text)


def folded(text: str) -> str:
    """What two names are compared by: compatibility form, case folded, white space gone."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def initials(name: str) -> str:
    """What stands in a person's ring: the last character of a Chinese name, else up to two initials."""
    words = name.split()
    if not words:
        return "?"
    if "\u2e80" <= words[-1][-1] <= "\u9fff":
        return words[-1][-1]
    return "".join(word[0] for word in (words[0], words[-1])[: min(2, len(words))]).upper()


def short(name: str) -> str:
    """What stands in a circle's ring: two characters of a Chinese name, else up to two initials."""
    plain = "".join(char for char in name if char.isalnum())
    if plain and "\u2e80" <= plain[0] <= "\u9fff":
        digits = _SCHOOL_CLASS.search(name)
        return digits[1] + digits[2] if digits else plain[:2]
    return initials(name)


_SCHOOL_CLASS = re.compile(r"([一二三四五六七八九初高])年?级?[（(]?([一二三四五六七八九\d])[)）]?班")
_PIECE = re.compile(
    r"(?P<url>https?://[^\s<>\"'，。；：！？、）】》」』（【《「『]+)"
    r"|(?P<topic>#[^\s#@<>](?:[^#@<>\n]{0,28}[^\s#@<>])?#|(?<![\w&/])#[\w一-鿿·]{1,30})"
    r"|(?P<mention>@[^\s@#]{1,40})",
)


def topics_in(text: str) -> list[str]:
    """The topics of a text, `#两个井号之间#` or `#word`, in order, each once."""
    without_urls = _PIECE.finditer(text)
    found = [match["topic"].strip("#") for match in without_urls if match["topic"]]
    return list(dict.fromkeys(name for name in found if name))


def names_after_at(text: str) -> list[str]:
    """What stands behind each @: a name may be followed by more words, so the caller takes the longest known one."""
    return [text[match.start() + 1 :][:40] for match in re.finditer("@", text)]


def rich(
    text: str,
    topic_url: Callable[[str], str] | None = None,
    mention_url: Callable[[str], tuple[str, str | None] | None] | None = None,
) -> Markup:
    """Text as HTML: escaped, line breaks kept, links, topics and mentions clickable.

    `mention_url(words)` takes what follows an @ and answers (the name it begins with, its address or None), or None.
    """
    out: list[Markup | str] = []
    end = 0
    for match in _PIECE.finditer(text):
        if match.start() < end:
            continue
        piece, stop = _piece(text, match, topic_url, mention_url)
        out += [escape(text[end : match.start()]), piece]
        end = stop
    out.append(escape(text[end:]))
    return Markup("").join(out).replace("\n", Markup("<br>"))


def _piece(
    text: str,
    match: re.Match[str],
    topic_url: Callable[[str], str] | None,
    mention_url: Callable[[str], tuple[str, str | None] | None] | None,
) -> tuple[Markup, int]:
    if url := match["url"]:
        url = url.rstrip(".,;:!?)'")
        link = Markup('<a href="{0}" rel="nofollow ugc noopener noreferrer" target="_blank">{0}</a>').format(url)
        return link, match.start() + len(url)
    if (topic := match["topic"]) and topic_url:
        return Markup('<a href="{}">{}</a>').format(topic_url(topic.strip("#")), topic), match.end()
    if match["mention"] and mention_url and (known := mention_url(text[match.start() + 1 :][:40])):
        name, address = known
        shown = Markup('<a href="{}">@{}</a>').format(address, name) if address else Markup("<b>@{}</b>").format(name)
        return shown, match.start() + 1 + len(name)
    return escape(match[0]), match.end()


def _kept(char: str) -> bool:
    category = unicodedata.category(char)
    return category not in ("Cc", "Cs", "Co") and (category != "Cf" or char == JOINER)
