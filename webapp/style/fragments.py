"""How a pushed mark is loaded (from the outbox row itself), and who may follow the topic."""

from __future__ import annotations

from typing import Any

from webapp.kit.policy import Viewer
from webapp.kit.push import pushed, topic
from webapp.style.gate import is_open
from webapp.style.queries import Mark


@pushed("mark")
def mark(key: str, by: str, at: str, heard: str) -> dict[str, Any]:
    return {"mark": Mark.of(key, by, at, heard)}


@topic("style")
def followed(viewer: Viewer, ids: list[int]) -> set[int]:
    """One topic, `style-0`, for all whom the page is open to."""
    return set(ids) & {0} if is_open(viewer) else set()
