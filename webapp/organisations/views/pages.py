"""How pages of organisations are drawn."""

from __future__ import annotations

from typing import Any

from flask import render_template

from webapp.kit.web import Answer, invalid
from webapp.organisations import forms


def page(name: str, **context: Any) -> str:
    return render_template(f"organisations/{name}.html", tab="me", roles=forms.role_words(), **context)


def wrong(name: str, **context: Any) -> Answer:
    return invalid(f"organisations/{name}.html", tab="me", roles=forms.role_words(), **context)
