"""The session of a request: one random cookie, one row, one viewer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, request
from flask_login import LoginManager, UserMixin

from webapp.accounts.models import Identity, PasswordCode, Person, SignIn
from webapp.kit import clock, i18n, jobs, push
from webapp.kit.db import db, later
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
    """Find out who asks and which language to speak, in one statement."""
    viewer = _viewer() or ANONYMOUS
    lang = viewer.lang if viewer.signed_in and viewer.lang else _asked_language()
    g.viewer = viewer if viewer.signed_in and viewer.lang else replace(viewer, lang=lang)
    i18n.speak(g.viewer.lang, g.viewer.zone)
    check_identity()
    if request.method == "GET" and g.viewer.signed_in and not request.headers.get("HX-Request"):
        g.live_since = push.cursor()  # before the page's own queries: whatever they miss lies after it


def _viewer() -> Viewer | None:
    token = request.cookies.get(cookie_name("sid"), "")
    if not token or len(token) > 100:
        return None
    organisation = sa.table("organisation", sa.column("id"), sa.column("zone"))
    row = db.session.execute(
        sa.select(SignIn, Identity, organisation.c.zone)
        .join(Identity, Identity.id == SignIn.identity_id)
        .join(Person, Person.id == SignIn.person_id)
        .outerjoin(organisation, organisation.c.id == Identity.organisation_id)
        .where(SignIn.token_hash == digest(token), SignIn.ended_at.is_(None), Identity.ended_at.is_(None))
    ).first()
    if row is None or not _alive(row.SignIn):
        return None
    if clock.now() - row.SignIn.seen_at > SEEN_EVERY:
        g.seen_session = row.SignIn.id
    proved = row.SignIn.proved_at
    g.proved = proved is not None and clock.now() - proved < PROVED
    identity, person = row.Identity, row.Identity.person
    return Viewer(
        identity_id=identity.id,
        person_id=person.id,
        session_id=row.SignIn.id,
        organisation_id=identity.organisation_id,
        kind=identity.kind,
        power=identity.power if identity.organisation_id else "",
        name=person.name,
        title=identity.title,
        platform_admin=person.platform_admin,
        lang=person.lang,
        zone=person.zone or row.zone or clock.DEFAULT_ZONE,
        theme=person.theme,
    )


def _alive(row: SignIn) -> bool:
    now = clock.now()
    return now < row.hard_until and now - row.seen_at < (IDLE_STAY if row.stay else IDLE)


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
