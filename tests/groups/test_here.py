"""Who of a group is online."""

from __future__ import annotations

from webapp.kit import clock
from webapp.kit.db import db, write
from webapp.kit.presence import Present


def test_members_with_an_open_page_are_here(as_, world):
    group = world.groups["parents"]
    with write():
        for who in ("pan", "ou"):
            row = {"worker": "w", "topic": f"group-{group}", "identity_id": world.identities[who]}
            db.session.add(Present(**row, seen_at=clock.now()))
    fragment = as_("tang").get(f"/groups/{group}/here", htmx=True).text
    assert 'aria-label="Parent Pan"' in fragment and "Outsider" not in fragment and "<html" not in fragment
    assert "Parent Pan" in as_("tang").get(f"/groups/{group}/here").text
    assert f'data-live="here-group-{group}"' in as_("tang").get(f"/groups/{group}").text
    assert as_("ou").get(f"/groups/{group}/here").status_code == 404
