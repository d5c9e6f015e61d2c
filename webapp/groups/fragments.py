"""How the fragments of a chat that are pushed are loaded: by id, for no viewer."""

from __future__ import annotations

from typing import Any

from webapp.groups import rows
from webapp.groups.stretch import piece_of
from webapp.kit.push import pushed


@pushed("message")
def message(id: int) -> dict[str, Any] | None:
    row = rows.one(id)
    return {"row": row} if row else None


@pushed("message-day")
def message_day(id: int) -> dict[str, Any] | None:
    """The line above a message that is the first of its day where this is drawn; nothing elsewhere."""
    row = rows.one(id)
    return {"row": piece_of(row)} if row and row.new_day else None
