"""Time: stored in UTC without a zone, shown in the viewer's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

DEFAULT_ZONE = "Asia/Shanghai"
_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """This moment in UTC, naive as it is stored; or the moment that `at()` set."""
    return _frozen.get() or datetime.now(UTC).replace(tzinfo=None)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Act as if it were that moment (naive UTC): for loading past life, and for tests."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The zone of that name, or the default for an unknown one."""
    return ZoneInfo(name if name in zones() else DEFAULT_ZONE)


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


def local(moment: datetime, zone_name: str) -> datetime:
    """A stored moment as the clock on that zone's wall shows it (aware)."""
    return moment.replace(tzinfo=UTC).astimezone(zone(zone_name))


def stored(wall: datetime, zone_name: str) -> datetime:
    """What that zone's clock shows (naive) as it is stored. Raises OverflowError beyond the calendar."""
    return wall.replace(tzinfo=zone(zone_name)).astimezone(UTC).replace(tzinfo=None)
