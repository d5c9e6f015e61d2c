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
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import FrameType
from typing import cast

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
BEAT, AGE = 15.0, 600.0  # seconds: between beats; after which a stream ends, so that the rule is asked again
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
        threads: int = 8,
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
        accepts = next((body for prefix, body in self.bodies.items() if scope["path"].startswith(prefix)), Body())
        with SpooledTemporaryFile(SPOOL, dir=str(self.files)) as spooled:
            complete = await spool(receive, spooled, accepts.limit)
            if spooled.tell() > accepts.limit:
                return await respond(
                    send, Answer.bare(413, "太大了，没有收下。 Too large; nothing was kept.\n".encode())
                )
            if not complete and not accepts.partial:
                return None
            since = self.hub.serial  # what is said from here on, the view may not have read
            answer = await self.loop.run_in_executor(self.pool, ask, self.app, scope, spooled, complete)
        try:
            if complete:
                await self._answer(answer, since, scope, receive, send)
        finally:
            await self.loop.run_in_executor(self.pool, answer.close)

    async def _answer(self, answer: Answer, since: int, scope: Scope, receive: Receive, send: Send) -> None:
        if b"x-hold" in answer.private and scope["method"] == "GET":
            await self._hold(answer, since, receive, send)
        elif b"x-send" in answer.private and answer.status == 200:
            path = Path(answer.private[b"x-send"].decode()).resolve()
            if not path.is_relative_to(self.files) or not path.is_file():
                return await respond(send, Answer.bare(404))
            await send_file(send, answer, path, scope)
        else:
            await respond(send, answer)

    async def _hold(self, answer: Answer, since: int, receive: Receive, send: Send) -> None:
        """Two tasks and a queue a stream: no thread, no connection, no application context."""
        said = {name: value.decode("latin1") for name, value in answer.private.items()}
        follower = Follower(frozenset(said[b"x-hold"].split(",")), said.get(b"x-variant", ""), said.get(b"x-who", ""))
        stream = Stream(follower)
        is_sse = dict(answer.headers).get(b"content-type", b"").startswith(b"text/event-stream")
        beat = b"event: beat\ndata:\n\n" if is_sse else None
        with self.hub.following(stream, since):
            await begin(send, answer.status, answer.sized(None))
            await write(send, answer.body)
            pump = asyncio.ensure_future(_pump(stream, send, beat))
            gone = asyncio.ensure_future(_gone(receive))
            await asyncio.wait({pump, gone, stream.cut}, timeout=AGE, return_when=asyncio.FIRST_COMPLETED)
            here = not gone.done()
            pump.cancel()
            gone.cancel()
            await asyncio.gather(pump, gone, return_exceptions=True)
        if here:
            await write(send, b"", more=False, patience=1)


async def _pump(stream: Stream, send: Send, beat: bytes | None) -> None:
    while True:
        try:
            async with asyncio.timeout(BEAT if beat else None):
                chunk = await stream.queue.get()
        except TimeoutError:
            chunk = cast(bytes, beat)
        if chunk is None:
            return
        await write(send, chunk)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
