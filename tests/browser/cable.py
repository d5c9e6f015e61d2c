"""A line that can be cut: Chromium's own "offline" leaves open streams alone."""

from __future__ import annotations

import contextlib
import socket
import threading

from tests.server.harness import Server


class Cable:
    """Carries bytes between a browser and the server until `cut()`; after `mend()` again."""

    def __init__(self, server: Server) -> None:
        self.behind, self.whole, self.ends = server.port, True, list[socket.socket]()
        self.door = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.origin = f"http://{server.host}:{self.door.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Every open line ends now, new ones at once."""
        self.whole = False
        for end in self.ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self.ends.clear()

    def mend(self) -> None:
        self.whole = True

    def close(self) -> None:
        self.cut()
        self.door.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.door.accept()
            except OSError:
                return
            if not self.whole:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.behind))
            except OSError:  # the server is away
                near.close()
                continue
            self.ends += [near, far]
            for here, there in ((near, far), (far, near)):
                threading.Thread(target=_carry, args=[here, there], daemon=True).start()


def _carry(here: socket.socket, there: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while block := here.recv(65536):
            there.sendall(block)
    for end in (here, there):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
