"""Specimens of searching."""

from __future__ import annotations

from datetime import timedelta

from webapp.accounts.specimens import deng, lin
from webapp.kit import clock
from webapp.kit.finding import Hit, findables
from webapp.kit.gallery import Context, either, specimen
from webapp.search.excerpt import excerpt
from webapp.search.queries import Line


@specimen("search/_field.html")
def field() -> Context:
    return {}


@specimen("search/_hit.html", "a post, the word marked", within="list")
def hit() -> Context:
    words = either("绿豆第 5 天，出芽了。", "Mung beans, day 5: a sprout.")
    sought = either("绿豆", "beans")
    at, where = clock.now() - timedelta(days=3), either("三年二班", "Class 3-2")
    hit = Hit("/posts/1", lin().name, words, lin().title, where, at, lin().initials, "p t", "class")
    return {"line": Line("post", hit), "hit": hit, "kinds": findables(), "marked": lambda text: excerpt(text, [sought])}


@specimen("search/_hit.html", "a person", within="list")
def hit_person() -> Context:
    hit = Hit("/circles/1/members/2", deng().name, role=deng().title, ring=deng().initials, look="p")
    return {"line": Line("person", hit), "hit": hit, "kinds": findables(), "marked": lambda text: excerpt(text, [])}
