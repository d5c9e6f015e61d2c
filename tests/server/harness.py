"""Real servers: two workers, a file database, and clients that a person would be on a bad line."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlencode

from tests.cast import World

ROOT = Path(__file__).parents[2]
SERVERS = {
    "gunicorn": "gunicorn -k asgi -w 2 --preload --worker-connections 10000 --graceful-timeout 2 "
    "--no-control-socket --log-level warning -c python:webapp.gunicorn_hooks -b 127.0.0.1:{port} {target}",
    "uvicorn": "uvicorn --workers 2 --timeout-graceful-shutdown 2 --log-level warning --port {port} {target}",
}
FORM = "application/x-www-form-urlencoded"


class Reply:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.body = response.status, response.read()
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.cookies = response.headers.get_all("Set-Cookie") or []

    @property
    def text(self) -> str:
        return self.body.decode()


class Server:
    """A running server on the made world; `who` are keys of the cast."""

    def __init__(
        self,
        kind: str,
        environ: dict[str, str],
        world: World,
        target: str = "tests.server.served:asgi",
        host: str = "localhost",
        base_url: str = "",
    ) -> None:
        self.world, self.host = world, host
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.environ = {**os.environ, **environ, "QUANZI_BASE_URL": base_url or f"http://{host}:{self.port}"}
        self.environ["QUANZI_PORT"] = str(self.port)
        self.command = [sys.executable, "-m", *SERVERS[kind].format(port=self.port, target=target).split()]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, env=self.environ, cwd=ROOT, start_new_session=True)
        eventually(lambda: len(self.pids()) == 2, 30)

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self.port}"

    def cookie(self, who: str) -> str:
        name = "__Host-sid" if self.environ["QUANZI_BASE_URL"].startswith("https:") else f"sid_{self.port}"
        return f"{name}={self.world.tokens[who]}"

    def ask(self, method: str, path: str, body: bytes | str = b"", who: str = "tang", **headers: str) -> Reply:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {
            "Host": f"{self.host}:{self.port}",
            "Accept-Language": "en",
            **({"Cookie": self.cookie(who)} if who else {}),
        }
        if method not in ("GET", "HEAD"):
            sent["Origin"] = self.origin
        if method == "POST" and "Content_Type" not in headers:
            sent["Content-Type"] = FORM
        line.request(method, path, body, {**sent, **named})
        reply = Reply(line.getresponse())
        line.close()
        return reply

    def say(self, text: str, who: str = "tang", client_id: str = "", group: str = "parents") -> Reply:
        """A message in a group, as htmx sends it."""
        form = {"body": text, "client_id": client_id or f"client-{time.monotonic_ns()}"}
        path = f"/groups/{self.world.groups[group]}/messages"
        return self.ask("POST", path, urlencode(form), who, HX_Request="true", HX_Request_Type="partial")

    def raw(self, head: str, body: bytes = b"", small: bool = False, who: str = "tang") -> socket.socket:
        """A bare line: the request's first line (and headers), and as much of the body as there is."""
        line = socket.socket()
        if small:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("127.0.0.1", self.port))
        origin = f"Origin: {self.origin}\r\n"
        line.sendall(
            f"{head}\r\nHost: {self.host}:{self.port}\r\n{origin}Cookie: {self.cookie(who)}\r\n\r\n".encode() + body
        )
        return line

    def pids(self) -> set[int]:
        try:
            return {int(self.ask("GET", "/hooks/pid", who="").body) for _ in range(40)}
        except (OSError, http.client.HTTPException, ValueError):
            return set()

    def cursor(self, who: str = "tang", group: str = "parents") -> str:
        page = self.ask("GET", f"/groups/{self.world.groups[group]}", who=who).text
        found = re.search(r'data-since="([^"]+)"', page)
        assert found, page[:500]
        return found[1]

    def kill(self) -> None:
        """The plug pulled: all of it at once, nothing said."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
                raise


class Listener(threading.Thread):
    """A page's stream: (event, id, data) as they come; ends when the stream does."""

    def __init__(self, server: Server, since: str, who: str = "tang", topics: str = "") -> None:
        super().__init__(daemon=True)
        self.since, self.events = since, list[tuple[str, str, str]]()
        topics = topics or f"group-{server.world.groups['parents']}"
        self.line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=90)
        path = f"/live?topics={quote(topics)}&since={quote(since)}"
        host, accepts = f"{server.host}:{server.port}", "text/event-stream"
        self.line.request("GET", path, headers={"Cookie": server.cookie(who), "Host": host, "Accept": accepts})
        self.response = self.line.getresponse()
        self.status = self.response.status
        self.headers = {name.lower() for name, _ in self.response.getheaders()}
        self.start()

    def run(self) -> None:
        fields: dict[str, str] = {}
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError, AttributeError):
            for raw in self.response:
                name, _, value = raw.decode().rstrip("\n").partition(": ")
                name = name.rstrip(":")
                if name:
                    fields[name] = f"{fields[name]}\n{value}" if name in fields else value
                elif fields:
                    self.since = fields.get("id", self.since)
                    self.events.append((fields.get("event", ""), fields.get("id", ""), fields.get("data", "")))
                    fields = {}

    def cut(self) -> None:
        if self.line.sock:
            self.line.sock.shutdown(socket.SHUT_RDWR)

    def pushed(self) -> list[str]:
        """The messages that were pushed into the chat, in order, each as often as it came."""
        heard = [data for event, _, data in self.events if event == "push" and "beforeend" in data[:60]]
        return [found[1] for data in heard if (found := re.search(r'<li [^>]*id="(message-\d+)"', data))]


class Page(threading.Thread):
    """What live.js does: comes back with its cursor whenever the stream ends, until the test is over."""

    def __init__(self, server: Server, since: str = "", who: str = "tang") -> None:
        super().__init__(daemon=True)
        self.server, self.who, self.since = server, who, since or server.cursor(who)
        self.over = threading.Event()
        self.heard: list[str] = []
        self.stream: Listener | None = None
        self.start()

    def told(self) -> set[str]:
        """The messages it has been told up to now."""
        return {*self.heard, *(self.stream.pushed() if self.stream else ())}

    def run(self) -> None:
        while not self.over.is_set():
            try:
                self.stream = stream = Listener(self.server, self.since, self.who)
                while stream.is_alive() and not self.over.wait(0.05):
                    pass
                stream.cut()
                stream.join(5)
                self.since = stream.since
                self.heard += stream.pushed()
            except (OSError, http.client.HTTPException):
                self.over.wait(0.1)

    def close(self) -> set[str]:
        self.over.set()
        self.join(20)
        return set(self.heard)


def eventually(true: Callable[[], object], seconds: float = 8) -> float:
    """Wait until it holds; how long that took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "never happened"
        time.sleep(0.01)
    return time.monotonic() - began


def said(reply: Reply) -> str:
    """The element id of the message that this answer put into the chat."""
    found = re.search(r'<li [^>]*id="(message-\d+)"', reply.text)
    assert found, (reply.status, reply.text[:300])
    return found[1]
