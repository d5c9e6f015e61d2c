"""What the server tests point a server at: the product, with a few views that behave badly on purpose."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from flask import Blueprint, Response, abort, request
from werkzeug.utils import secure_filename

from webapp.app import create_app
from webapp.groups.models import Group
from webapp.kit.db import db, load, unit, write
from webapp.kit.outbox import emit
from webapp.kit.security import own_origin
from webapp.kit.shell import Body
from webapp.kit.web import public
from webapp.server import in_shell

bp = Blueprint("hooks", __name__, url_prefix="/hooks")
app = create_app()
FOLDER = Path(app.config["SETTINGS"].data)


@bp.get("/pid")
@public
def pid() -> str:
    return str(os.getpid())


@bp.get("/files/<name>")
@public
def file_show(name: str) -> Response:
    response = Response(mimetype="application/octet-stream", headers={"X-Send": str(FOLDER / name)})
    response.set_etag(name)
    return response


@bp.route("/uploads/<name>", methods=["HEAD", "PATCH"])
@public
def upload(name: str) -> Response:
    """A resumable upload in small: the file is the truth, its size the offset. A cut body comes here too."""
    path = FOLDER / secure_filename(name)
    path.touch()
    if request.method == "PATCH":
        if path.stat().st_size != int(request.headers["Upload-Offset"]):
            abort(409)
        with path.open("ab") as file:
            while block := request.stream.read(1 << 16):
                file.write(block)
    return Response(status=204, headers={"Upload-Offset": str(path.stat().st_size)})


@bp.post("/uploads/<name>")
@public
def upload_size(name: str) -> str:
    return str(len(request.get_data(cache=False)))


@bp.post("/groups/<int:group_id>/noise")
@public
def noise(group_id: int) -> Response:
    """Say a lot, so that a client that does not read falls behind."""
    with write():
        for _ in range(20):
            emit(f"group-{group_id}", "poke", data="x" * 32_000)
    return Response(status=204)


@bp.post("/groups/<int:group_id>/count")
@public
def count(group_id: int) -> str:
    """Looks outside, counts inside: what is loaded there is read again, and locked."""
    db.session.get(Group, group_id)
    with write():
        group = load(Group, group_id)
        assert group is not None
        group.messages += 1
    return str(group.messages)


@bp.get("/groups/<int:group_id>/writes")
@public
def get_writes(group_id: int) -> str:
    group = db.session.get_one(Group, group_id)
    group.messages = 99
    db.session.commit()
    return "written"


@bp.get("/groups/<int:group_id>/writes-openly")
@public
def get_writes_openly(group_id: int) -> str:
    with write():
        db.session.get_one(Group, group_id).messages = 99
    return "written"


@bp.get("/groups/<int:group_id>/seen")
@public
def seen(group_id: int) -> Response:
    """Bookkeeping of a GET: a write of its own, when the answer is out."""
    response = Response(str(db.session.get_one(Group, group_id).messages))
    response.call_on_close(partial(_count_visit, group_id))
    return response


def _count_visit(group_id: int) -> None:
    with unit(app), write():
        db.session.get_one(Group, group_id).messages += 1


@bp.get("/crash")
@public
def crash() -> str:
    raise ZeroDivisionError


@bp.get("/headers")
@public
def headers() -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers}


@bp.get("/asker")
@public
def asker() -> dict[str, str | None]:
    """Who asks, as the product understands it."""
    return {"address": request.remote_addr, "origin": own_origin()}


app.register_blueprint(bp)
asgi = in_shell(app, bodies={"/hooks/uploads/": Body(limit=64 << 20, partial=True)})
