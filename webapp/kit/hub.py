"""Held responses: who follows which topic, and what was said a moment ago.

A hub belongs to one worker and is touched on the event loop's thread only; the relay reaches it with
`loop.call_soon_threadsafe`. `variants()` and `present()` are the exceptions: any thread may read them.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

ANY = "*"  # the variant of a chunk that is the same for everybody
QUEUE = 100  # chunks a client may lag behind before it is dropped
BEAT = 15.0  # seconds of quiet after which a stream is sent a beat
RECENT = 2_000  # chunks remembered for streams whose view is still running
LINGER = 30.0  # seconds a topic is still drawn in the variant of a stream that ended: its client is coming back

Chunks = Mapping[str, bytes]  # variant ("zh Asia/Shanghai") -> what that variant's streams are sent


@dataclass(frozen=True)
class Follower:
    """What a view says about the stream that it asks to be held."""

    topics: frozenset[str]
    variant: str = ""
    who: str = ""  # the identity, for presence


class Stream:
    """One held response: a short queue between the relay and one client's line. Thousands are open at once, so it is
    a list and at most one future, and not a queue of asyncio's (three deques and an event)."""

    __slots__ = ("_queue", "_waiting", "beat", "follower", "over", "stay")

    def __init__(self, follower: Follower, beat: bytes | None = None) -> None:
        self.follower, self.beat = follower, beat
        self.over = False
        self.stay: asyncio.Timeout | None = None  # around whoever writes to the line
        self._queue: list[bytes | None] = []
        self._waiting: asyncio.Future[None] | None = None

    def hear(self, chunks: Chunks | None) -> None:
        """Queue what this stream should get. None, an unknown variant or a full queue ends it: the client comes
        back with its cursor, and nothing is lost by ending."""
        if self.over:
            return
        if len(self._queue) == QUEUE:
            return self.drop()
        self._queue.append(None if chunks is None else chunks.get(self.follower.variant) or chunks.get(ANY))
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)

    async def heard(self) -> list[bytes | None]:
        """What was heard since the last time, once there is something; the beat, if there is one, when it is quiet."""
        if not self._queue:
            self._waiting = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(BEAT if self.beat else None):
                    await self._waiting
            except TimeoutError:
                return [self.beat]
            finally:
                self._waiting = None
        heard, self._queue = self._queue, []
        return heard

    def drop(self) -> None:
        """End at once, whatever is still queued: the client has left, or is too slow to be told."""
        self.over = True
        if self.stay and not self.stay.expired():
            self.stay.reschedule(0)


class Hub:
    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        """`changed` is called on the loop whenever a stream comes or goes."""
        self.serial = 0  # of the last thing said; the shell notes it before a view runs
        self.closing = False
        self.changed = changed
        self._streams: defaultdict[str, set[Stream]] = defaultdict(set)
        self._recent: deque[tuple[str, Chunks | None]] = deque(maxlen=RECENT)

    def publish(self, topic: str, chunks: Chunks | None) -> None:
        """Say it to everyone who follows the topic; None ends their streams."""
        self.serial += 1
        self._recent.append((topic, chunks))
        for stream in tuple(self._streams.get(topic, ())):
            stream.hear(chunks)

    @contextmanager
    def following(self, stream: Stream, since: int) -> Iterator[None]:
        """Follow, beginning with what was said after serial `since`.

        The view read the outbox for the client; what was relayed between that read and this moment is in
        `_recent`. Hearing something twice is harmless (ids), missing it is not.
        """
        for topic in stream.follower.topics:
            self._streams[topic].add(stream)
        missed = self.serial - since
        if self.closing or missed > len(self._recent):
            stream.hear(None)
        elif missed:
            for topic, chunks in list(self._recent)[-missed:]:
                if topic in stream.follower.topics:
                    stream.hear(chunks)
        self.changed()
        try:
            yield
        finally:
            stream.drop()
            self.changed()
            asyncio.get_running_loop().call_later(LINGER, self._forget, stream)

    def _forget(self, stream: Stream) -> None:
        for topic in stream.follower.topics:
            self._streams[topic].discard(stream)
            if not self._streams[topic]:
                del self._streams[topic]

    def variants(self, topic: str) -> set[str]:
        """The variants in use, so that a pushed row is drawn for these only."""
        return {stream.follower.variant for stream in tuple(self._streams.get(topic, ()))}

    def present(self, prefix: str) -> set[tuple[str, str]]:
        """Who has an open stream on topics that begin so: (topic, who)."""
        return {
            (topic, stream.follower.who)
            for topic in tuple(self._streams)
            if topic.startswith(prefix)
            for stream in tuple(self._streams.get(topic, ()))
            if stream.follower.who and not stream.over
        }

    def close(self) -> None:
        """The worker is going: every stream ends after what it already has, a new one at once."""
        self.closing = True
        for stream in set().union(*self._streams.values()):
            stream.hear(None)
