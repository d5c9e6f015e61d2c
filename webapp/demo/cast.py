"""The demo's people: organisations, identities, circles and groups, made by their actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from webapp.accounts.actions import make_person
from webapp.accounts.models import Identity, Person
from webapp.circles.actions.joining import admit
from webapp.circles.actions.making import make_circle
from webapp.circles.models import Circle, Partner
from webapp.groups.actions import join, make_group
from webapp.groups.linking import link_group
from webapp.groups.models import Group
from webapp.kit.db import db, put
from webapp.kit.policy import Viewer
from webapp.organisations.actions import add_guardianship, add_identity, make_organisation
from webapp.organisations.models import Organisation

FOLDER = Path(__file__).parent / "world"
PASSWORD = "quanzi demo"


def read(name: str) -> Any:
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), yaml.CSafeLoader)


@dataclass
class Cast:
    """Everybody by key, in one language."""

    lang: str
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    identities: dict[tuple[str, str, str], Identity] = field(default_factory=dict)  # (key, organisation, kind)
    circles: dict[str, Circle] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    inside: dict[tuple[str, str], Identity] = field(default_factory=dict)  # (circle or group, key) -> acts as

    @property
    def names(self) -> dict[str, str]:
        return {key: entry[self.lang] for key, entry in self.people.items()}

    def viewer(self, place: str, key: str) -> Viewer:
        """The person as they act in that circle or group."""
        return as_viewer(self.inside[place, key], self.lang)

    def members(self, place: str) -> list[str]:
        return sorted(key for where, key in self.inside if where == place)


def as_viewer(identity: Identity, lang: str) -> Viewer:
    return Viewer(
        identity_id=identity.id,
        person_id=identity.person_id,
        organisation_id=identity.organisation_id,
        kind=identity.kind,
        power=identity.power if identity.organisation_id else "",
        name=identity.name,
        title=identity.title,
        lang=lang,
    )


def make_cast(lang: str, password_hash: str) -> Cast:
    """Everybody and where they belong. Inside write()."""
    written, cast = read("people.yaml"), Cast(lang)
    for entry in written["organisations"]:
        kind = entry["kind"] if entry["kind"] in ("school", "company") else "community"
        cast.organisations[entry["key"]] = make_organisation(kind, entry[lang], zone=entry["zone"])
    cast.people = {entry["key"]: entry for entry in written["people"]}
    classes = {entry["key"]: entry for entry in written["classes"]}
    for key, entry in cast.people.items():
        _person(cast, key, entry, classes, password_hash)
    for key, entry in cast.people.items():
        _guardian(cast, key, entry)
    for entry in written["circles"]:
        _circle(cast, entry)
    for entry in written["groups"]:
        _group(cast, entry, written["circles"])
    return cast


def _person(cast: Cast, key: str, entry: dict[str, Any], classes: dict[str, Any], password_hash: str) -> None:
    has_account = entry.get("account", True)
    person = make_person(
        entry[cast.lang],
        username=key if has_account else None,
        phone=entry.get("phone") if has_account else None,
        email=f"{key}@example.org" if has_account and "phone" in entry else None,
        lang=entry.get("lang", ""),
        about=entry.get("about", {}).get(cast.lang, ""),
        demo_key=key,
    )
    person.password = password_hash if has_account else None
    cast.persons[key] = person
    if "pupil" in entry:
        school = classes[entry["pupil"]]["org"]
        title = classes[entry["pupil"]][cast.lang]
        _identity(cast, key, school, "pupil", "member", title)
    for role in entry.get("roles", []):
        if role["role"] == "guardian":
            continue
        kind = {"admin": "staff"}.get(role["role"], role["role"])
        power = "owner" if role["role"] == "admin" else "member"
        _identity(cast, key, role["org"], kind, power, _title(cast.lang, role))


def _title(lang: str, role: dict[str, Any]) -> str:
    if role["role"] != "teacher":
        return str(role[lang])
    return f"{role['zh']}老师" if lang == "zh" else f"{role['en']} teacher"


def _identity(cast: Cast, key: str, org: str, kind: str, power: str, title: str) -> Identity:
    made = add_identity(cast.organisations[org], cast.persons[key], kind, power=power, title=title)
    cast.identities[key, org, kind] = made
    return made


def _guardian(cast: Cast, key: str, entry: dict[str, Any]) -> None:
    """One guardian's identity for all children at a school, named by them: 子墨妈妈, Zimo's mother."""
    roles = [role for role in entry.get("roles", []) if role["role"] == "guardian"]
    if not roles:
        return
    children = [_given(cast.people[role["of"]][cast.lang], cast.lang) for role in roles]
    relation = roles[0][cast.lang]
    if cast.lang == "zh":
        title = f"{children[0]}{relation}" if len(children) == 1 else f"{'、'.join(children)}的{relation}"
    else:
        together = children[0] if len(children) == 1 else f"{', '.join(children[:-1])} and {children[-1]}"
        title = f"{together}’s {relation}"
    identity = _identity(cast, key, roles[0]["org"], "guardian", "member", title)
    for role in roles:
        add_guardianship(identity, cast.identities[role["of"], role["org"], "pupil"], relation)


def _given(name: str, lang: str) -> str:
    if lang == "en":
        return name.split()[-1]
    return name[1:] if len(name) > 2 else name


def _expanded(cast: Cast, names: list[str]) -> list[tuple[str, str]]:
    """(key, as what) of a list that may name classes and the guardians of a class."""
    found: list[tuple[str, str]] = []
    for name in names:
        pupils = [key for key, entry in cast.people.items() if entry.get("pupil") == name.removeprefix("guardians:")]
        if name.startswith("guardians:"):
            found += [
                (key, "guardian")
                for key, entry in cast.people.items()
                if any(role.get("of") in pupils for role in entry.get("roles", []))
            ]
        elif pupils:
            found += [(key, "pupil") for key in pupils]
        else:
            found.append((name, ""))
    return found


def _acting(cast: Cast, key: str, org: str, kind: str, as_what: str) -> Identity:
    """The identity in which somebody is in a circle of this kind and organisation."""
    wanted = (as_what,) if as_what else (("teacher", "staff") if kind == "class" else ("staff", "teacher"))
    for identity_kind in wanted:
        if (key, org, identity_kind) in cast.identities:
            return cast.identities[key, org, identity_kind]
    if kind == "business":
        others = [found for (who, _org, what), found in cast.identities.items() if who == key and what == "staff"]
        return others[0]
    private = sa.select(Identity).where(Identity.person_id == cast.persons[key].id, Identity.kind == "private")
    return db.session.scalars(private).one()


def _circle(cast: Cast, entry: dict[str, Any]) -> None:
    key, kind, org, lang = entry["key"], entry["kind"], entry["org"], cast.lang
    owner = _acting(cast, entry["owner"], org, kind, "")
    circle = make_circle(
        as_viewer(owner, lang),
        kind=kind,
        name=entry[lang],
        intro=entry.get("intro", {}).get(lang, ""),
        organisation_id=cast.organisations[org].id,
        posting="everyone" if kind == "class" else "members",
    )
    cast.circles[key] = circle
    cast.inside[key, entry["owner"]] = owner
    for partner in entry.get("partners", []):
        company = cast.organisations[partner["org"]]
        put(Partner(circle_id=circle.id, organisation_id=company.id, tag=partner["tag"]))
        for who in partner["people"]:
            identity = cast.identities[who, partner["org"], "staff"]
            admit(circle, identity, via="picked")
            cast.inside[key, who] = identity
    for who, as_what in _expanded(cast, entry["members"]):
        identity = _acting(cast, who, org, kind, as_what)
        admit(circle, identity, via="picked")
        cast.inside[key, who] = identity


def _group(cast: Cast, entry: dict[str, Any], circles: list[dict[str, Any]]) -> None:
    home = next(circle for circle in circles if circle["key"] == entry["circles"][0])
    owner = _acting(cast, entry["owner"], home["org"], home["kind"], "")
    group = make_group(
        as_viewer(owner, cast.lang), entry[cast.lang], organisation_id=cast.organisations[home["org"]].id
    )
    cast.groups[entry["key"]] = group
    cast.inside[entry["key"], entry["owner"]] = owner
    for who, as_what in _expanded(cast, entry["members"]):
        identity = _acting(cast, who, home["org"], home["kind"], as_what)
        join(group, identity)
        cast.inside[entry["key"], who] = identity
    for circle in entry["circles"]:
        by = cast.inside.get((circle, entry["owner"]), owner)
        link_group(
            as_viewer(by, cast.lang),
            group,
            cast.circles[circle],
            push="chosen",
            admits=entry["joining_admits"],
        )
