"""A text browser that follows links and fills forms by what stands beside the fields, as a person at w3m does."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest

from tests.conftest import HOST, Person

W3M = shutil.which("w3m") or ""
ORIGIN = HOST["Origin"]
UNSEEN = ("hidden", "submit")
TEXTLESS = {"script", "style", "title", "option", "textarea", "use"}


def dump(html: str) -> str:
    """The page as w3m lays it out."""
    if not W3M:
        pytest.skip("w3m is not installed (apt install w3m)")
    command = [W3M, "-dump", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8", "-cols", "80"]
    return subprocess.run(command, input=html.encode(), capture_output=True, check=True).stdout.decode()


@dataclass
class Field:
    name: str
    value: str
    kind: str
    id: str
    label: str = ""
    sent: bool = True  # False: a box that is not ticked


@dataclass
class Form:
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[Field] = field(default_factory=list)  # label: what stands on it


class Forms(HTMLParser):
    """What a browser without style or script sees of a page: its forms, and its links with their words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[Field] = []
        self._labels: dict[str, str] = {}
        self._open: list[Field] = []  # links, buttons and text areas that are being read
        self._label: list[Field] = []
        self._form: Form | None = None
        self._textless = 0
        self.feed(html)
        for form in self.forms:
            for each in form.fields:
                each.label = (each.label or self._labels.get(each.id, "")).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        made = Field(given.get("name", ""), given.get("value", ""), given.get("type", tag), given.get("id", ""))
        self._textless += tag in TEXTLESS
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._form)
        elif tag == "label":
            self._label.append(Field("", "", "label", given.get("for", "")))
        elif tag in ("input", "select", "textarea") and self._form is not None:
            made.label = "…" if self._label else ""  # inside its label: the words follow
            made.sent = made.kind not in ("checkbox", "radio") or "checked" in given
            self._form.fields.append(made)
            self._open += [made] if tag == "textarea" else []
        elif tag == "option" and self._form is not None and "selected" in given:
            self._form.fields[-1].value = made.value  # our selects always say which
        elif tag in ("a", "button"):
            made.value = given.get("href", made.value)
            (self.links if tag == "a" or self._form is None else self._form.buttons).append(made)
            self._open.append(made)

    def handle_endtag(self, tag: str) -> None:
        self._textless -= tag in TEXTLESS
        if tag == "form":
            self._form = None
        elif tag == "label" and self._label:
            label = self._label.pop()
            self._labels[label.id] = label.label
        elif tag in ("a", "button", "textarea") and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        for each in self._open[-1:]:
            if each.kind == "textarea":
                each.value += data.removeprefix("\n")
            elif not self._textless:
                each.label += data
        for each in self._label:
            each.label += data


def unusable(html: str) -> list[str]:
    """Links and buttons without words, and fields that nothing names. (A link to "" is shown by the script only.)"""
    page = Forms(html)
    wrong = [f"link {each.value}" for each in page.links if each.value and not each.label.strip()]
    for form in page.forms:
        seen = [each for each in form.fields if each.kind not in UNSEEN]
        wrong += [f"field {each.name} of {form.action}" for each in seen if not each.label]
        wrong += [f"button of {form.action}" for each in form.buttons if not each.label.strip()]
        if form.method == "post" and not form.buttons:
            wrong.append(f"no button of {form.action}")
    return wrong


class Reader:
    """A person at w3m: it names its last page in Referer, and nothing else says where a form came from."""

    def __init__(self, person: Person) -> None:
        self.person, self.path, self.html = person, "/", ""

    def open(self, path: str) -> str:
        """Go there; the page as text."""
        for _hop in range(5):
            answer = self.person.get(path, **{"User-Agent": "w3m/0.5.3"})
            if answer.status_code not in (302, 303):
                break
            path = answer.location
        assert answer.status_code == 200, (path, answer.status_code)
        self.path, self.html = path, answer.text
        return dump(self.html)

    def follow(self, words: str) -> str:
        link = next(each for each in Forms(self.html).links if each.label.strip() == words)
        return self.open(urljoin(self.path, link.value))

    def send(self, press: str, **filled: str) -> str:
        """Fill the fields with these labels (spaces as _) in the form with this button, press it, read what comes."""
        form = next(one for one in Forms(self.html).forms if press in {each.label.strip() for each in one.buttons})
        button = next(each for each in form.buttons if each.label.strip() == press)
        by_label = {label.replace("_", " "): value for label, value in filled.items()}
        sent = {each.name: by_label.pop(each.label, each.value) for each in form.fields if each.sent}
        assert by_label == {}, f"no field is called {list(by_label)}"
        sent |= {button.name: button.value} if button.name else {}
        headers = {"User-Agent": "w3m/0.5.3", "Origin": "", "Referer": ORIGIN + self.path}
        answer = self.person.client.post(
            form.action, data=sent, base_url=ORIGIN, headers={k: v for k, v in {**HOST, **headers}.items() if v}
        )
        assert answer.status_code in (302, 303), (form.action, answer.status_code, answer.text[:500])
        return self.open(answer.location.removeprefix(ORIGIN))
