"""Specimens of links that open without an account."""

from __future__ import annotations

from datetime import timedelta

from webapp.accounts.specimens import lin
from webapp.circles.kinds import KINDS
from webapp.circles.specimens import circle
from webapp.feed.models import Collection
from webapp.kit import clock
from webapp.kit.gallery import Context, either, specimen
from webapp.shared_links.models import SharedLink
from webapp.shared_links.queries import Listed


def _listed(opens: bool) -> Listed:
    link = SharedLink(id=1, opens=12, expires_at=clock.now() + timedelta(days=7), revoked_at=None)
    line = either("绿豆第 5 天，出芽了。", "Mung beans, day 5: a sprout.")
    return Listed(link, circle("community"), lin(), opens, line)


@specimen("shared_links/_listed.html", "opened by twelve", within="list")
def listed() -> Context:
    return {"row": _listed(True)}


@specimen("shared_links/_listed.html", "over", within="list")
def listed_over() -> Context:
    return {"row": _listed(False)}


@specimen("shared_links/_circle.html")
def introduction() -> Context:
    return {"shared": {"circle": circle("community"), "kind": KINDS["community"]}, "link": None}


@specimen("shared_links/_collection.html", "nothing in it yet")
def collection() -> Context:
    made = Collection(id=1, circle_id=1, name=either("新人先看", "For newcomers"))
    return {"shared": {"collection": made, "circle": circle("community"), "cards": []}, "link": None}
