"""The pieces the shell is made of: a body spooled, a view asked, an answer or a file sent."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from a2wsgi.wsgi import build_environ
from werkzeug.http import parse_range_header

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

PRIVATE = frozenset({b"x-hold", b"x-variant", b"x-who", b"x-send"})  # between view and shell, never on the line
BLOCK = 256 * 1024  # bytes of a file read at once
STALL = 60.0  # seconds a line may stand still
log = logging.getLogger(__name__)


@dataclass
class Answer:
    """What a view said, complete; `close` is its `call_on_close`, run when the answer is out."""

    status: int
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    private: dict[bytes, bytes] = field(default_factory=dict)
    close: Callable[[], None] = lambda: None

    @classmethod
    def bare(cls, status: int, words: bytes = b"") -> Answer:
        """An answer of the shell's own, where no view was asked."""
        length = b"%d" % len(words)
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", length)]
        return cls(status, [*headers, (b"x-content-type-options", b"nosniff")], words)

    def sized(self, length: int | None, *more: tuple[bytes, bytes]) -> Headers:
        """The headers with this content-length, or none, whatever Flask thought of its own body."""
        sized = [(b"content-length", b"%d" % length)] if length is not None else []
        return [pair for pair in self.headers if pair[0] != b"content-length"] + sized + list(more)


async def spool(receive: Receive, body: IO[bytes], limit: int) -> bool:
    """Write the body as it arrives, a little past `limit` at most. False: the client left before its end."""
    while body.tell() <= limit:
        try:
            async with asyncio.timeout(STALL):
                message = await receive()
        except TimeoutError:
            return False
        if message["type"] == "http.disconnect":
            return False
        body.write(message.get("body", b""))
        if not message.get("more_body"):
            break
    return True


def ask(app: Callable[..., Iterable[bytes]], scope: Scope, body: IO[bytes], complete: bool) -> Answer:
    """Run the WSGI application to the end of its answer; called in a thread. An error is a 500."""
    answer, size = Answer.bare(500), body.tell()

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], None]:
        pairs = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers]
        answer.status = int(status.split(" ", 1)[0])
        answer.headers = [pair for pair in pairs if pair[0] not in PRIVATE]
        answer.private = {name: value for name, value in pairs if name in PRIVATE}
        return written.append

    written: list[bytes] = []
    try:
        body.seek(0)
        environ = cast(dict[str, Any], build_environ(cast(Any, scope), cast(Any, body)))
        environ |= {
            "CONTENT_LENGTH": str(size),
            "kit.complete": complete,
        }  # what is here, not what was promised
        parts = app(environ, start_response)
        answer.close = getattr(parts, "close", answer.close)
        answer.body = b"".join([*written, *parts])
    except UnicodeError:  # a path or query that is not what it says
        return Answer.bare(400)
    except Exception:
        log.exception("%s %s", scope["method"], scope["path"])
        answer.close()
        return Answer.bare(500)
    return answer


async def begin(send: Send, status: int, headers: Headers) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def write(send: Send, chunk: bytes, *, more: bool = True, patience: float = STALL) -> None:
    """Hand a chunk to the server; waits while the line is full, TimeoutError when it stands still."""
    async with asyncio.timeout(patience):
        await send({"type": "http.response.body", "body": chunk, "more_body": more})


async def respond(send: Send, answer: Answer) -> None:
    await begin(send, answer.status, answer.headers)
    await write(send, answer.body, more=False)


async def send_file(send: Send, answer: Answer, path: Path, scope: Scope) -> None:
    """The file instead of the body: whole, or the one range asked for (several ranges: whole)."""
    asked = dict(scope["headers"])
    with await asyncio.to_thread(path.open, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        status, first, end, more = _span(asked, answer, size)
        if status == 416:
            await begin(send, 416, answer.sized(0, *more))
            return await write(send, b"", more=False)
        await begin(send, status, answer.sized(end - first, *more))
        file.seek(first)
        while first < end and scope["method"] != "HEAD":
            block = await asyncio.to_thread(file.read, min(BLOCK, end - first))
            if not block:
                raise OSError(f"{path} was cut while it was sent")
            first += len(block)
            await write(send, block)
        await write(send, b"", more=False)


def _span(asked: dict[bytes, bytes], answer: Answer, size: int) -> tuple[int, int, int, Headers]:
    """Which bytes to send: (status, first, end, headers)."""
    accepts = (b"accept-ranges", b"bytes")
    wanted = parse_range_header(asked.get(b"range", b"").decode("latin1"))
    tags = {value for name, value in answer.headers if name in (b"etag", b"last-modified")}
    one = wanted is not None and wanted.units == "bytes" and len(wanted.ranges) == 1
    if wanted is None or not one or asked.get(b"if-range") not in tags | {None}:
        return 200, 0, size, [accepts]
    span = wanted.range_for_length(size)
    if span is None:
        return 416, 0, 0, [accepts, (b"content-range", b"bytes */%d" % size)]
    first, end = span
    return 206, first, end, [accepts, (b"content-range", b"bytes %d-%d/%d" % (first, end - 1, size))]
