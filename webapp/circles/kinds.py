"""What each kind of circle allows: the one table. Nothing else asks "which kind?".

Source: PRODUCT.md "The kinds of circle", reference/features.md §4. Columns are parties: `owner` and `admin` are roles
in the circle, the others say who a member is. A cell says what the party may do there:

    Y yes · - no · r passes review first · s only people of the own company or organisation
    c+ / c- decided by the circle's own switch, which begins on / off · x the party cannot exist here
"""

from __future__ import annotations

from dataclasses import dataclass

from webapp.kit.i18n import N_

PARTIES = ("owner", "admin", "staff", "teacher", "student", "parent", "partner", "customer")
ACTIONS = ("view", "post", "comment", "invite", "moderate")


@dataclass(frozen=True)
class Kind:
    name: str  # words for people, marked for translation
    who: str
    adds: str
    admits: str  # "organisation", "roster", "partners", "anyone"
    joinings: tuple[str, ...]  # allowed ways of joining; the first is the default
    listed: bool  # strangers may find it (unless it is hidden)
    needs_organisation: bool
    approval: bool  # the default of circle.approval
    leads: tuple[str, ...]  # the parties that may own or administer it
    sharings: tuple[str, ...]  # who may make links that open without an account; the first is the default
    cells: dict[str, dict[str, str]]

    @property
    def reviews(self) -> bool:
        """Whether somebody's posts may wait for a word from above."""
        return any(row["post"] == "r" for row in self.cells.values())


def _table(text: str) -> dict[str, dict[str, str]]:
    """Rows `party  view post comment invite moderate` as a mapping."""
    rows = (line.split() for line in text.strip().splitlines())
    return {party: dict(zip(ACTIONS, cells, strict=True)) for party, *cells in rows}


KINDS: dict[str, Kind] = {
    "class": Kind(
        name=N_("Class circle"),
        who=N_("Teachers, pupils and guardians whom the school knows"),
        adds=N_("For homework, notices and what is worth keeping"),
        admits="roster",
        joinings=("invite", "request", "hidden"),
        listed=False,
        needs_organisation=True,
        approval=True,
        leads=("teacher",),
        sharings=("nobody", "admins"),
        cells=_table(
            """
            owner    Y Y  Y  Y Y
            admin    Y Y  Y  Y Y
            teacher  Y Y  Y  s -
            staff    x x  x  x x
            student  Y r  c+ - -
            parent   Y c- Y  - -
            partner  x x  x  x x
            customer x x  x  x x
            """
        ),
    ),
    "internal": Kind(
        name=N_("Internal circle"),
        who=N_("Verified people of your organisation and nobody else, ever"),
        adds=N_("For what stays in the house"),
        admits="organisation",
        joinings=("request", "open", "invite", "hidden"),
        listed=False,
        needs_organisation=True,
        approval=False,
        leads=("staff", "teacher"),
        sharings=("nobody", "admins"),
        cells=_table(
            """
            owner    Y Y Y Y Y
            admin    Y Y Y Y Y
            staff    Y Y Y s -
            teacher  Y Y Y s -
            student  x x x x x
            parent   x x x x x
            partner  x x x x x
            customer x x x x x
            """
        ),
    ),
    "business": Kind(
        name=N_("Business circle"),
        who=N_("Its staff, and partner companies that are invited"),
        adds=N_("For prices, samples and arrivals, said once"),
        admits="partners",
        joinings=("invite", "request", "hidden"),
        listed=False,
        needs_organisation=True,
        approval=False,
        leads=("staff",),
        sharings=("admins", "nobody"),
        cells=_table(
            """
            owner    Y Y  Y  Y Y
            admin    Y Y  Y  Y Y
            staff    Y Y  Y  s -
            teacher  x x  x  x x
            student  x x  x  x x
            parent   x x  x  x x
            partner  Y c+ Y  s -
            customer Y c- c+ - -
            """
        ),
    ),
    "community": Kind(
        name=N_("Community circle"),
        who=N_("Anybody whom an administrator admits"),
        adds=N_("For a neighbourhood, a club, readers"),
        admits="anyone",
        joinings=("request", "open", "invite", "hidden"),
        listed=True,
        needs_organisation=False,
        approval=False,
        leads=("staff", "customer"),
        sharings=("members", "admins", "nobody"),
        cells=_table(
            """
            owner    Y Y  Y  Y  Y
            admin    Y Y  Y  Y  Y
            staff    Y Y  Y  c+ -
            teacher  x x  x  x  x
            student  x x  x  x  x
            parent   x x  x  x  x
            partner  x x  x  x  x
            customer Y c+ c+ c+ -
            """
        ),
    ),
    "interest": Kind(
        name=N_("Interest circle"),
        who=N_("Anybody; friends bring friends"),
        adds=N_("For people who like the same thing"),
        admits="anyone",
        joinings=("open", "request", "invite", "hidden"),
        listed=True,
        needs_organisation=False,
        approval=False,
        leads=("staff", "customer"),
        sharings=("members", "admins", "nobody"),
        cells=_table(
            """
            owner    Y Y  Y  Y  Y
            admin    Y Y  Y  Y  Y
            staff    Y Y  Y  Y  -
            teacher  x x  x  x  x
            student  x x  x  x  x
            parent   x x  x  x  x
            partner  x x  x  x  x
            customer Y c+ c+ Y  -
            """
        ),
    ),
}

PARTY_WORDS = {
    "teacher": N_("Teachers"),
    "staff": N_("Staff"),
    "student": N_("Pupils"),
    "parent": N_("Guardians"),
    "partner": N_("Partner companies"),
    "customer": N_("Members"),
}

TAGS = {
    "supplier": N_("supplier"),
    "dealer": N_("dealer"),
    "merchant": N_("merchant"),
    "customer": N_("customer"),
}  # of partner companies in a business circle


def party_of(kind: str, identity_kind: str, same_organisation: bool, partner_tag: str = "") -> str | None:
    """The column in which an identity stands in a circle of this kind, or None where it cannot be in it.

    `same_organisation`: the identity is one of the owning organisation's; `partner_tag`: of a partner company's.
    """
    admits = KINDS[kind].admits
    if admits == "roster":
        roster = {"teacher": "teacher", "staff": "teacher", "pupil": "student", "guardian": "parent"}
        return roster.get(identity_kind) if same_organisation else None
    if admits == "organisation":
        inside = identity_kind in ("staff", "teacher") and same_organisation
        return identity_kind if inside else None
    if admits == "partners":
        if identity_kind != "staff":
            return None
        if same_organisation:
            return "staff"
        return {"": None, "customer": "customer"}.get(partner_tag, "partner")
    if identity_kind == "pupil":
        return None  # pupils' identities are refused outside their school
    return "staff" if same_organisation and identity_kind in ("staff", "teacher") else "customer"


def cell(kind: str, role: str, party: str, action: str) -> str:
    """The cell for a member: the role decides where it is owner or admin, else the party."""
    row = role if role in ("owner", "admin") else party
    return KINDS[kind].cells[row][action]
