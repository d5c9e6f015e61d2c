"""Rules by which somebody comes into a circle without waiting for anybody; each circle switches them on.

    @admits_by("linked")
    def linked(circle, identity): return <whether the identity is in a group of the circle>

A capability of a higher floor brings its own. A rule brings back nobody whom the circle sent away.
"""

from __future__ import annotations

from collections.abc import Callable

from webapp.accounts.models import Identity
from webapp.circles.models import Circle

Holds = Callable[[Circle, Identity], bool]
_rules: dict[str, Holds] = {}


def admits_by(name: str) -> Callable[[Holds], Holds]:
    """Register the rule behind the circle's switch `admits_<name>`."""

    def declare(holds: Holds) -> Holds:
        _rules[name] = holds
        return holds

    return declare


def rule_for(circle: Circle, identity: Identity) -> str:
    """The name of a rule of this circle that lets the identity in, or ""."""
    switched_on = (name for name in _rules if getattr(circle, f"admits_{name}"))
    return next((name for name in switched_on if _rules[name](circle, identity)), "")


@admits_by("verified")
def verified(circle: Circle, identity: Identity) -> bool:
    """The owning organisation knows them."""
    own = identity.organisation_id is not None and identity.organisation_id == circle.organisation_id
    return own and identity.verified_at is not None and identity.ended_at is None
