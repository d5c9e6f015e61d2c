"""The import contracts hold (`make check` runs them), and each has been seen to fail on a planted import."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLANTED = {
    "Floors: a package imports only from floors below it, siblings never from each other": (
        "feed/models.py",
        "import webapp.groups.models",
    ),
    "Inside a capability: web above domain above tables": (
        "circles/policy.py",
        "import webapp.circles.actions.making",
    ),
    "Views and listeners are nobody's library": ("posts/actions.py", "import webapp.feed.views"),
    "Specimens build on specimens of lower floors, and nothing else on them": (
        "posts/queries.py",
        "import webapp.feed.specimens",
    ),
    "The domain does not know HTTP": ("accounts/actions.py", "import flask"),
}


def broken(folder: Path) -> set[str]:
    """The contracts that the package in this folder breaks."""
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", code, "--no-cache", "--config", "pyproject.toml"]
    said = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env={"PYTHONPATH": ".", "COLUMNS": "999"}
    )
    report = " ".join(said.stdout.split())
    assert "Analyzed" in report, said.stdout + said.stderr
    return {name for name in contracts() if f"{name} BROKEN" in report}


def contracts() -> list[str]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return [contract["name"] for contract in config["tool"]["importlinter"]["contracts"]]


def copied(folder: Path) -> Path:
    """The package without what no import needs."""
    shutil.copytree(ROOT / "webapp", folder / "webapp", ignore=shutil.ignore_patterns("__pycache__", "translations"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_every_contract_is_broken_by_its_planted_import_and_by_nothing_before(tmp_path):
    folder = copied(tmp_path)
    assert broken(folder) == set()
    for file, line in PLANTED.values():
        code = (folder / "webapp" / file).read_text("utf-8")
        assert not re.search(f"^{line}$", code, re.M)
        (folder / "webapp" / file).write_text(f"{code}\n{line}\n", "utf-8")
    assert broken(folder) == set(PLANTED) == set(contracts())


def test_a_package_that_stands_on_no_floor_is_found(tmp_path):
    folder = copied(tmp_path)
    (folder / "webapp" / "boats").mkdir()
    (folder / "webapp" / "boats" / "__init__.py").write_text('"""Boats."""\n')
    assert broken(folder) == {next(iter(PLANTED))}
