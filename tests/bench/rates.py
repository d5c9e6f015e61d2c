"""Requests and writes a second, each beside its floor in the same run; memory of the tree."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles

from tests.server.harness import Server


def requests_per_second(server: Server, path: str, who: str, seconds: int = 4) -> float:
    """By wrk, 8 connections on one thread: the other core serves."""
    command = [
        "wrk",
        "-t1",
        "-c8",
        f"-d{seconds}s",
        "-H",
        f"Cookie: {server.cookie(who)}",
        "-H",
        "Accept-Encoding: gzip",
    ]
    url = f"http://localhost:{server.port}{path}"
    out = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", out)
    assert found and "Non-2xx" not in out, out
    return float(found[1])


def cpu_seconds(server: Server) -> float:
    """User and system time of the whole tree."""
    total = 0.0
    for pid in tree(server.process.pid):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / 100
    return total


def tree(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(found for child in children for found in tree(int(child)))]


def memory_mib(server: Server) -> float:
    """Proportional set size of the whole tree."""
    total = 0
    for pid in tree(server.process.pid):
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
        total += int(found[1]) if found else 0
    return total / 1024


def writes_per_second(server: Server, seconds: float = 4.0) -> tuple[float, float, int]:
    """Messages accepted a second by 8 writers while 4 readers run; p99 in seconds; refused."""
    over, times, refused = threading.Event(), list[float](), list[int]()

    def read() -> None:
        while not over.is_set():
            server.ask("GET", f"/circles/{server.world.circles['class']}")

    def write(number: int) -> None:
        while not over.is_set():
            began = time.perf_counter()
            reply = server.say("measured", who=("tang", "lei", "pan")[number % 3])
            times.append(time.perf_counter() - began)
            if reply.status != 200:
                refused.append(reply.status)

    threads = [threading.Thread(target=read) for _ in range(4)]
    threads += [threading.Thread(target=write, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    over.set()
    for thread in threads:
        thread.join()
    return len(times) / seconds, quantiles(times, n=100)[98], len(refused)


def bare_inserts_per_second(folder: Path, seconds: float = 2.0) -> float:
    """A loop of one insert a transaction, synchronous=FULL, on the same disk."""
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS m (id INTEGER PRIMARY KEY, body TEXT)")
    count, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO m (body) VALUES (?)", ("measured",))
        connection.execute("COMMIT")
        count += 1
    connection.close()
    return count / seconds


def forty_at_once(server: Server) -> int:
    with ThreadPoolExecutor(40) as crowd:
        people = ("tang", "lei", "pan")
        return sum(r.status == 200 for r in crowd.map(lambda n: server.say("now", who=people[n % 3]), range(40)))


def page_ms(server: Server, path: str, times: int = 40) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        server.ask("GET", path)
        taken.append(1000 * (time.perf_counter() - began))
    return median(taken)
