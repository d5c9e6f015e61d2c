"""The writers of organisations: who belongs to one, as what, with which power, and who stands for which
pupil."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.accounts import actions as accounts
from webapp.accounts.models import Identity, Person
from webapp.accounts.queries import person_named
from webapp.kit import clock, text
from webapp.kit.db import db, put
from webapp.kit.events import emit_fact
from webapp.kit.i18n import N_
from webapp.kit.policy import Viewer
from webapp.kit.push import say_end
from webapp.organisations.events import IdentityEnded
from webapp.organisations.models import Guardianship, Organisation
from webapp.organisations.policy import ADULTS
from webapp.organisations.queries import identity_in


class NotAdded(Exception):
    """Why somebody was not added: the form's field, and a marked text."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words


def make_organisation(kind: str, name: str, zone: str = clock.DEFAULT_ZONE) -> Organisation:
    """A new organisation; it has nobody yet. A taken name raises IntegrityError."""
    key = text.folded(name)
    return put(Organisation(kind=kind, name=name, name_key=key, zone=zone or clock.DEFAULT_ZONE))


def add_identity(
    organisation: Organisation, person: Person, kind: str, power: str = "member", title: str = ""
) -> Identity:
    """Make the person somebody here, verified by whoever adds them; one that had ended lives again, with what
    it wrote. Raises NotAdded where they are that already."""
    identity = identity_in(person.id, organisation.id, kind, ended=True)
    if identity is not None and identity.ended_at is None:
        raise NotAdded("login", N_("This person is here already, in this role."))
    if identity is None:
        identity = put(Identity(person_id=person.id, organisation_id=organisation.id, kind=kind))
    identity.power, identity.title = power, title
    identity.verified_at, identity.ended_at = clock.now(), None
    db.session.flush()
    return identity


def person_for(viewer: Viewer, name: str, names: dict[str, str]) -> tuple[Person, str]:
    """The person of this sign-in name, or a new one with a one-time code. Raises NotAdded where the account
    has another name: whoever only guesses numbers learns nobody's name by it."""
    person = person_named(next(iter(names.values())))
    if person is None:
        person = accounts.make_person(name, **names)
        return person, accounts.make_code(viewer, person)
    if text.folded(person.name) != text.folded(name):
        raise NotAdded("name", N_("The account is there, with another name. Write it as they do."))
    return person, ""


def add_guardianship(guardian: Identity, pupil: Identity, relation: str = "") -> Guardianship:
    """The guardian stands for this pupil. Raises NotAdded where they are not a guardian and a pupil of one
    school."""
    same = guardian.organisation_id is not None and guardian.organisation_id == pupil.organisation_id
    if not (same and guardian.kind == "guardian" and pupil.kind == "pupil"):
        raise NotAdded("guardian", N_("A guardian and a pupil of the same school are needed."))
    row = db.session.get(Guardianship, (guardian.id, pupil.id))
    if row is None:
        row = put(Guardianship(guardian_id=guardian.id, pupil_id=pupil.id))
    row.relation = relation
    db.session.flush()
    return row


def relate(organisation: Organisation, login: str, kind: str, field: str) -> Identity:
    """The living identity of this kind here that a sign-in name means. Raises NotAdded beside `field`."""
    person = person_named(login)
    found = identity_in(person.id, organisation.id, kind) if person else None
    if found is None:
        raise NotAdded(field, N_("Nobody here with this sign-in name. Add that person first."))
    return found


def end_guardianship(guardianship: Guardianship) -> None:
    db.session.delete(guardianship)
    say_end(f"viewer-{guardianship.guardian_id}")


def entitle(viewer: Viewer, identity: Identity, title: str) -> None:
    """What somebody is called here: a subject, an office, whose mother."""
    identity.title = title


def rename(viewer: Viewer, identity: Identity, name: str) -> None:
    """The name of the account; everywhere it stands it is another from now on."""
    identity.person.name = name


def change_power(viewer: Viewer, identity: Identity, power: str) -> None:
    """Make somebody an administrator or a member; `owner` hands over: there is one, and the old one stays an
    administrator."""
    if power == "owner":
        db.session.get_one(Identity, viewer.identity_id).power = "admin"
        say_end(f"viewer-{viewer.identity_id}")
    identity.power = power if identity.kind in ADULTS else "member"
    say_end(f"viewer-{identity.id}")


def end_identity(viewer: Viewer, identity: Identity) -> None:
    """Somebody is not this any more. What they wrote stays; sessions in this identity end, and so does what
    others hang on it (IdentityEnded)."""
    identity.ended_at, identity.power = clock.now(), "member"
    accounts.end_sessions_in(identity.id)
    db.session.execute(
        sa.delete(Guardianship).where(
            sa.or_(Guardianship.guardian_id == identity.id, Guardianship.pupil_id == identity.id)
        )
    )
    say_end(f"viewer-{identity.id}")
    if identity.organisation_id is not None:
        emit_fact(IdentityEnded(identity.id, identity.organisation_id))
