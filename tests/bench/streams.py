"""Many streams on one topic: how long from the POST to each, whether all heard it, and what an open stream costs."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from statistics import quantiles
from urllib.parse import quote

from tests.bench import rates
from tests.server.harness import Server

AT_ONCE = 100  # streams that are being opened


@dataclass
class Heard:
    """What the listeners noted."""

    times: list[float] = field(default_factory=list)  # seconds from the POST being sent to a stream hearing it
    delivered: float = 0.0
    kilobytes: float = 0.0  # of the server's memory, a stream
    bytes_a_message: float = 0.0  # on one stream's line
    pages: int = 0  # asked for meanwhile

    def ms(self, hundredth: int) -> float:
        return 1000 * quantiles(self.times, n=100)[hundredth - 1]


class Listeners:
    def __init__(self, server: Server, count: int) -> None:
        self.server, self.count, self.since = server, count, server.cursor()
        self.heard: dict[str, list[float]] = {}
        self.bytes = 0
        self.opening = asyncio.Semaphore(AT_ONCE)

    async def open(self) -> None:
        """All streams, each until its first beat."""
        opened = await asyncio.gather(*[self._one() for _ in range(self.count)])
        self.tasks = [asyncio.create_task(self._listen(reader)) for reader, _ in opened]
        self.writers = [writer for _, writer in opened]

    async def _one(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        async with self.opening:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
            topic = f"group-{self.server.world.groups['parents']}"
            writer.write(
                f"GET /live?topics={topic}&since={quote(self.since)} HTTP/1.1\r\nHost: localhost:{self.server.port}\r\n"
                f"Cookie: {self.server.cookie('tang')}\r\n\r\n".encode()
            )
            await reader.readuntil(b"event: beat\n")
            return reader, writer

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            self.bytes += len(line)
            if b"measured-" in line:
                mark = line.split(b"measured-")[1].split(b"-end")[0].decode()
                self.heard.setdefault(mark, []).append(time.perf_counter())

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for writer in self.writers:
            writer.close()


async def _pages(server: Server, a_second: int, over: asyncio.Event) -> int:
    """Ask for a page so many times a second; how many were answered."""
    path, asked = f"/circles/{server.world.circles['class']}", list[asyncio.Task[object]]()
    while not over.is_set():
        asked.append(asyncio.create_task(asyncio.to_thread(server.ask, "GET", path)))
        await asyncio.sleep(1 / a_second)
    return len(await asyncio.gather(*asked))


async def _run(server: Server, streams: int, messages: int, pause: float, pages: int) -> Heard:
    listeners, found, over = Listeners(server, streams), Heard(), asyncio.Event()
    before = rates.memory_mib(server)
    await asyncio.wait_for(listeners.open(), 300)
    await asyncio.sleep(1)
    asking = asyncio.create_task(_pages(server, pages, over)) if pages else None
    listeners.bytes, sent = 0, dict[str, float]()
    for number in range(messages):
        sent[str(number)] = time.perf_counter()
        await asyncio.to_thread(server.say, f"measured-{number}-end")
        await asyncio.sleep(pause)
    await asyncio.sleep(2)
    over.set()
    found.pages = await asking if asking else 0
    found.kilobytes = (rates.memory_mib(server) - before) * 1024 / streams
    found.bytes_a_message = listeners.bytes / streams / messages
    await listeners.close()
    found.times = [at - sent[mark] for mark, moments in listeners.heard.items() for at in moments]
    found.delivered = len(found.times) / (streams * messages)
    return found


def measure(server: Server, streams: int, messages: int = 8, pause: float = 0.5, pages: int = 0) -> Heard:
    """Hold so many streams, say so many messages, ask for so many pages a second meanwhile."""
    return asyncio.run(_run(server, streams, messages, pause, pages))


async def _idle(server: Server, seconds: float) -> float:
    listeners = Listeners(server, 1)
    await listeners.open()
    await asyncio.sleep(seconds)
    await listeners.close()
    return listeners.bytes


def idle_kb_an_hour(server: Server, seconds: float = 35.0) -> float:
    """What an idle open page costs: its beats, and six times an hour its stream opened again, head and question."""
    beats = asyncio.run(_idle(server, seconds)) * 3600 / seconds
    path = f"/live?topics=group-{server.world.groups['parents']}&since={quote(server.cursor())}"
    polled = server.ask("GET", path, X_Poll="1")
    head = sum(len(name) + len(value) + 4 for name, value in polled.headers.items()) + len(polled.body)
    question = 700  # what Chromium sends along: agent, languages, cookie, fetch metadata
    return (beats + 6 * (head + question)) / 1000
