"""The groups of a circle: a list for its members, a desk for its administrators."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import NotFound

from webapp.accounts.models import Identity
from webapp.circles.actions.joining import NotAdmitted, admit
from webapp.circles.models import Circle
from webapp.circles.policy import Rule as CircleRule
from webapp.circles.queries import open_circle
from webapp.groups import desk
from webapp.groups.actions import announce, mute_all
from webapp.groups.beside import beside
from webapp.groups.forms import AnnouncementForm, LinkForm
from webapp.groups.linking import Pace, link_group, set_link, unlink
from webapp.groups.models import Group, Link
from webapp.groups.policy import Rule
from webapp.kit.db import db, load, write
from webapp.kit.i18n import _
from webapp.kit.ids import as_id
from webapp.kit.policy import access
from webapp.kit.web import Answer, done, invalid, requires, show, viewer, wants_fragment

bp = Blueprint("links", __name__)


@bp.get("/circles/<int:circle_id>/groups")
@requires(CircleRule.CIRCLE_READ)
def links_index(circle_id: int) -> Answer:
    """The circle's groups: to open or join; for administrators with what runs between them and the circle."""
    header = open_circle(viewer(), circle_id)
    return show(
        "groups/circle.html",
        header=header,
        at="groups",
        linked=desk.linked(viewer(), circle_id),
        linkable=desk.linkable(viewer(), circle_id) if header.may_administer else [],
        tab="circles",
        mode=header.circle.kind,
        topics=[f"circle-{circle_id}"],
    )


@bp.get("/circles/<int:circle_id>/groups/beside")
@requires(CircleRule.CIRCLE_READ)
def groups_beside(circle_id: int) -> Answer:
    """The linked groups for the side of a wide page; a phone never asks for them."""
    header = open_circle(viewer(), circle_id)
    if not wants_fragment():
        return redirect(f"/circles/{circle_id}/groups")
    return render_template("groups/_beside.html", header=header, beside=beside(viewer(), circle_id))


@bp.post("/circles/<int:circle_id>/links")
@requires(CircleRule.CIRCLE_ADMINISTER)
def links_create(circle_id: int) -> Answer:
    """Link a group that one runs to a circle that one runs."""
    with write():
        circle = access(CircleRule.CIRCLE_ADMINISTER, viewer(), Circle, circle_id)
        group = access(Rule.GROUP_ADMINISTER, viewer(), Group, request.form.get("group", 0, type=as_id))
        link = link_group(viewer(), group, circle)
    return done(f"/links/{link.id}", say=_("The group is linked. Choose what is pushed."))


@bp.get("/links/<int:link_id>")
@requires(Rule.LINK_ADMINISTER)
def links_show(link_id: int) -> Answer:
    """The desk of one linked group."""
    return _desk(access(Rule.LINK_ADMINISTER, viewer(), Link, link_id))


def _desk(link: Link, form: LinkForm | None = None, words: AnnouncementForm | None = None) -> Answer:
    found = desk.open_desk(link)
    failed = form is not None or words is not None
    form = form or LinkForm.blank(**_carried(link))
    words = words or AnnouncementForm.blank(words=found.group.announcement)
    page = {"desk": found, "form": form, "words": words, "tab": "circles", "mode": found.circle.kind}
    return (invalid if failed else show)("groups/desk.html", None, **page)


def _carried(link: Link) -> dict[str, Any]:
    return {name: getattr(link, name) for name in ("push", "admits", *Pace._fields)}


@bp.post("/links/<int:link_id>")
@requires(Rule.LINK_ADMINISTER)
def links_update(link_id: int) -> Answer:
    """What the link pushes, and whether joining the group admits to the circle."""
    link = access(Rule.LINK_ADMINISTER, viewer(), Link, link_id)
    form = LinkForm.read(data=_carried(link))
    if not form.ok:
        return _desk(link, form)
    with write():
        link = access(Rule.LINK_ADMINISTER, viewer(), Link, link_id)
        pace = Pace(*(form[name].data for name in Pace._fields))
        set_link(viewer(), link, form.push.data, form.admits.data, pace)
    return done(f"/links/{link_id}", say=_("Saved."))


@bp.post("/links/<int:link_id>/delete")
@requires(Rule.LINK_REMOVE)
def links_delete(link_id: int) -> Answer:
    """End a link, from the circle's or the group's end."""
    with write():
        link = access(Rule.LINK_REMOVE, viewer(), Link, link_id)
        place = f"/circles/{link.circle_id}/groups"
        if request.form.get("from") == "group":
            place = f"/groups/{link.group_id}/settings"
        unlink(viewer(), link)
    return done(place, say=_("The link is gone. Cards that came by it stay in the group."))


@bp.post("/links/<int:link_id>/admissions")
@requires(Rule.LINK_ADMINISTER)
def admissions_create(link_id: int) -> Answer:
    """Let somebody of the group into the circle."""
    words = _("They are in the circle.")
    with write():
        link = access(Rule.LINK_ADMINISTER, viewer(), Link, link_id)
        circle = access(CircleRule.CIRCLE_MODERATE, viewer(), Circle, link.circle_id)
        identity = _outsider(link, circle, request.form.get("identity", 0, type=as_id))
        try:
            admit(circle, identity, via=f"group-{link.group_id}", by_id=viewer().identity_id)
        except NotAdmitted as refused:
            words = _(refused.words)
    return done(f"/links/{link_id}", say=words)


def _outsider(link: Link, circle: Circle, identity_id: int) -> Identity:
    """Somebody who is in the group and not in the circle. Raises NotFound."""
    if not desk.is_outside(link, identity_id):
        raise NotFound
    return db.session.get_one(Identity, identity_id)


@bp.post("/links/<int:link_id>/announcement")
@requires(Rule.LINK_ADMINISTER)
def announcements_create(link_id: int) -> Answer:
    """Set the line above the linked group's chat, from the circle's desk."""
    words = AnnouncementForm.read()
    if not words.ok:
        return _desk(access(Rule.LINK_ADMINISTER, viewer(), Link, link_id), words=words)
    with write():
        announce(viewer(), _group(link_id), words.words.data)
    return done(f"/links/{link_id}", say=_("Saved."))


@bp.post("/links/<int:link_id>/mute")
@requires(Rule.LINK_ADMINISTER)
def mutes_create(link_id: int) -> Answer:
    """Let only owner, administrators and teachers speak in the linked group, or (`silent=0`) everybody."""
    with write():
        mute_all(viewer(), _group(link_id), request.form.get("silent") != "0")
    return done(f"/links/{link_id}", say=_("Saved."))


def _group(link_id: int) -> Group:
    """The group of a link that the viewer administers, locked."""
    link = access(Rule.LINK_ADMINISTER, viewer(), Link, link_id)
    group = load(Group, link.group_id)
    if group is None:
        raise NotFound
    return group
