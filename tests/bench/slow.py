"""A page among slow lines: forty uploads and forty downloads that crawl, and forty downloads broken off."""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path
from statistics import quantiles

from tests.server.harness import Server

LINES = 40


def page_p95(server: Server, times: int = 80) -> float:
    """Milliseconds, one page after the other."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        server.ask("GET", f"/circles/{server.world.circles['class']}")
        taken.append(1000 * (time.perf_counter() - began))
    return quantiles(taken, n=100)[94]


def measure(server: Server, folder: Path) -> tuple[float, float]:
    """The page's p95 in ms on an idle server, and among 120 slow lines."""
    big = folder / "big"
    big.write_bytes(bytes(32 << 20))
    page_p95(server)
    idle, over = page_p95(server), threading.Event()
    head = "POST /hooks/uploads/x HTTP/1.1\r\nContent-Length: 1000000"
    uploads = [server.raw(head, bytes(1000)) for _ in range(LINES)]
    downloads = [server.raw("GET /hooks/files/big HTTP/1.1", small=True) for _ in range(LINES)]

    def crawl() -> None:
        """Each line moves a little ten times a second; a download is begun and broken off at every turn."""
        while not over.wait(0.1):
            with contextlib.suppress(OSError):
                for line in uploads:
                    line.send(bytes(500))
                for line in downloads:
                    line.recv(1000)
                for _ in range(LINES // 10):
                    server.raw("GET /hooks/files/big HTTP/1.1", small=True).close()

    thread = threading.Thread(target=crawl)
    thread.start()
    busy = page_p95(server)
    over.set()
    thread.join()
    for line in (*uploads, *downloads):
        line.close()
    big.unlink()
    return idle, busy
