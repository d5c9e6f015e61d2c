"""A small server for the tests of static/js: pages, a scripted event stream, and what else they ask for."""

import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ("live.js", "parts.js", "forms.js", "menus.js")
ALONE = ("/gate.js", "/mentions.js", "/poll.js")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
CONFIG = (
    '{"defaultSwap":"outerHTML","noSwap":[204,304,400,401,403,404,405,409,410,413,429,"5xx"],'
    '"includeIndicatorCSS":false,"history":"reload","morphIgnore":["data-htmx-powered","open"]}'
)
STYLE = """[hidden]{display:none} [data-bar]{position:fixed;top:0;right:0} li{height:60px}
textarea{font:16px monospace;line-height:20px;display:block}"""


def ours(name: str) -> str:
    """The text of one of our scripts."""
    return (ROOT / "static/js" / name).read_text("utf-8")


def row(number: int, text: str = "", author: int = 2) -> str:
    """A row of a feed: card `number` of `author`."""
    return f'<li id="post-{number}" data-row="{number}" data-author="{author}">{text or f"post {number}"}</li>'


def message(number: int, text: str = "", author: int = 2) -> str:
    """A row of a talk."""
    return f'<li id="message-{number}" data-row="{number}" data-author="{author}">{text or number}</li>'


class Script:
    """What one test's server knows and was asked; a test writes events into it."""

    def __init__(self, htmx: str) -> None:
        self.bundle = ";\n".join([htmx, *map(ours, SCRIPTS)])
        self.address = ""
        self.lock = threading.Condition()
        self.events: list[tuple[int, str, str]] = []
        self.rows = [3, 2, 1]
        self.authors: dict[int, int] = {}
        self.pages: dict[str, str] = {}
        self.asked: list[str] = []
        self.posts: list[tuple[str, dict[str, list[str]], bool]] = []
        self.answers: dict[str, tuple[int, str]] = {}
        self.etags: list[str] = []
        self.lost: dict[str, int] = {}
        self.most_fresh_at_once = self.fresh_now = 0
        self.fresh_takes = 0.0
        self.mode = "stream"  # "dies": every stream ends before its first beat; "down": 503
        self.cut = 0  # a rise ends the open streams

    def emit(self, name: str, data: str) -> None:
        """Writes one event, as an action's commit would."""
        with self.lock:
            self.events.append((len(self.events) + 1, name, data))
            self.lock.notify_all()

    def post(self, number: int, author: int = 2) -> None:
        """A new row in circle-5, and its event."""
        self.rows.insert(0, number)
        self.authors[number] = author
        self.emit("fresh", f"circle-5 {number} {author}")

    def drop_streams(self, mode: str = "stream") -> None:
        """Ends all open streams; new ones find `mode`."""
        with self.lock:
            self.mode = mode
            self.cut += 1
            self.lock.notify_all()

    def count(self, part: str) -> int:
        """How many requests had `part` in their address."""
        return sum(part in url for url in self.asked)


def page(body: str) -> str:
    """A whole page around `body` with the markup that the scripts expect of every page."""
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Circle</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css">
<meta name="htmx-config" content='{CONFIG}'>
<script src="/gate.js" defer data-app="/app.js" data-poll="/poll.js" data-mentions="/mentions.js"></script></head><body>
<div id="flash" role="status" data-offline="no line" data-server="our fault" data-denied="not allowed"
 data-slow="too slow"></div>
