"""How often a password or a code may be tried: few times for one account from an unknown browser, many for
one address (a school is one address). Nobody locks out another: a browser that signed in before has its own
count.
"""

from __future__ import annotations

import ipaddress
from datetime import timedelta

import sqlalchemy as sa

from webapp.accounts import queries
from webapp.accounts.models import Person
from webapp.kit import throttle
from webapp.kit.db import db
from webapp.kit.ids import digest
from webapp.kit.text import folded

WINDOW = timedelta(minutes=15)
PER_ACCOUNT, PER_ADDRESS = 10, 300


def account_key(person: Person | None, login: str, device: str) -> str:
    """The bucket of (account, browser). An unknown name has one too, so that nothing tells it apart."""
    account = str(person.id) if person else digest(folded(login))
    known = person is not None and queries.knows_device(person.id, device)
    return f"try {account} {digest(device)[:32] if known else ''}"


def address_key(address: str | None) -> str:
    """An IPv4 address, or the /64 that one household has in IPv6."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "try from nowhere"
    if isinstance(found, ipaddress.IPv6Address):
        return f"try from {ipaddress.ip_network((found, 64), strict=False)}"
    return f"try from {found}"


def begin(account: str, address: str) -> bool:
    """Inside write(): whether one more try may be made; it counts at once, so that many at the same moment
    are not one. `succeeded` forgets it."""
    return not throttle.full(address, PER_ADDRESS) and throttle.take(account, PER_ACCOUNT, WINDOW)


def failed(address: str) -> None:
    throttle.take(address, PER_ADDRESS, WINDOW)


def succeeded(account: str) -> None:
    db.session.execute(sa.delete(throttle.Bucket).where(throttle.Bucket.key == account))
