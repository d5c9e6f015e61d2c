"""Hooks of the production server."""

from __future__ import annotations

import gc
import socket
from typing import Any

GONE_AFTER = 10_000  # milliseconds that sent bytes may stay unanswered; with a beat of 15 s a silent cut shows in 25


def when_ready(server: Any) -> None:
    """Before the workers are forked. What is loaded by now stays for good: collections need not look at it, so its
    memory stays shared. Accepted sockets inherit the timeout: the kernel notices a line that broke without a word."""
    gc.collect()
    gc.freeze()
    for listener in server.LISTENERS:
        if hasattr(socket, "TCP_USER_TIMEOUT") and listener.sock.family != socket.AF_UNIX:
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GONE_AFTER)
