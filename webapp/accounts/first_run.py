"""The first start: whoever reads the server's console becomes its administrator, once."""

from __future__ import annotations

from datetime import timedelta
from hmac import compare_digest

from webapp.accounts import queries
from webapp.kit import throttle
from webapp.kit.ids import derived


def needed() -> bool:
    """Whether nobody is here yet."""
    return queries.nobody_yet()


def code(secret: str) -> str:
    """What `run` prints: only this server's secret makes it, so nothing needs to be stored."""
    return derived(secret, "first run")


def fits(secret: str, given: str) -> bool:
    return compare_digest(code(secret).encode(), given.strip().encode())


def turn() -> bool:
    """Inside write(): whether the first person may be made now. Two who ask at once stand in a row here: the
    bucket's row is locked until the first of them commits."""
    throttle.take("first-run", 1_000_000, timedelta(minutes=1))
    return needed()
