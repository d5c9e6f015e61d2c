"""Words: English in the code, other languages in webapp/translations/<lang>.mo; stdlib gettext behind a contextvar.

`_()` answers text with {names} filled in; in templates the result is HTML with the values escaped.
"""

from __future__ import annotations

import gettext as stdlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time
from markupsafe import Markup, escape

from webapp.kit import clock

LANGUAGES = ("zh", "en")
LOCALES = {"zh": "zh_Hans_CN", "en": "en_GB"}
TAGS = {"zh": "zh-CN", "en": "en"}
FOLDER = Path(__file__).parent.parent / "translations"

_lang: ContextVar[str] = ContextVar("lang", default="zh")
_zone: ContextVar[str] = ContextVar("zone", default=clock.DEFAULT_ZONE)


def lang() -> str:
    return _lang.get()


def zone() -> str:
    return _zone.get()


@contextmanager
def speaking(language: str, zone_name: str = "") -> Iterator[None]:
    """Speak this language and this zone inside the block."""
    tokens = speak(language, zone_name)
    try:
        yield
    finally:
        _lang.reset(tokens[0])
        _zone.reset(tokens[1])


def speak(language: str, zone_name: str = "") -> tuple[Any, Any]:
    """Speak this language and zone from now on in this context; a request begins so."""
    known = language if language in LANGUAGES else "zh"
    return _lang.set(known), _zone.set(zone_name or clock.DEFAULT_ZONE)


@lru_cache(maxsize=8)
def _catalogue(language: str) -> stdlib.NullTranslations:
    file = FOLDER / f"{language}.mo"
    if not file.exists():
        return stdlib.NullTranslations()
    with file.open("rb") as compiled:
        return stdlib.GNUTranslations(compiled)


def _(text: str, **values: Any) -> str:
    """The text in the language of this context, its {names} filled in."""
    found = _catalogue(_lang.get()).gettext(text)
    return found.format(**values) if values else found


def ngettext(one: str, many: str, n: int, **values: Any) -> str:
    """The form of the text that this number takes, {n} and the other {names} filled in."""
    return _catalogue(_lang.get()).ngettext(one, many, n).format(n=n, **values)


def N_(text: str) -> str:
    """Mark a text for translation where it is kept and translated later."""
    return text


def html(text: str, **values: Any) -> Markup:
    """`_()` for templates: the translation and the values escaped (a value that is Markup stays)."""
    found = _escaped(_lang.get(), text)
    return found.format(**values) if values else found


def html_n(one: str, many: str, n: int, **values: Any) -> Markup:
    """`ngettext()` for templates."""
    return escape(_catalogue(_lang.get()).ngettext(one, many, n)).format(n=number(n), **values)


@lru_cache(maxsize=4_000)
def _escaped(language: str, text: str) -> Markup:
    return escape(_catalogue(language).gettext(text))


def number(value: int) -> str:
    return f"{value:,}"


def when(moment: datetime) -> str:
    """A moment as one reads it: 16:20 today, yesterday 16:20, 21 Nov 16:20, with the year when it is another."""
    return _when(moment.replace(second=0, microsecond=0), clock.local(clock.now(), zone()).date(), lang(), zone())


@lru_cache(maxsize=20_000)
def _when(moment: datetime, today: Any, language: str, zone_name: str) -> str:
    local = clock.local(moment, zone_name)
    time = f"{local:%H:%M}"
    days = (today - local.date()).days
    with speaking(language, zone_name):
        if days == 0:
            return _("today {time}", time=time)
        if days == 1:
            return _("yesterday {time}", time=time)
    return f"{_date(local, today.year, language)} {time}"


def _date(local: datetime, year: int, language: str) -> str:
    if language == "zh":
        return f"{local.month}月{local.day}日" if local.year == year else f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {local:%b}" if local.year == year else f"{local.day} {local:%b %Y}"


def day(moment: datetime) -> str:
    """The day of a moment, for day lines: today, yesterday, Friday 20 November."""
    local = clock.local(moment, zone()).date()
    today = clock.local(clock.now(), zone()).date()
    if local == today:
        return _("Today")
    if local == today - timedelta(days=1):
        return _("Yesterday")
    pattern = "M月d日 EEEE" if lang() == "zh" else "EEEE d MMMM"
    return format_date(local, pattern if local.year == today.year else "long", locale=LOCALES[lang()])


def hour(moment: datetime) -> str:
    """The time of day: 16:20."""
    return format_time(clock.local(moment, zone()), "HH:mm", locale=LOCALES[lang()])


def full(moment: datetime) -> str:
    """Date and time in full, for receipts and traces."""
    local = clock.local(moment, zone())
    return f"{format_date(local, 'long', locale=LOCALES[lang()])} {local:%H:%M}"


def iso(moment: datetime) -> str:
    """For <time datetime>: UTC with its Z."""
    return moment.replace(microsecond=0).isoformat() + "Z"
