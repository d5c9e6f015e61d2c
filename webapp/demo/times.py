"""Times and placeholders of the demo's files, relative to the moment at which the world is loaded.

`-6d 16:20` calendar days, `-6b 16:20` working days, `sat-1` the last Saturday, `now-90m` minutes before loading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

_DAY = re.compile(r"^(?:([+-]\d+)([db])|(sat)-(\d+)(?:([+-]\d+)d)?)$")
_HOLE = re.compile(r"\{([^{}]*)\}")
_WEEK = {
    "zh": ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_NEAR = {"zh": {-1: "昨天", 0: "今天", 1: "明天"}, "en": {-1: "yesterday", 0: "today", 1: "tomorrow"}}
_OUTING = {"zh": ("秋游", "春游"), "en": ("autumn outing", "spring outing")}
WAKING = time(7), time(22)  # people write between these; outside them "now" is the evening before


def day(text: str, start: date) -> date:
    """A written day. Raises ValueError for one that cannot be read."""
    match = _DAY.match(text)
    if not match:
        raise ValueError(f"no day: {text!r}")
    if match[3]:
        back = (start.weekday() - 5) % 7 or 7
        return start - timedelta(back + 7 * (int(match[4]) - 1)) + timedelta(int(match[5] or 0))
    count = int(match[1])
    if match[2] == "d":
        return start + timedelta(count)
    step = 1 if count > 0 else -1
    while count:
        start += timedelta(step)
        count -= step if start.weekday() < 5 else 0
    return start


def span(text: str) -> timedelta:
    """`25m`, `3h`."""
    return timedelta(minutes=int(text[:-1]) * {"m": 1, "h": 60}[text[-1]])


def moment(text: str, now: datetime) -> datetime:
    """A written moment, for a world loaded at `now` (the organisation's wall clock)."""
    if text.startswith("now-"):
        then = now - span(text[4:])
        if WAKING[0] <= then.time() <= WAKING[1]:
            return then
        evening = now.date() if now.time() > WAKING[1] else now.date() - timedelta(1)
        return datetime.combine(evening, time(21, 30)) - span(text[4:])
    written, _, clock = text.partition(" ")
    hour, minute = map(int, clock.split(":")) if clock else (0, 0)
    return datetime.combine(day(written, now.date()), time(hour, minute))


def filled(text: str, lang: str, at: datetime, now: datetime, names: Mapping[str, str]) -> str:
    """The text with {day:…}, {date:…}, {outing} and {@key} filled in, near words seen from the moment `at`."""

    def fill(match: re.Match[str]) -> str:
        word, _, argument = match[1].partition(":")
        if word.startswith("@"):
            return "@" + names[word[1:]] + " "
        if word == "outing":
            return _OUTING[lang][2 <= now.month <= 7]
        return _named_day(word, day(argument, now.date()), at, lang)

    return _HOLE.sub(fill, text).replace("  ", " ")


def _named_day(word: str, that: date, at: datetime, lang: str) -> str:
    gap = (that - at.date()).days
    full = f"{that.month}月{that.day}日" if lang == "zh" else f"{that.day} {that:%B}"
    shown = full if word == "date" or abs(gap) > 6 else _NEAR[lang].get(gap) or _WEEK[lang][that.weekday()]
    return shown[0].upper() + shown[1:] if word == "Day" else shown
