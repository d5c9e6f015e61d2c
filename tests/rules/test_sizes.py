"""Rooms stay small, and the code says nothing of a machine."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINES = 300  # where a file wants to become a folder; most are far below


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split()]


def test_files_can_be_read_in_one_sitting():
    code = tracked("webapp/*.py", "static/js/*.js", "templates/*")
    long = {str(file.relative_to(ROOT)): n for file in code if (n := len(file.read_text().splitlines())) > LINES}
    assert {name: n for name, n in long.items() if "/versions/" not in name} == {}


def test_views_are_short():
    long = [
        f"{file.parent.name}.{node.name}: {node.end_lineno - node.lineno}"
        for file in tracked("webapp/*/views.py", "webapp/*/views/*.py")
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno > 26
    ]
    assert long == []


def test_no_import_hides_in_a_function():
    hidden = [
        f"{file.relative_to(ROOT)}:{inner.lineno}"
        for file in tracked("webapp/*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_nothing_third_party_is_committed():
    names = [str(file.relative_to(ROOT)) for file in tracked()]
    assert not [n for n in names if re.search(r"\.min\.(js|css)$|node_modules/|\.(db|sqlite3?|mo|pyc)$", n)]
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
