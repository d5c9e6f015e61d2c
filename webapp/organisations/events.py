"""What happens in organisations that others follow."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class IdentityEnded:
    """Somebody left the organisation, or left it in this role: all that stood on the identity ends."""

    identity_id: int
    organisation_id: int
