"""The writers of people, identities in use, sessions, passwords and one-time codes."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from werkzeug.exceptions import Conflict

from webapp.accounts import passwords
from webapp.accounts.models import Identity, KnownDevice, PasswordCode, Person, SignIn
from webapp.accounts.sessions import HARD
from webapp.kit import clock, ids
from webapp.kit.db import db, put
from webapp.kit.i18n import N_
from webapp.kit.ids import digest
from webapp.kit.policy import Viewer
from webapp.kit.push import say_end

CODE_LIFE, CODE_TRIES = timedelta(hours=24), 5


class LastAdministrator(Conflict):
    own_words = True
    description = N_("Somebody must administer this server. Appoint another person first.")


def make_person(
    name: str,
    *,
    username: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    password: str | None = None,
    password_hash: str | None = None,
    lang: str = "",
    zone: str = "",
    about: str = "",
    demo_key: str | None = None,
) -> Person:
    """A new account with its private identity. The three names come as webapp/accounts/names.py writes them.
    Views hash before write() and pass `password_hash`: nothing slow belongs inside."""
    if password is not None:
        password_hash = passwords.hashed(password)
    person = put(
        Person(
            name=name, username=username or None, phone=phone or None, email=email or None, lang=lang,
            zone=zone, password=password_hash, about=about, demo_key=demo_key,
        )
    )  # fmt: skip
    put(Identity(person_id=person.id, kind="private"))
    return person


# ---- sessions ------------------------------------------------------------------------------------
def open_session(person_id: int, identity_id: int, device: str = "", stay: bool = False) -> str:
    """A session of somebody who has just shown who they are; answers the cookie's token, which is stored nowhere."""
    now = clock.now()
    return _open(person_id, identity_id, device[:200], stay, now + HARD, now)


def _open(person_id: int, identity_id: int, device: str, stay: bool, until: datetime, proved: datetime | None) -> str:
    token = ids.new_token()
    row = {"token_hash": digest(token), "person_id": person_id, "identity_id": identity_id, "device": device}
    put(SignIn(**row, stay=stay, hard_until=until, proved_at=proved))
    return token


def prove_session(viewer: Viewer) -> None:
    """The password was given again: what asks for it is free for some minutes."""
    db.session.get_one(SignIn, viewer.session_id).proved_at = clock.now()


def end_session(session: SignIn) -> None:
    """This cookie is nobody's from the next request on, and its streams end."""
    session.ended_at = session.ended_at or clock.now()
    say_end(f"session-{session.id}")


def end_all_sessions(person_id: int, but: int | None = None) -> int:
    """End the person's sessions, except the one with the id `but`; answers how many."""
    living = sa.select(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    rows = [row for row in db.session.scalars(living) if row.id != but]
    for row in rows:
        end_session(row)
    return len(rows)


def end_sessions_in(identity_id: int) -> None:
    """End the sessions that act as this identity."""
    for row in db.session.scalars(
        sa.select(SignIn).where(SignIn.identity_id == identity_id, SignIn.ended_at.is_(None))
    ):
        end_session(row)


def switch_identity(viewer: Viewer, identity: Identity) -> str:
    """Act as another of one's identities from now on: a new token, and the old one ends."""
    old = db.session.get_one(SignIn, viewer.session_id)
    end_session(old)
    return _open(viewer.person_id, identity.id, old.device, old.stay, old.hard_until, old.proved_at)


def remember_device(person_id: int, token: str) -> None:
    """This browser signed in as this person: its failed tries are counted apart from strangers'."""
    row = db.session.get(KnownDevice, (digest(token), person_id))
    if row is None:
        db.session.add(KnownDevice(token_hash=digest(token), person_id=person_id))
    else:
        row.seen_at = clock.now()


# ---- profile and password ------------------------------------------------------------------------
def update_profile(viewer: Viewer, *, name: str, about: str, lang: str, zone: str, theme: str) -> Person:
    person = db.session.get_one(Person, viewer.person_id)
    person.name, person.about = name, about
    person.lang, person.zone, person.theme = lang, zone, theme
    return person


def change_password(viewer: Viewer, password_hash: str) -> None:
    """Set one's own password and end all other sessions; the old one was asked before."""
    set_password(viewer.person_id, password_hash)
    end_all_sessions(viewer.person_id, but=viewer.session_id)


def set_password(person_id: int, password_hash: str) -> None:
    db.session.get_one(Person, person_id).password = password_hash


def change_names(viewer: Viewer, names: dict[str, str | None]) -> None:
    """What one signs in with, as webapp/accounts/names.py writes it. One that is taken raises IntegrityError."""
    person = db.session.get_one(Person, viewer.person_id)
    person.username, person.phone, person.email = names["username"], names["phone"], names["email"]
    db.session.flush()


# ---- administrators of the server ----------------------------------------------------------------
def appoint_platform_admin(viewer: Viewer, person: Person) -> None:
    person.platform_admin = True


def dismiss_platform_admin(viewer: Viewer, person: Person) -> None:
    """Two who dismiss each other at once stand in a row here. Raises LastAdministrator for the second of them."""
    all_of_them = sa.select(Person).where(Person.platform_admin, Person.password.is_not(None)).order_by(Person.id)
    able = db.session.scalars(all_of_them.with_for_update(key_share=True).execution_options(populate_existing=True))
    if not [other for other in able.all() if other.id != person.id]:
        raise LastAdministrator
    person.platform_admin = False


# ---- one-time codes ------------------------------------------------------------------------------
def make_code(viewer: Viewer, person: Person) -> str:
    """A code with which this person sets a password, to be handed over on paper; the ones before it are
    void."""
    now = clock.now()
    db.session.execute(
        sa.update(PasswordCode)
        .where(PasswordCode.person_id == person.id, PasswordCode.expires_at > now)
        .values(expires_at=now)
    )
    code = ids.new_code()
    put(
        PasswordCode(
            person_id=person.id,
            code_hash=_code_hash(person.id, code),
            made_by=viewer.person_id,
            expires_at=now + CODE_LIFE,
        )
    )
    return code


def use_code(person: Person | None, code: str, password_hash: str) -> bool:
    """Spend the code and set the password; all sessions end. False for whatever does not fit, which counts as
    a try. Two who use one code at once: one row is updated by one of them."""
    if person is None:
        return False
    now = clock.now()
    open_code = (
        PasswordCode.person_id == person.id,
        PasswordCode.used_at.is_(None),
        PasswordCode.expires_at > now,
        PasswordCode.tries < CODE_TRIES,
    )
    fits = PasswordCode.code_hash == _code_hash(person.id, code)
    changed = (
        sa.update(PasswordCode)
        .where(*open_code)
        .values(tries=PasswordCode.tries + 1, used_at=sa.case((fits, now), else_=None))
    )
    spent = db.session.scalars(changed.returning(PasswordCode.used_at)).all()
    if not any(spent):
        return False
    set_password(person.id, password_hash)
    end_all_sessions(person.id)
    return True


def _code_hash(person_id: int, code: str) -> str:
    plain = "".join(code.upper().split()).replace("-", "")
    return digest(f"{person_id} {plain}")
