"""Making links, looking after them, ending them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, url_for
from werkzeug.exceptions import NotFound

from webapp.circles.models import Circle
from webapp.circles.policy import Rule as CircleRule
from webapp.circles.queries import open_circle
from webapp.kit.db import write
from webapp.kit.i18n import _
from webapp.kit.pages import cursor
from webapp.kit.policy import access
from webapp.kit.web import Answer, done, invalid, personal, requires, show, viewer
from webapp.shared_links import queries, subjects
from webapp.shared_links.actions import code_of, make_link, revoke_link, token_of
from webapp.shared_links.forms import LinkForm
from webapp.shared_links.models import SharedLink
from webapp.shared_links.policy import Rule
from webapp.shared_links.subjects import Subject

bp = Blueprint("shared_links", __name__)


@bp.get("/shared-links/<subject>/<int:item_id>")
@requires(CircleRule.CIRCLE_SHARE)
def link_new(subject: str, item_id: int) -> Answer:
    """How long may it open? And the links to this that there are."""
    found, circle = _shareable(subject, item_id)
    form = LinkForm.blank(days="7")
    form.offer(viewer().zone)
    return show("shared_links/new.html", **_making(found, item_id, circle, form))


@bp.post("/shared-links/<subject>/<int:item_id>")
@requires(CircleRule.CIRCLE_SHARE)
def link_create(subject: str, item_id: int) -> Answer:
    form = LinkForm.read()
    form.offer(viewer().zone)
    if not form.ok:
        found, circle = _shareable(subject, item_id)
        return invalid("shared_links/new.html", **_making(found, item_id, circle, form))
    with write():
        found, circle = _shareable(subject, item_id)
        link = make_link(
            viewer(),
            circle,
            current_app.config["SECRET_KEY"],
            kind=found.name,
            item_id=item_id,
            expires_at=form.expires_at,
            client_id=form.client_id.data,
            coded=form.coded.data,
        )
    return done(url_for("shared_links.link_page", shared_id=link.id), say=_("The link is ready."))


@bp.get("/shared-links/<int:shared_id>")
@requires(Rule.SHARED_READ)
def link_page(shared_id: int) -> Answer:
    """One link: its address for who made it, how often it was opened, its end."""
    link = access(Rule.SHARED_READ, viewer(), SharedLink, shared_id)
    listed, secret = queries.one_listed(link.id), current_app.config["SECRET_KEY"]
    mine = link.made_by == viewer().identity_id
    subject = subjects.find(link.kind)
    return show(
        "shared_links/link.html",
        tab="circles",
        mode=listed.circle.kind,
        row=listed,
        mine=mine,
        url=f"{current_app.config['BASE_URL']}/s/{token_of(secret, link)}" if mine else "",
        code=code_of(secret, link) if mine else "",
        title=_(subject.title) if subject else "",
        back_to=subject.address(link.item_id) if subject else "/me/shared-links",
    )


@bp.post("/shared-links/<int:shared_id>/delete")
@requires(Rule.SHARED_REVOKE)
def link_revoke(shared_id: int) -> Answer:
    with write():
        revoke_link(viewer(), access(Rule.SHARED_REVOKE, viewer(), SharedLink, shared_id))
    return done(url_for("shared_links.link_page", shared_id=shared_id), say=_("The link opens nothing any more."))


@bp.get("/circles/<int:circle_id>/shared-links")
@requires(CircleRule.CIRCLE_ADMINISTER)
def links_index(circle_id: int) -> Answer:
    """Every link into the circle, for who administers it."""
    header = open_circle(viewer(), circle_id, CircleRule.CIRCLE_ADMINISTER)
    links = queries.links_of_circle(circle_id, cursor())
    page: dict[str, Any] = {"tab": "circles", "mode": header.circle.kind, "circle": header.circle}
    return show("shared_links/index.html", **page, links=links, back_to=f"/circles/{circle_id}/settings")


@bp.get("/me/shared-links")
@personal
def own_links_index() -> Answer:
    """The links that I made, in the identity in use."""
    links = queries.links_of(viewer(), cursor())
    return show("shared_links/index.html", tab="me", circle=None, links=links, back_to="/me")


def _shareable(name: str, item_id: int) -> tuple[Subject, Circle]:
    """The subject and the circle by whose rules it is shared. Raises NotFound, or Forbidden where it is not."""
    subject = subjects.find(name)
    if subject is None:
        raise NotFound
    row = access(subject.rule, viewer(), subject.model, item_id)
    return subject, access(CircleRule.CIRCLE_SHARE, viewer(), Circle, subject.circle_of(row))


def _making(subject: Subject, item_id: int, circle: Circle, form: LinkForm) -> dict[str, Any]:
    return {
        "tab": "circles",
        "mode": circle.kind,
        "circle": circle,
        "subject": subject,
        "item_id": item_id,
        "line": subject.lines([item_id]).get(item_id, ""),
        "form": form,
        "links": queries.links_to(viewer(), subject.name, item_id),
    }