<p id="offline" role="status" hidden>
<span data-when="off">reconnecting</span><span data-when="bye">reload</span></p>
<div id="live" data-url="/live" data-topics="circle-5 group-3" data-since="0" data-beat="15"
 data-me="7"></div>
{body}</body></html>"""


def stream_text(events: list[tuple[int, str, str]]) -> bytes:
    """Events as text/event-stream."""
    lines = []
    for number, name, data in events:
        body = "".join(f"data: {line}\n" for line in data.split("\n"))
        lines.append(f"id: {number}\nevent: {name}\n{body}\n")
    return "".join(lines).encode()


class Handler(BaseHTTPRequestHandler):
    """Routes of the test server; `script` is set on the server."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    @property
    def script(self) -> Script:
        """What this test's server knows."""
        return self.server.script  # type: ignore[attr-defined,no-any-return]

    def answer(self, status: int, body: str, kind: str = "text/html; charset=utf-8", **headers: str) -> None:
        """One whole answer."""
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(0 if status in (204, 304) else len(content)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Referrer-Policy", "same-origin")
        self.send_header("Cache-Control", "private, no-store")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if status not in (204, 304):
            self.wfile.write(content)

    def do_GET(self) -> None:
        """Pages, scripts, the stream, fresh rows, menus, names."""
        script, url = self.script, urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        script.asked.append(self.path)
        if url.path == "/app.js":
            self.answer(200, script.bundle, "text/javascript; charset=utf-8")
        elif url.path in ALONE:
            self.alone(url.path)
        elif url.path == "/style.css":
            self.answer(200, STYLE, "text/css")
        elif url.path == "/live":
            self.live(int(query["since"]))
        elif url.path == "/fresh":
            self.fresh(int(query["after"]))
        elif url.path == "/mentions":
            names = [n for n in ("Wang Fang", "Wang Wei") if n.lower().startswith(query["q"].lower())]
            option = '<li role="option" tabindex="-1" data-name="{0}">{0}</li>'
            self.answer(200, "".join(option.format(name) for name in names))
        elif url.path in script.answers:
            self.answer(*script.answers[url.path])
        else:
            self.answer(200, script.pages[url.path])

    def alone(self, path: str) -> None:
        """A script that is not part of the bundle; `lost` ones are broken off as often as said."""
        if self.script.lost.get(path, 0):
            self.script.lost[path] -= 1
            self.close_connection = True
        else:
            self.answer(200, ours(path[1:]), "text/javascript; charset=utf-8")

    def fresh(self, after: int) -> None:
        """Rows after a row, newest first; notes how many such requests run at once."""
        script = self.script
        script.fresh_now += 1
        script.most_fresh_at_once = max(script.most_fresh_at_once, script.fresh_now)
        time.sleep(script.fresh_takes)
        rows = [number for number in sorted(script.rows, reverse=True) if number > after]
        script.fresh_now -= 1
        self.answer(200, "".join(row(n, author=script.authors.get(n, 2)) for n in rows))

    def live(self, since: int) -> None:
        """The stream, or one answer of it for who polls."""
        script = self.script
        if self.headers.get("X-Poll"):
            events, tag = script.events[since:], f'"{len(script.events)}"'
            script.etags.append(self.headers.get("If-None-Match") or "")
            if script.mode == "down":
                self.answer(503, "")
            elif not events and self.headers.get("If-None-Match") == tag:
                self.answer(304, "", ETag=tag)
            else:
                self.answer(200, stream_text(events).decode(), "text/event-stream", ETag=tag)
            return
        if script.mode == "down":
            self.answer(503, "")
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        if script.mode == "dies":
            return
        try:
            self.wfile.write(b"event: beat\ndata:\n\n")
            with script.lock:
                cut = script.cut
                while script.cut == cut:
                    self.wfile.write(stream_text(script.events[since:]))
                    self.wfile.flush()
                    since = len(script.events)
                    script.lock.wait(1)
        except OSError:
            return

    def do_POST(self) -> None:
        """Notes what was sent, and whether by htmx; answers as the test has said."""
        fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        by_htmx = bool(self.headers.get("HX-Request"))
        self.script.posts.append((self.path, fields, by_htmx))
        status, body = self.script.answers.get(self.path + ("" if by_htmx else " plain"), (200, ""))
        if status == 303:
            self.answer(303, "", Location=body)
        else:
            self.answer(status, re.sub(r"\{(\w+)\}", lambda m: fields[m[1]][0], body))


def serve(htmx: str) -> tuple[ThreadingHTTPServer, Script]:
    """Starts a server on a free port; the caller shuts it down."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.script = script = Script(htmx)  # type: ignore[attr-defined]
    script.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server, script
