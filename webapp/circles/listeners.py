"""What circles do when an organisation lets somebody go."""

from __future__ import annotations

from webapp.circles.actions.members import end_everywhere
from webapp.kit.events import on
from webapp.organisations.events import IdentityEnded


@on(IdentityEnded)
def leave_circles(fact: IdentityEnded) -> None:
    """An internal circle loses a person the moment the organisation does; so do the others they stood in by it."""
    end_everywhere(fact.identity_id, fact.organisation_id)
