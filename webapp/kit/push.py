"""Live push: what is said on a topic, how it is drawn, and `/live`, where a page listens.

    say_push("group-3", "talk-3", "beforeend", "groups/_message.html", "message", id=9)

The outbox holds facts; a pushed fragment is loaded and drawn after the commit, once per variant (language and zone),
by the loader that its capability registered with `pushed(name)`. Fragments that are pushed know no viewer. Topics
are open only to those whom the capability's `topic(prefix)` check lets in, asked at each (re-)open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from flask import Response, current_app, request
from sqlalchemy.orm import SessionTransaction

from webapp.kit import i18n, outbox
from webapp.kit.db import db
from webapp.kit.outbox import Cursor, Event, emit
from webapp.kit.policy import Viewer

END = "end"  # the kind that ends every stream following its topic
DRAWN = frozenset({"push"})  # kinds that differ by language and zone
BOUND = 250  # topics one page may follow

Loader = Callable[..., dict[str, Any] | None]
Check = Callable[[Viewer, list[int]], set[int]]
_loaders: dict[str, Loader] = {}
_topics: dict[str, Check] = {}
_poked: WeakKeyDictionary[SessionTransaction, set[tuple[str, tuple[str, ...]]]] = WeakKeyDictionary()


def pushed(name: str) -> Callable[[Loader], Loader]:
    """Declare how a pushed fragment's context is loaded from its arguments; None when it is gone by now."""

    def declare(loader: Loader) -> Loader:
        _loaders[name] = loader
        return loader

    return declare


def topic(prefix: str) -> Callable[[Check], Check]:
    """Declare who may follow topics `prefix-<id>`: which of these ids this viewer may."""

    def declare(check: Check) -> Check:
        _topics[prefix] = check
        return check

    return declare


def say_push(topic: str, target: str, where: str, template: str, loader: str, **arguments: Any) -> None:
    """Push one fragment: into the list `target` (`beforeend`, `afterbegin`), or only in place (`self`)."""
    emit(topic, "push", target=target, where=where, template=template, loader=loader, arguments=arguments)


def say_poke(topic: str, *keys: str) -> None:
    """Elements with one of these keys refetch themselves; the rule is asked again. Said twice in one transaction it is
    said once: it is heard after the commit, whatever came between."""
    transaction, words = db.session().get_transaction(), (topic, keys)
    said = _poked.setdefault(transaction, set()) if transaction is not None else set()
    if words not in said:
        said.add(words)
        emit(topic, "poke", data=" ".join(keys))


def say_fresh(topic: str, row: int, author: int) -> None:
    """A new row stands in the list named like the topic."""
    emit(topic, "fresh", data=f"{topic} {row} {author}")


def say_gone(topic: str, element: str) -> None:
    emit(topic, "gone", data=element)


def say_end(topic: str) -> None:
    """End the streams that follow this topic; their pages come back and are asked again."""
    emit(topic, END)


@lru_cache(maxsize=4_000)
def draw(event: Event, variant: str) -> bytes:
    """An event as the line carries it, once per variant; needs an application context."""
    payload = event.payload
    if event.kind != "push":
        return frame(event.kind, payload.get("data", ""), event.cursor)
    lang, _, zone = variant.partition(" ")
    with i18n.speaking(lang, zone), current_app.test_request_context(base_url=current_app.config["BASE_URL"]):
        context = _loaders[payload["loader"]](**payload["arguments"])
        if context is None:
            return frame("beat", "", event.cursor)
        html = current_app.jinja_env.get_template(payload["template"]).render(context).strip()
    return frame("push", f"{payload['target']} {payload['where']}\n{html}", event.cursor)


def frame(kind: str, data: str, cursor: Cursor | None = None) -> bytes:
    """One server-sent event. A lone CR ends a line too: left in, a message could speak as another event."""
    lines = [f"data: {line}" for line in data.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    head = [f"event: {kind}"] + ([f"id: {cursor}"] if cursor else [])
    return ("\n".join(head + lines) + "\n\n").encode()


def permitted(viewer: Viewer, topics: Iterable[str]) -> tuple[list[str], bool]:
    """The topics this viewer may follow, and whether some were refused. The viewer's own are always among them."""
    own = {f"viewer-{viewer.identity_id}", f"session-{viewer.session_id}", f"person-{viewer.person_id}"}
    asked: dict[str, list[int]] = {}
    refused = False
    for name in list(dict.fromkeys(topics))[:BOUND]:
        prefix, _, number = name.rpartition("-")
        if name in own:
            continue
        if prefix in _topics and number.isascii() and number.isdigit() and len(number) < 16:
            asked.setdefault(prefix, []).append(int(number))
        else:
            refused = True
    open_to_viewer: list[str] = []
    for prefix, numbers in asked.items():
        may = _topics[prefix](viewer, numbers)
        refused = refused or set(numbers) != may
        open_to_viewer += [f"{prefix}-{number}" for number in numbers if number in may]
    return [*open_to_viewer, *sorted(own)], refused


def answer(viewer: Viewer) -> Response:
    """What happened since, and the private headers with which the shell goes on. Without a shell it just ends,
    and coming back is polling (`X-Poll: 1`, with an ETag)."""
    connection = db.session.connection()
    position = outbox.now(connection)
    topics, refused = permitted(viewer, request.args.get("topics", "").split())
    if refused:
        return _stream([frame("bye", "")], position)
    missed = outbox.replay(request.args.get("since", ""), topics)
    told = [frame("reset", "", position)]  # with the new cursor, or the page would be told to refresh for ever
    variant = f"{viewer.lang} {viewer.zone}"
    if missed is not None:
        told = [draw(event, variant if event.kind in DRAWN else "") for event in missed if event.kind != END]
    response = _stream([frame("beat", ""), *told], position)
    if request.headers.get("X-Poll"):
        response.set_etag(f"{position}-{len(told)}-{viewer.identity_id}-{viewer.lang}")
        if not told and request.if_none_match:
            response.status_code, response.data = 304, b""
        return response
    response.headers["X-Hold"] = ",".join(topics)
    response.headers["X-Variant"] = variant
    response.headers["X-Who"] = str(viewer.identity_id)
    return response


def _stream(parts: list[bytes], position: Cursor) -> Response:
    response = Response(b"".join(parts), mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Cursor"] = str(position)
    return response
