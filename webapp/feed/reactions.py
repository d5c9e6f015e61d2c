"""What one can say about a card with one tap. A key belongs to one axis; a person has one on each axis."""

from __future__ import annotations

from webapp.kit.i18n import N_

MOODS = {
    "like": N_("Like"),
    "flower": N_("Flower"),
    "laugh": N_("Made me laugh"),
    "hug": N_("Hug"),
    "aha": N_("Aha"),
}
SIGNALS = {
    "got": N_("I got it"),
    "lost": N_("I did not get it"),
    "again": N_("Explain it again"),
}  # to a teacher, without names
WORDS = {**MOODS, **SIGNALS}
VOTERS = 5  # fewer signals are not shown: three pupils could tell who did not get it


def axis_of(key: str) -> str | None:
    """`mood`, `signal`, or None for what is no reaction."""
    return "mood" if key in MOODS else "signal" if key in SIGNALS else None


def shown(counts: dict[str, int]) -> list[tuple[str, int]]:
    """What everybody may see of the counters: (words, number), signals only from five voters on."""
    signals = sum(counts.get(key, 0) for key in SIGNALS)
    keys = [*MOODS, *(SIGNALS if signals >= VOTERS else ())]
    return [(WORDS[key], counts[key]) for key in keys if counts.get(key)]
