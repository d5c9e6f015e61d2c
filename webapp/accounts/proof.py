"""Asking a signed-in person for their password, as seldom as the sign-in page lets it be tried."""

from __future__ import annotations

from webapp.accounts import passwords, tries
from webapp.accounts.models import Person
from webapp.kit.db import write
from webapp.kit.i18n import N_

TOO_OFTEN = N_("Too many tries. Wait a quarter of an hour.")
WRONG = N_("This is not your password.")


def reason_against(person: Person, given: str, address: str | None) -> tuple[int, str]:
    """(status, marked text) why this proves nothing, or (200, ""). Counts the try; outside write(), since it hashes."""
    account, place = f"me {tries.account_key(person, '', '')}", tries.address_key(address)
    with write():
        may_try = tries.begin(account, place)
    if not may_try:
        return 429, TOO_OFTEN
    right = passwords.verify(person.password, given)
    with write():
        if right:
            tries.succeeded(account)
        else:
            tries.failed(place)
    return (200, "") if right else (422, WRONG)
