"""The cast: Teacher Tang owns a class circle, Student Shen and Parent Pan are in it, Outsider Ou must see nothing.

`World` holds ids, so that it survives the sessions of a test. Made once, copied for each test.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from webapp.accounts.models import Identity, Person, SignIn
from webapp.circles.kinds import KINDS
from webapp.circles.models import Circle, Membership, Partner
from webapp.groups.models import Group, GroupMember, Link
from webapp.kit import clock, text
from webapp.kit.db import db, put, write
from webapp.kit.ids import digest
from webapp.kit.policy import Viewer
from webapp.organisations.models import Guardianship, Organisation

PASSWORD = "a long enough one"
# argon2id of PASSWORD with little cost: tests sign in often
HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21l$tdr79IIsqOZOGrwNuwE4t1vXcpHppkajo1C9xID+o5A"


@dataclass
class World:
    """Ids by name: `identities["tang"]`, `circles["class"]`, `groups["parents"]`, `organisations["school"]`."""

    organisations: dict[str, int] = field(default_factory=dict)
    identities: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    circles: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def viewer(self, who: str) -> Viewer:
        """The person as the rules see them."""
        identity = db.session.get_one(Identity, self.identities[who])
        session = db.session.query(SignIn).filter_by(token_hash=digest(self.tokens[who])).one()
        return Viewer(
            identity_id=identity.id,
            person_id=identity.person_id,
            session_id=session.id,
            organisation_id=identity.organisation_id,
            kind=identity.kind,
            power=identity.power if identity.organisation_id else "",
            name=identity.person.name,
            title=identity.title,
            platform_admin=identity.person.platform_admin,
            lang="en",
        )


PEOPLE = (
    # key, name, organisation, identity kind, power, title
    ("tang", "Teacher Tang", "school", "teacher", "member", "Chinese"),
    ("lei", "Teacher Lei", "school", "teacher", "member", "maths"),
    ("wen", "Teacher Wen", "school", "teacher", "member", "next door"),
    ("shen", "Student Shen", "school", "pupil", "member", ""),
    ("qiu", "Student Qiu", "school", "pupil", "member", ""),
    ("pan", "Parent Pan", "school", "guardian", "member", "Shen's mother"),
    ("hao", "Head Hao", "school", "staff", "owner", "headmistress"),
    ("ning", "Stranger Ning", "academy", "teacher", "member", ""),
    ("mei", "Manager Mei", "company", "staff", "owner", "manager"),
    ("sun", "Staff Sun", "company", "staff", "member", "sales"),
    ("dong", "Dealer Dong", "dealer", "staff", "owner", "owner"),
    ("fei", "Dealer Fei", "dealer", "staff", "member", "shop"),
    ("ou", "Outsider Ou", None, "private", "member", ""),
    ("yu", "Neighbour Yu", None, "private", "member", ""),
    ("ex", "Former Xu", "school", "guardian", "member", ""),
    ("root", "Admin Gu", None, "private", "member", ""),
)
ORGANISATIONS = (
    ("school", "school", "Sunrise School"),
    ("academy", "school", "Other Academy"),
    ("company", "company", "Pencil Works"),
    ("dealer", "company", "Corner Shop"),
)
CIRCLES = (
    # key, kind, organisation, joining, owner, [(member, party, role)]
    ("class", "class", "school", "invite", "tang", "teacher",
     [("lei", "teacher", "admin"), ("shen", "student", "member"), ("pan", "parent", "member")]),
    ("nextdoor", "class", "school", "invite", "wen", "teacher", [("qiu", "student", "member")]),
    ("staff", "internal", "school", "request", "hao", "staff",
     [("tang", "teacher", "member"), ("lei", "teacher", "member")]),
    ("trade", "business", "company", "invite", "mei", "staff",
     [("sun", "staff", "member"), ("dong", "partner", "member")]),
    ("lane", "community", None, "request", "yu", "customer", [("pan_private", "customer", "member")]),
    ("birds", "interest", None, "open", "yu", "customer", []),
    ("secret", "community", None, "hidden", "yu", "customer", []),
)  # fmt: skip


def make_world() -> World:
    """Write the cast into an empty database."""
    world = World()
    with write():
        for key, kind, name in ORGANISATIONS:
            row = put(Organisation(kind=kind, name=name, name_key=text.folded(name)))
            world.organisations[key] = row.id
        for key, name, organisation, kind, power, title in PEOPLE:
            _person(world, key, name, organisation, kind, power, title)
        guardianship = {"guardian_id": world.identities["pan"], "pupil_id": world.identities["shen"]}
        db.session.add(Guardianship(**guardianship, relation="mother"))
        for key, kind, organisation, joining, owner, party, members in CIRCLES:
            _circle(world, key, kind, organisation, joining, [(owner, party, "owner"), *members])
        _removed(world)
        db.session.add(
            Partner(circle_id=world.circles["trade"], organisation_id=world.organisations["dealer"], tag="dealer")
        )
        _group(world, "parents", "school", "class", [("tang", "owner"), ("lei", "admin"), ("pan", "member")])
        _group(world, "friends", None, None, [("yu", "owner"), ("pan_private", "member")])
    return world


def _person(world: World, key: str, name: str, organisation: str | None, kind: str, power: str, title: str) -> None:
    person = put(Person(name=name, username=key, password=HASH, lang="en", platform_admin=key == "root"))
    world.people[key] = person.id
    private = put(Identity(person_id=person.id, kind="private"))
    used = private
    if organisation:
        world.identities[f"{key}_private"] = private.id
        used = put(
            Identity(
                person_id=person.id,
                organisation_id=world.organisations[organisation],
                kind=kind,
                power=power,
                title=title,
                verified_at=clock.now(),
            )
        )
        world.tokens[f"{key}_private"] = _session(person.id, private.id, f"{key}_private")
    world.identities[key] = used.id
    world.tokens[key] = _session(person.id, used.id, key)


def _session(person_id: int, identity_id: int, who: str) -> str:
    token = f"token-of-{who}".ljust(43, "x")
    until = clock.now() + timedelta(days=9)
    row = {"token_hash": digest(token), "person_id": person_id, "identity_id": identity_id}
    put(SignIn(**row, hard_until=until, proved_at=clock.now() + timedelta(days=1)))  # tests of other things go on
    return token


def _circle(
    world: World,
    key: str,
    kind: str,
    organisation: str | None,
    joining: str,
    members: list[tuple[str, str, str]],
) -> None:
    name = {"class": "Class 3-2", "nextdoor": "Class 3-1", "staff": "Staff room"}.get(key, key.capitalize())
    circle = put(
        Circle(
            kind=kind,
            name=name,
            name_key=text.folded(name),
            organisation_id=world.organisations.get(organisation or ""),
            joining=joining,
            approval=kind == "class",
            sharing=KINDS[kind].sharings[0],
        )
    )
    world.circles[key] = circle.id
    for who, party, role in members:
        put(Membership(circle_id=circle.id, identity_id=world.identities[who], party=party, role=role))


def _removed(world: World) -> None:
    row = {"circle_id": world.circles["class"], "identity_id": world.identities["ex"], "party": "parent"}
    put(Membership(**row, state="removed"))


def _group(
    world: World, key: str, organisation: str | None, circle: str | None, members: list[tuple[str, str]]
) -> None:
    group = put(Group(name=key.capitalize(), organisation_id=world.organisations.get(organisation or "")))
    world.groups[key] = group.id
    for who, role in members:
        put(GroupMember(group_id=group.id, identity_id=world.identities[who], role=role))
    if circle:
        owner = world.identities[members[0][0]]
        put(Link(group_id=group.id, circle_id=world.circles[circle], push="chosen", made_by=owner))
