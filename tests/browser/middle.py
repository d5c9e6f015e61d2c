"""A proxy in the middle that gathers an answer before it passes it on, and gives up on one that does not end, as some
schools' filters do: no stream lives."""

from __future__ import annotations

import contextlib
import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.server.harness import Server

PATIENCE = 2.0  # seconds in which nothing comes
HOPS = {"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"}


class Gathering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Middle

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self.server.asked.append((self.path, "X-Poll" in self.headers))
        line = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=PATIENCE)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        line.request(self.command, self.path, body, dict(self.headers.items()))
        try:
            reply = line.getresponse()
            content = reply.read()  # to its end: a stream's is ten minutes away
        except (OSError, http.client.HTTPException):
            return self.send_error(504)
        self.send_response(reply.status)
        for name, value in reply.getheaders():
            if name.lower() not in HOPS:
                self.send_header(name, value)
        if reply.status not in (204, 304):
            self.send_header("Content-Length", str(len(content)))
        with contextlib.suppress(OSError):  # a browser that turned away
            self.end_headers()
            self.wfile.write(content)

    do_POST = do_GET


class Middle(ThreadingHTTPServer):
    """Runs in threads of its own until `close()`."""

    daemon_threads = True
    request_queue_size = 50

    def __init__(self, server: Server) -> None:
        super().__init__(("127.0.0.1", 0), Gathering)
        self.behind, self.asked = server.port, list[tuple[str, bool]]()
        self.origin = f"http://{server.host}:{self.server_port}"
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()
