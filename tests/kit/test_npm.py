"""Packages from the lock: only what it names, only what hashes right, only inside its folder."""

import base64
import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from webapp.kit import npm

ROOT = Path(__file__).resolve().parents[2]


def tarball(*members: tuple[str, bytes | None]) -> bytes:
    """A gzipped tar; content None makes a link to /etc/passwd."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if content is None:
                info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            info.size = len(content or b"")
            tar.addfile(info, io.BytesIO(content or b""))
    return whole.getvalue()


def sha512(data: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()


def test_the_lock_has_integrity_and_no_address() -> None:
    text = (ROOT / "package-lock.json").read_text("utf-8")
    lock = json.loads(text)
    assert lock["lockfileVersion"] == 3
    assert "resolved" not in text and "://" not in text
    assert all(package.integrity.startswith("sha512-") for package in npm.locked(lock, dev=True))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "webapp/kit/npm-requirements.txt"])
def test_the_python_locks_have_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text and "--index-url" not in text and "--find-links" not in text
    assert text.count("==") <= text.count("--hash=sha256:")


def test_packages_for_development_stay_out_unless_asked_for() -> None:
    lock = {
        "packages": {
            "": {"name": "quanzi"},
            "node_modules/@a/b": {"version": "1.0.0", "integrity": "sha512-x"},
            "node_modules/c": {"version": "2.0.0", "integrity": "sha512-y", "dev": True},
        }
    }
    assert [package.name for package in npm.locked(lock)] == ["@a/b"]
    assert [package.name for package in npm.locked(lock, dev=True)] == ["@a/b", "c"]


def test_a_tarball_that_hashes_otherwise_is_refused() -> None:
    npm.check_integrity(b"right", sha512(b"right"))
    with pytest.raises(npm.FetchError, match="package-lock"):
        npm.check_integrity(b"wrong", sha512(b"right"))


def test_a_tarball_is_unpacked_without_its_first_folder(tmp_path: Path) -> None:
    target = tmp_path / "node_modules/x"
    npm.unpack(tarball(("package/old.js", b"old")), target)
    npm.unpack(tarball(("package/dist/x.js", b"x"), ("package/package.json", b"{}")), target)
    assert (target / "dist/x.js").read_bytes() == b"x"
    assert not (target / "old.js").exists()
    assert [path.name for path in target.parent.iterdir()] == ["x"]


@pytest.mark.parametrize("name", ["package/../../evil", "../evil", "/package/evil", "package\\..\\evil"])
def test_a_path_outside_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(npm.FetchError, match="no plain file"):
        npm.unpack(tarball((name, b"evil")), tmp_path / "node_modules/x")
    assert not list(tmp_path.rglob("evil"))


def test_a_link_is_refused(tmp_path: Path) -> None:
    with pytest.raises(npm.FetchError, match="no plain file"):
        npm.unpack(tarball(("package/link", None)), tmp_path / "node_modules/x")


def test_the_registry_is_the_one_npm_is_configured_for(tmp_path: Path) -> None:
    root, home = tmp_path / "root", tmp_path / "home"
    root.mkdir()
    home.mkdir()
    assert npm.registry(root, {}, home) == ""
    (home / ".npmrc").write_text("registry = https://home.example/npm/\n", "utf-8")
    assert npm.registry(root, {}, home) == "https://home.example/npm"
    (root / ".npmrc").write_text("fund=false\nregistry=https://root.example/\n", "utf-8")
    assert npm.registry(root, {}, home) == "https://root.example"
    assert npm.registry(root, {"NPM_CONFIG_REGISTRY": "https://env.example"}, home) == "https://env.example"


def test_fetched_directly_means_checked_and_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = tarball(("package/package.json", b'{"version": "1.0.0"}'))
    about = {"versions": {"1.0.0": {"dist": {"tarball": "https://mirror.example/x.tgz"}}}}
    answers = {"https://mirror.example/x": json.dumps(about).encode(), "https://mirror.example/x.tgz": good}
    monkeypatch.setattr(npm, "download", lambda address, accept="": answers[address])
    package = npm.Package("node_modules/x", "x", "1.0.0", sha512(good))
    assert npm.missing(tmp_path, [package]) == [package]
    npm.fetch_directly(tmp_path, [package], "https://mirror.example")
    assert npm.missing(tmp_path, [package]) == []
    answers["https://mirror.example/x.tgz"] = tarball(("package/package.json", b"{}"))
    with pytest.raises(npm.FetchError, match="package-lock"):
        npm.fetch_directly(tmp_path, [package], "https://mirror.example")


def test_only_the_web_is_asked() -> None:
    with pytest.raises(npm.FetchError, match="not on the web"):
        npm.download("file:///etc/passwd")
