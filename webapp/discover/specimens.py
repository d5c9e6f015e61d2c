"""Specimens of the lists of circles."""

from __future__ import annotations

from datetime import timedelta

from webapp.accounts.specimens import as_viewer, deng, lin
from webapp.circles.kinds import KINDS
from webapp.circles.specimens import circle
from webapp.discover.queries import Offer
from webapp.kit import clock
from webapp.kit.gallery import Context, specimen


@specimen("discover/_tabs.html", "to somebody of an organisation")
def tabs() -> Context:
    return {"at": "discover", "viewer": as_viewer(lin())}


@specimen("discover/_offer.html", "lively, on request")
def offer() -> Context:
    lively = Offer(1, circle("community"), 120, 14, clock.now() - timedelta(hours=2), "")
    return {"one": lively, "kinds": KINDS, "viewer": as_viewer(deng())}


@specimen("discover/_offer.html", "one is in it already, nothing was posted yet")
def offer_inside() -> Context:
    return {"one": Offer(2, circle("interest"), 3, 0, None, "active"), "kinds": KINDS, "viewer": as_viewer(deng())}
