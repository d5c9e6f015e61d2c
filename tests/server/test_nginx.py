"""The service and the web server of docs/deployment.md, taken out of the document and run: TLS in front, streams and
uploads through it as they come, and the person's own address behind it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.cast import World
from tests.conftest import Database, environment
from tests.server.harness import FORM, ROOT, Reply, Server, eventually

pytestmark = pytest.mark.server
NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
OPENSSL = shutil.which("openssl")
DOCUMENT = (ROOT / "docs" / "deployment.md").read_text("utf-8")
UNIT, SITE = (re.search(rf"```{kind}\n(.*?)```", DOCUMENT, re.S)[1] for kind in ("ini", "nginx"))  # type: ignore[index]
HOST = "quanzi.school.example"


class Front:
    """nginx with the documented site, on free ports."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.server = server
        ports = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        self.tls, self.plain = [each.getsockname()[1] for each in ports]
        for each in ports:
            each.close()
        site = SITE
        for documented, here in (
            ("listen 443 ", f"listen 127.0.0.1:{self.tls} "),
            ("listen 80;", f"listen 127.0.0.1:{self.plain};"),
            ("http://127.0.0.1:8000;", f"http://127.0.0.1:{server.port};"),
            ("/etc/ssl/quanzi/", f"{folder}/"),
        ):
            assert documented in site, documented
            site = site.replace(documented, here)
        _certificate(folder)
        temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in TEMPORARY)
        owner = "user root;\n" if os.getuid() == 0 else ""  # pytest's folders are their owner's alone
        head = f"{owner}daemon off;\npid {folder}/pid;\nerror_log {folder}/log;\nevents {{}}\n"
        (folder / "nginx.conf").write_text(f"{head}http {{\naccess_log off;\n{temporary}{site}}}\n")
        command = [str(NGINX), "-e", f"{folder}/log", "-p", str(folder), "-c", f"{folder}/nginx.conf"]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        eventually(lambda: self.ask("GET", "/hooks/asker").status == 200)

    def line(self, source: str = "127.0.0.1") -> http.client.HTTPSConnection:
        trusting = ssl._create_unverified_context()
        line = http.client.HTTPSConnection(HOST, self.tls, timeout=20, context=trusting)
        line.sock = trusting.wrap_socket(
            socket.create_connection(("127.0.0.1", self.tls), 20, (source, 0)), server_hostname=HOST
        )
        return line

    def ask(self, method: str, path: str, body: str = "", source: str = "127.0.0.1", **headers: str) -> Reply:
        sent = {"Cookie": self.server.cookie("tang"), "Origin": f"https://{HOST}", "Host": HOST}
        if method == "POST":
            sent["Content-Type"] = FORM
        with contextlib.suppress(ConnectionRefusedError), contextlib.closing(self.line(source)) as line:
            line.request(method, path, body, {**sent, **{k.replace("_", "-"): v for k, v in headers.items()}})
            return Reply(line.getresponse())
        return Refused()


class Refused(Reply):
    """nginx is not up yet."""

    def __init__(self) -> None:
        self.status, self.body, self.headers = 0, b"", {}


TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def _certificate(folder: Path) -> None:
    command = f"{OPENSSL} req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={HOST} -keyout {folder}/privkey.pem"
    subprocess.run([*command.split(), "-out", f"{folder}/fullchain.pem"], check=True, capture_output=True)


@pytest.fixture
def front(app: object, world: World, database: Database, tmp_path: Path) -> Iterator[Front]:
    if not NGINX or not OPENSSL:
        pytest.skip("nginx or openssl is not installed")
    documented = dict(re.findall(r"^Environment=(\w+)=(\S+)$", UNIT, re.M))
    here = {name: value for name, value in documented.items() if name not in ("QUANZI_DATA", "QUANZI_PORT")}
    environ = {**environment(database.folder, database.settings.database_url), **here}
    server = Server("gunicorn", environ, world, host=HOST, base_url=documented["QUANZI_BASE_URL"])
    front = Front(tmp_path, server)
    yield front
    front.process.terminate()
    front.process.wait(10)
    server.stop()


