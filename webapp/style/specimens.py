"""Specimens of the components that belong to no capability, and of this page's own fragments."""

from __future__ import annotations

from datetime import timedelta

from webapp.accounts.forms import SignUpForm
from webapp.accounts.specimens import as_viewer, lin
from webapp.circles.specimens import NAMES, circle
from webapp.kit import clock
from webapp.kit.errors import WORDS
from webapp.kit.gallery import Context, either, macro, specimen
from webapp.style.queries import Mark

COMPONENTS = "components/macros.html"


@macro(COMPONENTS, "flash_line", "{{ flash_line() }}", "empty: what is said is put in, and read out")
@macro(COMPONENTS, "back", '{{ back("/circles") }}')
def nothing() -> Context:
    return {}


@macro(COMPONENTS, "ring", '{{ ring(name) }} {{ ring(name, "s") }}', "a person, and small")
@macro(
    COMPONENTS, "ring", '{{ ring(name, "l", True) }} {{ ring(name, "", True, here=True) }}', "a teacher; who is here"
)
def person() -> Context:
    return {"name": lin().name}


@macro(COMPONENTS, "circle_ring", "{% for one in circles %}{{ circle_ring(one) }} {% endfor %}", "the five kinds")
@macro(COMPONENTS, "circle_ring", '{{ circle_ring(circles[0], "l", True) }}', "open: something is new")
def circles() -> Context:
    return {"circles": [circle(kind) for kind in NAMES]}


@macro(COMPONENTS, "field", "{{ field(form.name, hint, maxlength=60, required=True) }}", "with a hint")
def field() -> Context:
    return {"form": SignUpForm.blank(name=lin().name), "hint": either("别人看到的名字。", "As people know you.")}


@macro(COMPONENTS, "field", "{{ field(form.name, required=True) }}", "with the reason why not")
def field_wrong() -> Context:
    form = SignUpForm.blank(name="")
    form.validate()
    return {"form": form}


@macro(COMPONENTS, "carried", "{{ carried(viewer) }}", "cannot be seen: every form of a signed-in person carries it")
@macro(COMPONENTS, "button", '{{ button(viewer, "/circles/1/join", words) }}', "quiet")
@macro(COMPONENTS, "button", '{{ button(viewer, "/circles/1/join", words, "btn") }}', "what to do next")
@macro(COMPONENTS, "button", '{{ button(viewer, "/x", words, "act", "bell", ask) }}', "an act, asked before")
def button() -> Context:
    return {"viewer": as_viewer(lin()), "words": either("加入", "Join"), "ask": either("真的加入？", "Really join?")}


@macro(COMPONENTS, "empty", "{{ empty(title, words) }}")
def empty() -> Context:
    title = either("还没有动态", "Nothing here yet")
    return {
        "title": title,
        "words": either("圈子里发的动态会出现在这里。", "What is posted in this circle appears here."),
    }


@specimen("components/_flash.html")
def flash() -> Context:
    return {"words": either("签好了，老师看得到。", "Signed. The teacher can see it.")}


@specimen("errors/_message.html", "what htmx gets of an error")
def error() -> Context:
    title, words = WORDS[500]
    return {"title": title, "words": words, "reference": "7C1F-0B2E"}


def mark(heard: str = "now") -> Mark:
    at = clock.now() - timedelta(minutes=2)
    return Mark.of("sample", lin().name, at.isoformat(), heard)


@specimen("style/_mark.html", "heard in the transaction", within="list")
def mark_now() -> Context:
    return {"mark": mark()}


@specimen("style/_mark.html", "heard by a job", within="list")
def mark_later() -> Context:
    return {"mark": mark("later")}


@specimen("style/_mark_form.html")
def mark_form() -> Context:
    return {"viewer": as_viewer(lin())}
