"""Names of elements: the DOM id, the push topic and the test's selector are one."""

from __future__ import annotations

import re
from typing import Any


def dom_id(row: Any, part: str = "") -> str:
    """`post-81`, `post-81-counts`, `feed-row-9`: the row's class and id, and a part of it."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "-", type(row).__name__).lower()
    return f"{name}-{row.id}-{part}" if part else f"{name}-{row.id}"
