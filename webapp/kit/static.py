"""Built front-end files: hashed names, immutable, compressed at set-up."""

from __future__ import annotations

import json
import mimetypes
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, current_app, request

from webapp.kit.web import public

ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


def init_static(app: Flask, folder: Path) -> None:
    """Serve the files of `folder` at /static/<hashed name>; `asset("app.css")` in templates is their address."""

    @lru_cache(maxsize=1)
    def manifest() -> dict[str, str]:
        built: dict[str, str] = json.loads((folder / "manifest.json").read_text())
        return built

    @lru_cache(maxsize=64)
    def content(name: str, ending: str) -> bytes | None:
        file = folder / f"{name}{ending}"
        return file.read_bytes() if file.is_file() else None

    def asset(name: str) -> str:
        return f"/static/{manifest()[name]}"

    @public
    def static_show(name: str) -> Response:
        if "/" in name or name.startswith(".") or content(name, "") is None:
            abort(404)
        return send(name)

    def send(name: str) -> Response:
        accepted = request.accept_encodings
        encoding, ending = next((pair for pair in ENCODINGS if accepted[pair[0]] and content(name, pair[1])), ("", ""))
        response = Response(content(name, ending), mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        if encoding:
            response.headers["Content-Encoding"] = encoding
        return response

    app.add_url_rule("/static/<name>", "static", static_show)
    app.jinja_env.globals["asset"] = asset
    app.extensions["built"] = lambda name: send(manifest()[name])


def built(name: str) -> Response:
    """The answer that carries a built file, under another address than its own."""
    answer: Response = current_app.extensions["built"](name)
    return answer
