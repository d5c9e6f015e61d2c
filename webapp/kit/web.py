"""The web side of every view: who asks, what a view declares, and how it answers.

A view carries `@requires(rule)`, `@personal` (a signed-in person's own things), `@platform` (an administrator of the
server) or `@public`; a test walks all routes and fails on one that declares nothing. The only importer of htmx_flask.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, Response, current_app, flash, g, make_response, redirect, render_template, request
from htmx_flask import Htmx
from markupsafe import Markup
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from webapp.kit.policy import ANONYMOUS, Viewer

P = ParamSpec("P")
R = TypeVar("R")
Answer = str | AnyResponse | tuple[Any, ...]

_htmx = Htmx()


def init_web(app: Flask) -> None:
    _htmx.init_app(app)
    app.after_request(_private)


# ---- who asks ------------------------------------------------------------------------------------------------
def viewer() -> Viewer:
    """Who asks, in the identity in use."""
    found: Viewer = g.get("viewer", ANONYMOUS)
    return found


class PasswordAgain(Unauthorized):
    """Who is signed in gives the password once more before this is done."""


def password_again() -> None:
    """For what a stolen session must not do. Raises PasswordAgain where the password was not given just now; a view
    asks after the rule, so that nobody types a password for what they may not do anyway."""
    if not g.get("proved", False):
        raise PasswordAgain


# ---- what a view declares -------------------------------------------------------------------------------------
def requires(rule: StrEnum, *, anonymous: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The view stands on this rule and asks it through `access()` or `allowed()`. Not signed in: the sign-in page,
    unless the rule has something to say to strangers (`anonymous`)."""
    return _declare(str(rule), None if anonymous else _signed_in)


def personal(view: Callable[P, R]) -> Callable[P, R]:
    """The view shows or changes the signed-in person's own things and takes nobody else's id."""
    return _declare("personal", _signed_in)(view)


def platform(view: Callable[P, R]) -> Callable[P, R]:
    """Only for administrators of the server."""
    return _declare("platform", _platform_admin)(view)


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Open to everybody, signed in or not."""
    return _declare("public", None)(view)


def _declare(rule: str, gate: Callable[[], None] | None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    def declare(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if gate is not None:
                gate()
            return view(*args, **kwargs)

        guarded.rule = rule  # type: ignore[attr-defined]
        return guarded

    return declare


def _signed_in() -> None:
    if not viewer().signed_in:
        raise Unauthorized


def _platform_admin() -> None:
    _signed_in()
    if not viewer().platform_admin:
        raise Forbidden


# ---- how a view answers ---------------------------------------------------------------------------------------
def wants_fragment() -> bool:
    """Whether htmx swaps the answer into a page that is there (not Back, not a whole page)."""
    return bool(request.htmx) and request.headers.get("HX-Request-Type") == "partial"  # type: ignore[attr-defined]


def show(page: str, fragment: str | None = None, **context: Any) -> str:
    """The page, or only the fragment where htmx asked for one."""
    return render_template(fragment if fragment and wants_fragment() else page, **context)


def invalid(page: str, fragment: str | None = None, **context: Any) -> AnyResponse:
    """The form again, filled in, with the reasons beside the fields: 422."""
    return make_response(show(page, fragment, **context), 422)


def partial(target: str, html: str, swap: str = "outerMorph") -> Markup:
    """One more target of an htmx answer; `target` is a CSS selector."""
    return Markup('<hx-partial hx-target="%s" hx-swap="%s">%s</hx-partial>') % (target, swap, Markup(html))


def done(url: str, fragment: str | None = None, *, say: str = "", also: tuple[str, ...] = (), **context: Any) -> Answer:
    """After a change: 303 to `url`; for htmx the fragment and what else moved, or a redirect without a fragment.
    `say` is told to the person either way."""
    if not request.htmx:  # type: ignore[attr-defined]
        if say:
            flash(say)
        return redirect(url, 303)
    if fragment is None:
        if say:
            flash(say)
        return "", 204, {"HX-Redirect": url}
    told = (partial("#flash", render_template("components/_flash.html", words=say), "innerHTML"),) if say else ()
    return render_template(fragment, **context) + "".join((*also, *told))


def draw(fragment: str, **context: Any) -> Markup:
    """A neutral fragment, drawn as the live push draws it: without any viewer."""
    return Markup(current_app.jinja_env.get_template(fragment).render(context).strip())


def _private(response: Response) -> Response:
    """Signed-in pages are not kept by any cache; page and fragment share a URL."""
    response.vary.update(["HX-Request", "HX-Request-Type", "Cookie", "Accept-Language"])
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


__all__ = [
    "Answer", "PasswordAgain", "done", "draw", "init_web", "invalid", "partial", "password_again", "personal",
    "platform", "public",
    "requires", "show", "viewer", "wants_fragment",
]  # fmt: skip
