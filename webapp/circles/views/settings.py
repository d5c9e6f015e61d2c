"""A circle's settings, its links, and its end."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, url_for
from werkzeug.exceptions import Forbidden, NotFound

from webapp.accounts.models import Identity
from webapp.circles import invited, lists, outcomes
from webapp.circles.actions import inviting, making
from webapp.circles.actions.making import NameTaken, Rules
from webapp.circles.forms import InvitationForm, SettingsForm
from webapp.circles.kinds import KINDS, TAGS
from webapp.circles.models import Circle, Invitation
from webapp.circles.policy import Rule
from webapp.circles.queries import Header, open_circle
from webapp.kit.db import db, write
from webapp.kit.i18n import N_, _
from webapp.kit.policy import access, can
from webapp.kit.qr import qr_code
from webapp.kit.web import Answer, done, invalid, password_again, requires, show, viewer

bp = Blueprint("circle_settings", __name__)
ROLES = {"member": N_("members"), "admin": N_("administrators")}


@bp.get("/circles/<int:circle_id>/settings")
@requires(Rule.CIRCLE_ADMINISTER)
def settings_show(circle_id: int) -> str:
    header = open_circle(viewer(), circle_id, Rule.CIRCLE_ADMINISTER)
    circle = header.circle
    names = ("name", "intro", "joining", "posting", "commenting", "approval", "sharing")
    form = SettingsForm.blank(**{name: getattr(circle, name) for name in names})
    form.offer(circle.kind)
    return show("circles/settings.html", **_page(header), form=form, reviews=KINDS[circle.kind].reviews)


@bp.post("/circles/<int:circle_id>/settings")
@requires(Rule.CIRCLE_ADMINISTER)
def settings_update(circle_id: int) -> Answer:
    header = open_circle(viewer(), circle_id, Rule.CIRCLE_ADMINISTER)
    form = SettingsForm.read()
    form.offer(header.circle.kind)
    page = {**_page(header), "form": form, "reviews": KINDS[header.circle.kind].reviews}
    if not form.ok:
        return invalid("circles/settings.html", **page)
    rules = Rules(form.joining.data, form.posting.data, form.commenting.data, form.approval.data, form.sharing.data)
    try:
        with write():
            circle = access(Rule.CIRCLE_ADMINISTER, viewer(), Circle, circle_id)
            settled = making.update_settings(viewer(), circle, name=form.name.data, intro=form.intro.data, rules=rules)
    except NameTaken as taken:
        form.blame("name", outcomes.why_not(taken))
        return invalid("circles/settings.html", **page)
    return done(url_for("circle_settings.settings_show", circle_id=circle_id), say=outcomes.what_became(settled))


@bp.post("/circles/<int:circle_id>/archive")
@requires(Rule.CIRCLE_OWN)
def circle_archive(circle_id: int) -> Answer:
    with write():
        making.archive(viewer(), access(Rule.CIRCLE_OWN, viewer(), Circle, circle_id))
    return done(
        url_for("feed.feed_show", circle_id=circle_id), say=_("The circle is archived: all can read, nobody writes.")
    )


@bp.post("/circles/<int:circle_id>/archive/delete")
@requires(Rule.CIRCLE_OWN)
def circle_unarchive(circle_id: int) -> Answer:
    try:
        with write():
            making.unarchive(viewer(), access(Rule.CIRCLE_OWN, viewer(), Circle, circle_id))
    except NameTaken as taken:
        return done(url_for("circle_settings.settings_show", circle_id=circle_id), say=outcomes.why_not(taken))
    return done(url_for("feed.feed_show", circle_id=circle_id), say=_("The circle lives again."))


@bp.get("/circles/<int:circle_id>/invitations")
@requires(Rule.CIRCLE_INVITE)
def invitations_index(circle_id: int) -> str:
    """Links into the circle. Who may only bring in own people does so by picking them."""
    header = open_circle(viewer(), circle_id, Rule.CIRCLE_INVITE)
    return show(
        "circles/invitations.html", **_links(header, _form(header, InvitationForm.blank(days="7", role="member")))
    )


@bp.post("/circles/<int:circle_id>/invitations")
@requires(Rule.CIRCLE_INVITE)
def invitations_create(circle_id: int) -> Answer:
    header = open_circle(viewer(), circle_id, Rule.CIRCLE_INVITE)
    form = _form(header, InvitationForm.read())
    if not may_link(header):
        raise Forbidden
    if not form.ok:
        return invalid("circles/invitations.html", **_links(header, form))
    if form.role.data != "member":
        password_again()
    with write():
        made = inviting.make_invitation(
            viewer(),
            access(Rule.CIRCLE_INVITE, viewer(), Circle, circle_id),
            current_app.config["SECRET_KEY"],
            days=int(form.days.data),
            limit=form.limit.data,
            role=form.role.data,
            tag=form.tag.data or "",
            purpose=form.purpose.data,
        )
    there = url_for("circle_settings.invitation_sheet", circle_id=circle_id, invitation_id=made.id)
    return done(there, say=_("The invitation is ready: as a link, a code to scan and one to type."))


@bp.get("/circles/<int:circle_id>/invitations/<int:invitation_id>")
@requires(Rule.INVITATION_REVOKE)
def invitation_sheet(circle_id: int, invitation_id: int) -> Answer:
    """One invitation to hand out: its link, the code to scan, the code to type; printed, a sheet for the door."""
    invitation = access(Rule.INVITATION_REVOKE, viewer(), Invitation, invitation_id)
    if invitation.circle_id != circle_id:
        raise NotFound
    secret, base = current_app.config["SECRET_KEY"], current_app.config["BASE_URL"]
    url, code = f"{base}/i/{inviting.token_of(secret, invitation)}", inviting.code_of(secret, invitation)
    page = _page(open_circle(viewer(), circle_id, Rule.CIRCLE_READ))
    return show(
        "circles/invitation_sheet.html",
        **page,
        row=invitation,
        url=url,
        code=f"{code[:4]}-{code[4:]}" if code else "",
        where=f"{base}/i",
        qr=qr_code(url),
        host=db.session.get_one(Identity, invitation.made_by),
        spent=inviting.is_spent(invitation),
        tags=TAGS,
    )


@bp.post("/circles/<int:circle_id>/invitations/<int:invitation_id>/delete")
@requires(Rule.INVITATION_REVOKE)
def invitation_revoke(circle_id: int, invitation_id: int) -> Answer:
    with write():
        inviting.revoke_invitation(viewer(), access(Rule.INVITATION_REVOKE, viewer(), Invitation, invitation_id))
    return done(
        url_for("circle_settings.invitations_index", circle_id=circle_id), say=_("The link opens nothing any more.")
    )


def may_link(header: Header) -> bool:
    """Links are made by administrators, and by members where the kind lets members invite."""
    return header.may_administer or KINDS[header.circle.kind].admits == "anyone"


def _form(header: Header, form: InvitationForm) -> InvitationForm:
    """Only the owner's links make administrators; a business circle's may invite a company."""
    roles = ROLES if header.may_own else {"member": ROLES["member"]}
    business = KINDS[header.circle.kind].admits == "partners"
    form.offer(roles, {"": N_("People"), **({key: TAGS[key] for key in TAGS} if business else {})})
    return form


def _links(header: Header, form: InvitationForm) -> dict[str, Any]:
    secret = current_app.config["SECRET_KEY"]
    rows = invited.invitations(header.circle.id, None if header.may_administer else viewer().identity_id)
    base = current_app.config["BASE_URL"]
    shown = [(row, f"{base}/i/{inviting.token_of(secret, row)}", opens) for row, opens in rows]
    return {
        **_page(header),
        "form": form,
        "links": shown,
        "may_link": may_link(header),
        "bring": lists.brings_from(viewer(), header.circle) is not None,
        "may_share": can(Rule.CIRCLE_SHARE, viewer(), header.circle),
        "tags": TAGS,
    }


def _page(header: Header) -> dict[str, Any]:
    return {"tab": "circles", "mode": header.circle.kind, "header": header, "at": "settings"}
