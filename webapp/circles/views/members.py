"""Who belongs to a circle, who asks to, and what administrators do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.exceptions import Forbidden, NotFound

from webapp.accounts.models import Identity
from webapp.circles import lists
from webapp.circles.actions import members as acts
from webapp.circles.actions.joining import NotAdmitted
from webapp.circles.kinds import PARTY_WORDS, TAGS
from webapp.circles.models import Circle, Membership
from webapp.circles.policy import Rule
from webapp.circles.queries import open_circle
from webapp.kit import clock, pages, throttle
from webapp.kit.db import db, write
from webapp.kit.i18n import _, ngettext
from webapp.kit.policy import Viewer, access
from webapp.kit.searching import asked_name
from webapp.kit.web import Answer, done, invalid, password_again, requires, show, viewer

bp = Blueprint("members", __name__, url_prefix="/circles/<int:circle_id>")


@bp.get("/members")
@requires(Rule.CIRCLE_READ)
def members_index(circle_id: int) -> str:
    """Requests on top for those who decide, then everybody by what they are."""
    header = open_circle(viewer(), circle_id)
    party, name = request.args.get("party", ""), asked_name()
    after = pages.cursor()
    return show(
        "circles/members.html",
        "circles/_members.html",
        after=after,
        tab="circles",
        mode=header.circle.kind,
        topics=[f"circle-{circle_id}"],
        header=header,
        at="members",
        party=party,
        bring=header.may_invite and lists.brings_from(viewer(), header.circle) is not None,
        q=name,
        people=lists.members(circle_id, after, name, party),
        parties=lists.parties(circle_id),
        waiting=lists.waiting(circle_id) if header.may_moderate and header.requests else None,
        banned=lists.banned(circle_id) if header.may_moderate else [],
        companies=lists.companies(circle_id),
        words=PARTY_WORDS,
        tags=TAGS,
        now=clock.now(),
    )


@bp.get("/members/tab")
@requires(Rule.CIRCLE_MODERATE)
def members_tab(circle_id: int) -> str:
    """The tab with its count of requests, for those who decide."""
    header = open_circle(viewer(), circle_id, Rule.CIRCLE_MODERATE)
    return render_template("circles/_members_tab.html", header=header, at=request.args.get("at", "")[:10])


ACTS: dict[str, tuple[Rule, Callable[[Viewer, Circle, Membership], None]]] = {
    "remove": (Rule.CIRCLE_MODERATE, acts.remove),
    "ban": (Rule.CIRCLE_MODERATE, acts.ban),
    "unban": (Rule.CIRCLE_MODERATE, acts.unban),
    "mute": (
        Rule.CIRCLE_MODERATE,
        lambda who, circle, row: acts.mute(who, circle, row, clock.now() + timedelta(days=1)),
    ),
    "unmute": (Rule.CIRCLE_MODERATE, lambda who, circle, row: acts.mute(who, circle, row, None)),
    "appoint": (Rule.CIRCLE_OWN, lambda who, circle, row: acts.appoint(who, circle, row, "admin")),
    "dismiss": (Rule.CIRCLE_OWN, lambda who, circle, row: acts.appoint(who, circle, row, "member")),
    "hand-over": (Rule.CIRCLE_OWN, acts.hand_over),
}


@bp.get("/members/<int:membership_id>")
@requires(Rule.CIRCLE_READ)
def member_show(circle_id: int, membership_id: int) -> str:
    """What may be done with one member: a page without JavaScript, a menu with it."""
    header = open_circle(viewer(), circle_id)
    row = access(Rule.MEMBERSHIP_READ, viewer(), Membership, membership_id)
    if row.circle_id != circle_id:
        raise NotFound
    return show(
        "circles/member.html",
        "circles/_member_menu.html",
        tab="circles",
        mode=header.circle.kind,
        header=header,
        at="members",
        row=row,
        identity=db.session.get_one(Identity, row.identity_id),
        touch=acts.may_touch(viewer(), header.circle, row),
        now=clock.now(),
        words=PARTY_WORDS,
    )


def _act(name: str) -> Callable[[int, int], Answer]:
    rule, act = ACTS[name]

    def view(circle_id: int, membership_id: int) -> Answer:
        with write():
            circle = access(rule, viewer(), Circle, circle_id)
            row = access(Rule.MEMBERSHIP_READ, viewer(), Membership, membership_id)
            if row.circle_id != circle.id:
                raise NotFound
            if rule is Rule.CIRCLE_OWN:  # who runs the circle
                password_again()
            try:
                act(viewer(), circle, row)
            except acts.NotYours as refused:
                raise Forbidden from refused
        return done(url_for("members.members_index", circle_id=circle_id), say=_("Done."))

    view.__doc__ = f"{name} one member."
    return requires(rule)(view)


for _name in ACTS:
    bp.add_url_rule(f"/members/<int:membership_id>/{_name}", f"member_{_name}", _act(_name), methods=["POST"])


@bp.get("/hand-over")
@requires(Rule.CIRCLE_OWN)
def owner_choosing(circle_id: int) -> Answer:
    """To whom the circle may be handed over; the page is the question, too."""
    return _heirs(circle_id, unpicked=False)


@bp.post("/hand-over")
@requires(Rule.CIRCLE_OWN)
def owner_change(circle_id: int) -> Answer:
    """Hand the circle over to the member who was picked."""
    picked = pages.ids(request.form.getlist("membership"))
    if not picked:
        return _heirs(circle_id, unpicked=True)
    return _act("hand-over")(circle_id, picked[0])


def _heirs(circle_id: int, unpicked: bool) -> Answer:
    header = open_circle(viewer(), circle_id, Rule.CIRCLE_OWN)
    name, to = asked_name(), pages.cursor("to")
    after = to - 1 if to else pages.cursor()
    return (invalid if unpicked else show)(
        "circles/hand_over.html",
        tab="circles",
        mode=header.circle.kind,
        header=header,
        at="members",
        people=lists.heirs(viewer(), header.circle, name, after),
        to=to,
        q=name,
        unpicked=unpicked,
    )


@bp.get("/members/pick")
@requires(Rule.CIRCLE_INVITE)
def pick_show(circle_id: int) -> str:
    """People of the organisation (or of one's own partner company) who are not in yet."""
    header = open_circle(viewer(), circle_id, Rule.CIRCLE_INVITE)
    name = asked_name()
    return show(
        "circles/pick.html",
        tab="circles",
        mode=header.circle.kind,
        header=header,
        at="members",
        q=name,
        people=lists.to_pick(viewer(), header.circle, name, pages.cursor()),
    )


@bp.post("/members/pick")
@requires(Rule.CIRCLE_INVITE)
def pick_create(circle_id: int) -> Answer:
    """Bring in those who are ticked; only people whom this viewer could have been shown."""
    brought, refusals = 0, list[str]()
    with write():
        circle = access(Rule.CIRCLE_INVITE, viewer(), Circle, circle_id)
        throttle.calm(viewer().person_id, "picks")
        for number in pages.ids(request.form.getlist("identity")):
            identity = db.session.get(Identity, number)
            if identity is not None and lists.may_pick(viewer(), circle, identity):
                try:
                    acts.pick(viewer(), circle, identity)
                    brought += 1
                except NotAdmitted as refused:
                    refusals.append(f"{identity.name}: {_(refused.words)}")
    said = ngettext("{n} person is in now.", "{n} people are in now.", brought)
    return done(url_for("members.members_index", circle_id=circle_id), say=" ".join([said, *refusals[:3]]))


@bp.get("/mentions")
@requires(Rule.CIRCLE_READ)
def mentions_show(circle_id: int) -> Response:
    """Options for completing an @."""
    open_circle(viewer(), circle_id)
    names = lists.mentionable(circle_id, asked_name(40))
    return Response(render_template("circles/_mentions.html", names=names))
