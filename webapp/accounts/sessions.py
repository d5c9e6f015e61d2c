"""The session of a request: one random cookie, one row, one viewer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, request
from flask_login import LoginManager, UserMixin

from webapp.accounts.models import Identity, PasswordCode, Person, SignIn
from webapp.kit import clock, i18n, jobs, outbox
from webapp.kit.db import db, is_postgresql, later
from webapp.kit.ids import digest
from webapp.kit.policy import ANONYMOUS, Viewer
from webapp.kit.security import check_identity, cookie_name

IDLE, IDLE_STAY, HARD = timedelta(hours=12), timedelta(days=30), timedelta(days=90)
SEEN_EVERY = timedelta(minutes=5)
PROVED = timedelta(minutes=10)  # how long a password that was given counts as just given


class SignedIn(UserMixin):
    """What Flask-Login calls the user: our viewer, and nothing that could act."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer

    def get_id(self) -> str:
        return str(self.viewer.session_id)


def init_sessions(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None
    manager.request_loader(lambda _request: SignedIn(g.viewer) if g.viewer.signed_in else None)
    app.before_request(begin)
    app.after_request(_keep_alive)


def begin() -> None:
    """Find out who asks, which language to speak and what has been told so far, in one statement; the page's own
    queries come after it, so that whatever they miss lies after the cursor."""
    viewer, since = _viewer()
    lang = viewer.lang if viewer.signed_in and viewer.lang else _asked_language()
    g.viewer = viewer if viewer.signed_in and viewer.lang else replace(viewer, lang=lang)
    i18n.speak(g.viewer.lang, g.viewer.zone)
    check_identity()
    if request.method == "GET" and g.viewer.signed_in and not request.headers.get("HX-Request"):
        g.live_since = since


def _viewer() -> tuple[Viewer, str]:
    """Who asks, and the cursor of the page that is drawn for them."""
    token = request.cookies.get(cookie_name("sid"), "")
    if not token or len(token) > 100:
        return ANONYMOUS, ""
    row = db.session.execute(_session(is_postgresql(db.session.connection())), {"token": digest(token)}).first()
    if row is None or not _alive(row.seen_at, row.hard_until, row.stay):
        return ANONYMOUS, ""
    if clock.now() - row.seen_at > SEEN_EVERY:
        g.seen_session = row.session_id
    g.proved = row.proved_at is not None and clock.now() - row.proved_at < PROVED
    viewer = Viewer(
        identity_id=row.identity_id,
        person_id=row.person_id,
        session_id=row.session_id,
        organisation_id=row.organisation_id,
        kind=row.kind,
        power=row.power if row.organisation_id else "",
        name=row.name,
        title=row.title,
        platform_admin=row.platform_admin,
        lang=row.lang,
        zone=row.zone or row.organisation_zone or clock.DEFAULT_ZONE,
        theme=row.theme,
    )
    return viewer, row.cursor


@lru_cache(maxsize=2)
def _session(postgresql: bool) -> sa.Executable:
    """Columns, not rows: this is asked by every request."""
    organisation = sa.table("organisation", sa.column("id"), sa.column("zone"))
    alive = SignIn.token_hash == sa.bindparam("token"), SignIn.ended_at.is_(None), Identity.ended_at.is_(None)
    return (
        sa.select(
            SignIn.id.label("session_id"),
            SignIn.seen_at,
            SignIn.proved_at,
            SignIn.hard_until,
            SignIn.stay,
            Identity.id.label("identity_id"),
            Identity.organisation_id,
            Identity.kind,
            Identity.power,
            Identity.title,
            Person.id.label("person_id"),
            Person.name,
            Person.platform_admin,
            Person.lang,
            Person.zone,
            Person.theme,
            organisation.c.zone.label("organisation_zone"),
            outbox.position(postgresql).label("cursor"),
        )
        .join(Identity, Identity.id == SignIn.identity_id)
        .join(Person, Person.id == SignIn.person_id)
        .outerjoin(organisation, organisation.c.id == Identity.organisation_id)
        .where(*alive)
    )


def _alive(seen_at: datetime, hard_until: datetime, stay: bool) -> bool:
    now = clock.now()
    return now < hard_until and now - seen_at < (IDLE_STAY if stay else IDLE)


def _asked_language() -> str:
    chosen = request.cookies.get(cookie_name("lang"), "")
    if chosen in i18n.LANGUAGES:
        return chosen
    return request.accept_languages.best_match(["zh", "zh-CN", "zh-Hans", "zh-TW", "en"], "zh")[:2]


def _keep_alive(response: Response) -> Response:
    """Bookkeeping after the answer, every few minutes: the session was used."""
    if session_id := g.get("seen_session"):

        def note() -> None:
            db.session.execute(sa.update(SignIn).where(SignIn.id == session_id).values(seen_at=clock.now()))

        later(current_app._get_current_object(), response, note)  # type: ignore[attr-defined]
    return response


@jobs.schedule("accounts.sessions.sweep", "%Y-%m-%d")
def sweep(_payload: dict[str, Any]) -> None:
    """Sessions and codes that let nobody in any more are forgotten after a month."""
    old = clock.now() - timedelta(days=30)
    db.session.execute(sa.delete(SignIn).where(sa.or_(SignIn.hard_until < old, SignIn.ended_at < old)))
    db.session.execute(sa.delete(PasswordCode).where(PasswordCode.expires_at < old))
