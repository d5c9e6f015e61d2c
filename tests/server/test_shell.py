"""The shell on real servers: slow and broken lines, files, limits, endings."""

from __future__ import annotations

import signal
import socket
import struct
import time
from pathlib import Path
from statistics import median

import pytest

from tests.conftest import Database
from tests.server.harness import Listener, Server, eventually

pytestmark = pytest.mark.server


def page_ms(server: Server, times: int = 30) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        assert server.ask("GET", "/groups").status == 200
        taken.append(1000 * (time.perf_counter() - began))
    return median(taken)


@pytest.fixture
def folder(database: Database) -> Path:
    return database.folder


def test_slow_lines_hold_no_thread(server: Server, folder: Path) -> None:
    """40 slow uploads, 40 slow and 40 aborted downloads, with 8 threads a worker: one held each and nothing answers."""
    (folder / "big").write_bytes(bytes(32 << 20))
    quiet = page_ms(server)
    for _ in range(40):
        server.raw("GET /hooks/files/big HTTP/1.1", small=True).close()
    downloads = [server.raw("GET /hooks/files/big HTTP/1.1", small=True) for _ in range(40)]
    head = "POST /hooks/uploads/x HTTP/1.1\r\nContent-Length: 1000000"
    uploads = [server.raw(head, bytes(500_000)) for _ in range(40)]
    busy = page_ms(server)
    print(f"page, median ms: quiet {quiet:.1f}, among 120 slow lines {busy:.1f}, ratio {busy / quiet:.2f}")
    for line in uploads:
        line.sendall(bytes(500_000))
    for line in uploads:
        assert line.recv(4096).startswith(b"HTTP/1.1 200")
    for line in downloads:
        line.close()
    (folder / "big").unlink()


@pytest.mark.parametrize("how", ["fin", "rst"])
def test_a_cut_upload_keeps_its_bytes(server: Server, folder: Path, how: str) -> None:
    (folder / "film").unlink(missing_ok=True)
    head = "PATCH /hooks/uploads/film HTTP/1.1\r\nUpload-Offset: 0\r\nContent-Length: 900000"
    line = server.raw(head, b"z" * 400_000)
    time.sleep(0.5)
    if how == "rst":
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()
    eventually(lambda: server.ask("HEAD", "/hooks/uploads/film").headers["upload-offset"] == "400000")
    assert server.ask("PATCH", "/hooks/uploads/film", b"y" * 500_000, Upload_Offset="0").status == 409
    assert server.ask("PATCH", "/hooks/uploads/film", b"y" * 500_000, Upload_Offset="400000").status == 204
    assert (folder / "film").read_bytes() == b"z" * 400_000 + b"y" * 500_000


def test_a_cut_form_does_nothing(server: Server) -> None:
    head = f"POST /groups/{server.world.groups['parents']}/messages HTTP/1.1\r\nContent-Length: 99"
    server.raw(f"{head}\r\nContent-Type: application/x-www-form-urlencoded", b"client_id=12345678&body=half").close()
    time.sleep(0.3)
    assert "half" not in server.ask("GET", f"/groups/{server.world.groups['parents']}").text


def test_files_are_sent_whole_and_in_ranges(server: Server, folder: Path) -> None:
    data = bytes(range(256)) * 4096
    (folder / "f").write_bytes(data)
    whole = server.ask("GET", "/hooks/files/f")
    assert (whole.status, whole.body, whole.headers["accept-ranges"]) == (200, data, "bytes")
    for asked, status, body in [
        ("bytes=10-19", 206, data[10:20]),
        ("bytes=-5", 206, data[-5:]),
        (f"bytes={len(data)}-", 416, b""),
        ("bytes=0-1,5-6", 200, data),
        ("lines=1-2", 200, data),
    ]:
        reply = server.ask("GET", "/hooks/files/f", Range=asked)
        assert (reply.status, reply.body) == (status, body), asked
    assert server.ask("GET", "/hooks/files/f", Range="bytes=0-1", If_Range='"old"').body == data
    assert server.ask("GET", "/hooks/files/none").status == 404
    assert server.ask("GET", "/hooks/files/..%2f..%2fetc%2fpasswd").status == 404


def test_private_headers_stay_private(server: Server, folder: Path) -> None:
    (folder / "f").write_bytes(b"f")
    seen = server.ask("GET", "/hooks/headers", X_Hold="group-1", X_Send="/etc/passwd", X_Other="1")
    assert b"x-other" in seen.body and b"x-hold" not in seen.body and b"x-send" not in seen.body
    assert "x-send" not in server.ask("GET", "/hooks/files/f").headers
    assert not Listener(server, server.cursor()).headers & {"x-hold", "x-variant", "x-who", "content-length"}


def test_limits_and_errors(server: Server) -> None:
    fields = {f"X_Long_{n}": "y" * 4000 for n in range(5)}
    assert server.ask("GET", "/groups", **fields).status == 431
    assert server.ask("POST", "/hooks/uploads-not/x", bytes((1 << 20) + 1)).status == 413
    crashed = server.ask("GET", "/hooks/crash")
    assert crashed.status == 500 and b"Traceback" not in crashed.body
    assert server.ask("GET", "/hooks/pid").status == 200
    assert server.raw("GET /hooks/pid?\xff HTTP/1.1").recv(99).startswith(b"HTTP/1.1 400")
    assert server.ask("GET", "/groups", Host="evil.test").status == 400


def test_a_deaf_client_is_dropped(server: Server) -> None:
    topic = f"group-{server.world.groups['parents']}"
    head = f"GET /live?topics={topic}&since={server.cursor()} HTTP/1.1"
    deaf = [server.raw(head, small=True) for _ in range(8)]
    time.sleep(0.3)
    for _ in range(12):
        assert server.ask("POST", f"/hooks/groups/{server.world.groups['parents']}/noise").status == 204
    time.sleep(2)
    for line in deaf:
        line.settimeout(10)
        got = 0
        while block := line.recv(1 << 20):
            got += len(block)
        assert got < 12 * 20 * 32_000


def test_streams_end_with_the_worker(server: Server) -> None:
    streams, old = [Listener(server, server.cursor()) for _ in range(20)], server.pids()
    server.process.send_signal(signal.SIGHUP)
    eventually(lambda: not any(stream.is_alive() for stream in streams), 15)
    eventually(lambda: not server.pids() & old and len(server.pids()) == 2, 20)
    last = Listener(server, server.cursor())
    server.process.send_signal(signal.SIGTERM)
    last.join(8)
    assert not last.is_alive()
    server.process.wait(10)
