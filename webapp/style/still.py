"""A specimen as it may stand on a page among others: it looks the same and does nothing.

Its ids get a prefix, so that two states of one fragment do not share them; forms go nowhere, links stay here, and
what htmx and our own scripts would act on is taken out. A button below a specimen must not delete post 1.
"""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

from markupsafe import Markup

IDS = ("id", "for", "list", "aria-labelledby", "aria-describedby", "aria-controls")
OUT = ("hx-", "data-", "autofocus", "action", "method", "formaction", "novalidate")
KEPT = ("data-mode", "data-message")
OUTLINE = ("h1", "h2", "h3", "nav", "header", "section")  # of the specimen's page, not of this one
FLOATING = ("rail", "say", "fresh", "toast")  # held in place, not at the edge of the screen


class _Still(HTMLParser):
    def __init__(self, prefix: str) -> None:
        super().__init__(convert_charrefs=False)
        self.prefix = prefix
        self.out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]], end: str = ">") -> None:
        told = [pair for name, value in attrs for pair in self._attribute(tag, name, value)]
        if tag in OUTLINE:
            told = [pair for pair in told if not pair[0].startswith("aria-label")] + [("role", "none")]
        if tag == "form":
            told.append(("method", "dialog"))  # outside a dialog: sends nothing
        written = (f' {name}="{escape(value)}"' if value is not None else f" {name}" for name, value in told)
        self.out.append(f"<{tag}{''.join(written)}{end}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs, "/>")

    def _attribute(self, tag: str, name: str, value: str | None) -> list[tuple[str, str | None]]:
        if (name.startswith(OUT) and name not in KEPT) or value == "search":
            return []
        if name in IDS and value:
            return [(name, " ".join(f"{self.prefix}-{each}" for each in value.split()))]
        if name == "href" and tag == "a":
            return [(name, f"#{self.prefix}")]
        if name == "class" and value and set(value.split()) & set(FLOATING):
            return [(name, f"{value} still")]
        return [(name, value)]

    def handle_endtag(self, tag: str) -> None:
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")


def still(html: str, prefix: str) -> Markup:
    """The same HTML, held still; `prefix` is the id of the place where it stands."""
    parser = _Still(prefix)
    parser.feed(html)
    parser.close()
    return Markup("".join(parser.out))
