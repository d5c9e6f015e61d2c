"""The ASGI shell around the WSGI application: the loop owns the clients, a few threads own Flask.

A body is spooled before a thread is taken and a view's answer is finished before it is sent, so no client,
however slow, holds a thread. A view may answer with private headers; they never reach the line, and never
come from it:

    X-Hold: topic,topic        keep this response open and append what is said on these topics
    X-Variant: zh Asia/Tokyo   which drawing of a pushed row this stream wants
    X-Who: 17                  the identity that is present while the response is held
    X-Send: /path/below/files  send this file instead of the body
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import FrameType

from webapp.kit.hub import Follower, Hub, Stream
from webapp.kit.wire import (
    PRIVATE,
    Answer,
    Receive,
    Scope,
    Send,
    ask,
    begin,
    respond,
    send_file,
    spool,
    write,
)

HEADERS = 16 * 1024  # bytes of all request headers together
SPOOL = 256 * 1024  # bytes of a body kept in memory; the rest is a temporary file on the data disk
AGE = 600.0  # seconds after which a stream ends, so that the rule is asked again
BEATING = b"event: beat\ndata:\n\n"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Body:
    """What a path prefix accepts. `partial`: a body cut on its way still reaches the view, with
    `environ["kit.complete"]` False; what the view keeps is kept, what it answers goes nowhere."""

    limit: int = 1 << 20
    partial: bool = False


class Shell:
    def __init__(
        self,
        app: Callable[..., Iterable[bytes]],
        hub: Hub,
        *,
        files: Path,
        bodies: Mapping[str, Body] | None = None,
        on_start: Iterable[Callable[[], None]] = (),
        on_stop: Iterable[Callable[[], None]] = (),
        threads: int = 4,
    ) -> None:
        self.app, self.hub, self.files, self.bodies = app, hub, files.resolve(), bodies or {}
        self.on_start, self.on_stop, self.threads = on_start, on_stop, threads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            try:
                await self._serve(scope, receive, send)
            except (TimeoutError, OSError) as gone:  # a line that broke or stood still; the server closes it
                log.info("%s %s: %r", scope["method"], scope["path"], gone)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Threads, relay and jobs begin here and not at import, which --preload does before the fork."""
        await receive()
        self.pool = ThreadPoolExecutor(self.threads, "flask")
        self.loop = asyncio.get_running_loop()
        self._hear_signals()
        for start in self.on_start:
            start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.hub.close()
        for stop in self.on_stop:
            await asyncio.to_thread(stop)
        await send({"type": "lifespan.shutdown.complete"})  # the pool stays: the last answers are still to be closed

    def _hear_signals(self) -> None:
        """End the streams when TERM arrives: servers tell the application only after waiting for them."""
        for number in (signal.SIGTERM, signal.SIGINT):
            before = signal.getsignal(number)

            def handler(number: int, frame: FrameType | None, before: object = before) -> None:
                self.loop.call_soon_threadsafe(self.hub.close)
                if callable(before):
                    before(number, frame)

            signal.signal(number, handler)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADERS:
            return await respond(send, Answer.bare(431))
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] not in PRIVATE]
        since = self.hub.serial  # what is said from here on, the view may not have read
        stream = await self._reply(scope, receive, send)
        if stream:  # all that the answer was made of is gone by now
            await self._hold(stream, since, receive, send)

    async def _reply(self, scope: Scope, receive: Receive, send: Send) -> Stream | None:
        """Body, view, answer; the stream as which the answer goes on, if it does."""
        accepts = next((body for prefix, body in self.bodies.items() if scope["path"].startswith(prefix)), Body())
        with SpooledTemporaryFile(SPOOL, dir=str(self.files)) as spooled:
            complete = await spool(receive, spooled, accepts.limit)
            if spooled.tell() > accepts.limit:
                await respond(send, Answer.bare(413, "太大了，没有收下。 Too large; nothing was kept.\n".encode()))
                return None
            if not complete and not accepts.partial:
                return None
            answer = await self.loop.run_in_executor(self.pool, ask, self.app, scope, spooled, complete)
        try:
            return await self._answer(answer, scope, send) if complete else None
        finally:
            await self.loop.run_in_executor(self.pool, answer.close)

    async def _answer(self, answer: Answer, scope: Scope, send: Send) -> Stream | None:
        if b"x-hold" in answer.private and scope["method"] == "GET":
            await begin(send, answer.status, answer.sized(None))
            await write(send, answer.body)
            return _stream(answer)
        if b"x-send" in answer.private and answer.status == 200:
            path = Path(answer.private[b"x-send"].decode()).resolve()
            if path.is_relative_to(self.files) and path.is_file():
                await send_file(send, answer, path, scope)
            else:
                await respond(send, Answer.bare(404))
        else:
            await respond(send, answer)
        return None

    async def _hold(self, stream: Stream, since: int, receive: Receive, send: Send) -> None:
        """Two tasks and a list a stream: no thread, no connection, no application context."""
        with self.hub.following(stream, since):
            gone = asyncio.ensure_future(_gone(receive, stream))
            with suppress(TimeoutError):
                async with asyncio.timeout(AGE) as stream.stay:
                    await _pump(stream, send)
            stream.stay = None
            here = not gone.done()
            gone.cancel()
            await asyncio.gather(gone, return_exceptions=True)
        if here:
            await write(send, b"", more=False, patience=1)


def _stream(answer: Answer) -> Stream:
    """The stream that a view asked for with its private headers."""
    said = {name: value.decode("latin1") for name, value in answer.private.items()}
    follower = Follower(frozenset(said[b"x-hold"].split(",")), said.get(b"x-variant", ""), said.get(b"x-who", ""))
    events = dict(answer.headers).get(b"content-type", b"").startswith(b"text/event-stream")
    return Stream(follower, BEATING if events else None)


async def _pump(stream: Stream, send: Send) -> None:
    while not stream.over:
        for chunk in await stream.heard():
            if chunk is None:
                return
            await write(send, chunk)


async def _gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.drop()