def test_pages_come_over_tls_with_all_that_https_asks_for(front: Front) -> None:
    page = front.ask("GET", "/groups")
    assert page.status == 200
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    line = http.client.HTTPConnection("127.0.0.1", front.plain, timeout=5)
    line.request("GET", "/groups?from=9", headers={"Host": HOST})
    moved = Reply(line.getresponse())
    assert (moved.status, moved.headers["location"]) == (301, f"https://{HOST}/groups?from=9")
    signing = front.ask("POST", "/sign-in", urlencode({"_login": "tang", "_password": "wrong wrong"}), Cookie="")
    assert signing.status == 422 and "strict-transport-security" in signing.headers
    assert front.ask("POST", "/sign-out", Origin=f"http://{HOST}").status == 403, "plain http is another origin"
    left = front.ask("POST", "/sign-out")
    assert left.status == 303
    assert [cookie for cookie in left.cookies if cookie.startswith("__Host-sid=;") and "Secure" in cookie]


def test_the_address_is_the_persons_own_whatever_they_claim(front: Front) -> None:
    asked = front.ask("GET", "/hooks/asker", source="127.0.0.9", X_Forwarded_For="6.6.6.6", X_Forwarded_Proto="http")
    assert json.loads(asked.body) == {"address": "127.0.0.9", "origin": f"https://{HOST}"}


def test_what_happens_comes_through_at_once(front: Front) -> None:
    group = front.server.world.groups["parents"]
    page = front.ask("GET", f"/groups/{group}").text
    since = re.search(r'data-since="([^"]+)"', page)
    assert since
    with contextlib.closing(front.line()) as line:
        path = f"/live?topics=group-{group}&since={since[1]}"
        line.request("GET", path, headers={"Cookie": front.server.cookie("tang"), "Accept-Encoding": "gzip"})
        stream = line.getresponse()
        assert "content-encoding" not in stream.headers
        assert stream.readline() == b"event: beat\n"
        form = urlencode({"body": "through the front", "client_id": "client-of-the-front"})
        assert front.ask("POST", f"/groups/{group}/messages", form).status == 303
        heard = b""
        while b"through the front" not in heard:
            heard += stream.readline()
    assert b"event: push" in heard


def test_a_cut_upload_keeps_what_had_come_through(front: Front, database: Database) -> None:
    film = database.folder / "film"
    film.unlink(missing_ok=True)
    with contextlib.closing(front.line()) as line:
        line.putrequest("PATCH", "/hooks/uploads/film")
        for name, value in (("Upload-Offset", "0"), ("Content-Length", "900000"), ("Origin", f"https://{HOST}")):
            line.putheader(name, value)
        line.endheaders()
        line.send(b"z" * 400_000)
    kept = int(_settled(lambda: front.ask("HEAD", "/hooks/uploads/film").headers["upload-offset"]))
    assert 300_000 < kept <= 400_000, "nginx lets go of its last block"
    rest = "y" * (900_000 - kept)
    assert front.ask("PATCH", "/hooks/uploads/film", rest, Upload_Offset=str(kept)).status == 204
    assert film.read_bytes() == b"z" * kept + rest.encode()


def _settled(ask: Callable[[], str]) -> str:
    """The first answer that is not "0"."""
    eventually(lambda: ask() != "0")
    return ask()


def test_large_answers_and_too_large_questions_are_quanzis_own(front: Front, database: Database) -> None:
    (database.folder / "big").write_bytes(bytes(3 << 20))
    assert len(front.ask("GET", "/hooks/files/big").body) == 3 << 20
    assert front.ask("GET", "/hooks/files/big", Range="bytes=5-9").body == bytes(5)
    refused = front.ask("POST", "/hooks/uploads-not/x", "x" * ((1 << 20) + 1))
    assert refused.status == 413 and "nothing was kept" in refused.text
