"""Bytes on the line: every page with what it asks for, gzip, headers included, cold and warm."""

from __future__ import annotations

import gzip
import re
from urllib.parse import urlencode

from tests.bench.world import WORDS
from tests.server.harness import Reply, Server


def measure(server: Server, path: str, who: str = "tang") -> dict[str, int]:
    """html, css, js, icons, all (bytes with response headers), requests; without the stream."""
    page = server.ask("GET", path, who=who, Accept_Encoding="gzip")
    assert page.status == 200, (path, page.status)
    text = _text(page)
    parts = {"html": _bytes(page)}
    for name, pattern in (
        ("css", r'href="(/static/(?:app|link)\.[^"]+\.css)"'),
        ("gate", r'src="(/static/gate\.[^"]+\.js)"'),
        ("js", r'data-app="(/static/app\.[^"]+\.js)"'),
        ("icons", r'href="(/static/icons\.[^"#]+\.svg)#'),
    ):
        if found := re.search(pattern, text):
            parts[name] = _bytes(server.ask("GET", found[1], who=who, Accept_Encoding="gzip"))
    return {**parts, "requests": len(parts), "all": sum(parts.values()), "raw": len(text.encode())}


def make_link(server: Server) -> str:
    """The path of a link to a post of 45 words in an open circle."""
    circle = server.world.circles["birds"]
    server.ask("POST", f"/circles/{circle}/posts", urlencode({"body": WORDS, "client_id": "bench-shared"}), who="yu")
    feed = server.ask("GET", f"/circles/{circle}", who="yu").text
    posts = [int(number) for number in re.findall(r'href="/posts/(\d+)"', feed)]
    made = server.ask("POST", f"/shared-links/post/{max(posts)}", urlencode({"days": "7"}), who="yu")
    page = server.ask("GET", made.headers["location"], who="yu").text
    found = re.search(r"/s/[\w-]{22}", page)
    assert found, page[:500]
    return found[0]


def _text(page: Reply) -> str:
    return (gzip.decompress(page.body) if page.headers.get("content-encoding") == "gzip" else page.body).decode()


def _bytes(reply: Reply) -> int:
    head = sum(len(name) + len(value) + 4 for name, value in reply.headers.items()) + 17
    return head + len(reply.body)
