"""Collections of featured cards."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, render_template, request

from webapp.circles.models import Circle
from webapp.circles.policy import Rule as CircleRule
from webapp.circles.queries import open_circle
from webapp.feed import collecting, queries
from webapp.feed.forms import CollectionForm
from webapp.feed.models import Collection
from webapp.feed.policy import Rule
from webapp.kit.db import write
from webapp.kit.i18n import _
from webapp.kit.pages import cursor
from webapp.kit.policy import access, can
from webapp.kit.web import Answer, done, requires, viewer

bp = Blueprint("feed_collections", __name__)


@bp.post("/circles/<int:circle_id>/collections")
@requires(CircleRule.CIRCLE_MODERATE)
def collections_create(circle_id: int) -> Answer:
    """Begin a collection."""
    form = CollectionForm.read()
    if not form.ok:
        header = open_circle(viewer(), circle_id, CircleRule.CIRCLE_MODERATE)
        page: dict[str, Any] = {"header": header, "form": form, "shelves": collecting.collections_of(circle_id)}
        page["feed"] = queries.featured_page(viewer(), header, cursor())
        return make_response(render_template("feed/featured.html", tab="circles", **page), 422)
    with write():
        circle = access(CircleRule.CIRCLE_MODERATE, viewer(), Circle, circle_id)
        made = collecting.make_collection(viewer(), circle, form.name.data)
    return done(f"/collections/{made.id}")


@bp.get("/collections/<int:collection_id>")
@requires(Rule.COLLECTION_READ)
def collections_show(collection_id: int) -> Answer:
    """Its cards in their order; for moderators with what changes it."""
    collection = access(Rule.COLLECTION_READ, viewer(), Collection, collection_id)
    return _page(collection, CollectionForm.blank(name=collection.name))


def _page(collection: Collection, form: CollectionForm) -> str:
    header = open_circle(viewer(), collection.circle_id)
    page = {"header": header, "collection": collection, "form": form, "mode": header.circle.kind}
    page["cards"] = collecting.collected(viewer(), collection, header.member)
    page["may_share"] = can(Rule.COLLECTION_SHARE, viewer(), collection)
    page["others"] = collecting.to_collect(viewer(), collection) if header.may_moderate else ()
    return render_template("feed/collection.html", topics=[f"circle-{header.circle.id}"], **page)


@bp.post("/collections/<int:collection_id>")
@requires(Rule.COLLECTION_EDIT)
def collections_update(collection_id: int) -> Answer:
    """Give it another name."""
    form = CollectionForm.read()
    if not form.ok:
        return make_response(_page(access(Rule.COLLECTION_EDIT, viewer(), Collection, collection_id), form), 422)
    with write():
        collection = access(Rule.COLLECTION_EDIT, viewer(), Collection, collection_id)
        collecting.rename_collection(viewer(), collection, form.name.data)
    return done(f"/collections/{collection_id}")


@bp.post("/collections/<int:collection_id>/delete")
@requires(Rule.COLLECTION_EDIT)
def collections_delete(collection_id: int) -> Answer:
    with write():
        collection = access(Rule.COLLECTION_EDIT, viewer(), Collection, collection_id)
        collecting.drop_collection(viewer(), collection)
    return done(f"/circles/{collection.circle_id}/featured", say=_("The collection is gone; its posts are still here."))


@bp.post("/collections/<int:collection_id>/items")
@requires(Rule.COLLECTION_EDIT)
def items_create(collection_id: int) -> Answer:
    """Put a featured card at the end."""
    with write():
        collecting.collect(viewer(), access(Rule.COLLECTION_EDIT, viewer(), Collection, collection_id), _row())
    return done(f"/collections/{collection_id}")


@bp.post("/collections/<int:collection_id>/remove")
@requires(Rule.COLLECTION_EDIT)
def items_delete(collection_id: int) -> Answer:
    with write():
        collecting.take_out(viewer(), access(Rule.COLLECTION_EDIT, viewer(), Collection, collection_id), _row())
    return done(f"/collections/{collection_id}")


@bp.post("/collections/<int:collection_id>/up", endpoint="items_up")
@bp.post("/collections/<int:collection_id>/down", endpoint="items_down")
@requires(Rule.COLLECTION_EDIT)
def items_move(collection_id: int) -> Answer:
    """One place up or down."""
    with write():
        collection = access(Rule.COLLECTION_EDIT, viewer(), Collection, collection_id)
        collecting.move(viewer(), collection, _row(), up=request.path.endswith("/up"))
    return done(f"/collections/{collection_id}")


def _row() -> int:
    return request.form.get("row", 0, type=int)
