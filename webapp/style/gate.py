"""Whom the page of specimens is open to."""

from __future__ import annotations

from flask import current_app

from webapp.config import Settings
from webapp.kit.policy import Viewer


def is_open(viewer: Viewer) -> bool:
    """Outside production everybody who is signed in; in production the administrators of the server."""
    settings: Settings = current_app.config["SETTINGS"]
    return viewer.signed_in and (viewer.platform_admin or not settings.production)
