"""Many streams on one topic: how long from the POST to each, and whether all heard it."""

from __future__ import annotations

import asyncio
import time
from statistics import quantiles
from urllib.parse import quote

from tests.server.harness import Server


async def _listen(
    server: Server, since: str, heard: dict[str, list[float]], ready: asyncio.Event, left: list[int]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    topic = f"group-{server.world.groups['parents']}"
    writer.write(
        f"GET /live?topics={topic}&since={quote(since)} HTTP/1.1\r\nHost: localhost:{server.port}\r\n"
        f"Cookie: {server.cookie('tang')}\r\n\r\n".encode()
    )
    await writer.drain()
    while line := await reader.readline():
        if line.startswith(b"event: beat") and left[0] > 0:
            left[0] -= 1
            if left[0] == 0:
                ready.set()
        if b"measured-" in line:
            mark = line.split(b"measured-")[1].split(b"-end")[0].decode()
            heard.setdefault(mark, []).append(time.perf_counter())


async def _run(server: Server, streams: int, messages: int) -> tuple[list[float], float]:
    heard: dict[str, list[float]] = {}
    ready, left, since = asyncio.Event(), [streams], server.cursor()
    tasks = [asyncio.create_task(_listen(server, since, heard, ready, left)) for _ in range(streams)]
    await asyncio.wait_for(ready.wait(), 60)
    sent = {}
    for number in range(messages):
        sent[str(number)] = time.perf_counter()
        await asyncio.to_thread(server.say, f"measured-{number}-end")
        await asyncio.sleep(0.5)
    await asyncio.sleep(1.5)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    times = [at - sent[mark] for mark, moments in heard.items() for at in moments]
    return times, len(times) / (streams * messages)


def measure(server: Server, streams: int, messages: int = 8) -> tuple[float, float, float]:
    """p50 and p95 in ms from the POST being sent to each stream hearing it, and the delivered share."""
    times, delivered = asyncio.run(_run(server, streams, messages))
    cuts = quantiles(times, n=100)
    return 1000 * cuts[49], 1000 * cuts[94], delivered
