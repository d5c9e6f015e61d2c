"""Rooms stay small, and the code says nothing of a machine."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINES = 300  # where a file wants to become a folder; most are far below
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split()]


def too_long(files: Iterable[Path]) -> dict[str, int]:
    return {file.name: n for file in files if (n := len(file.read_text("utf-8").splitlines())) > LINES}


def long_views(files: Iterable[Path]) -> list[str]:
    return [
        f"{file.parent.name}.{node.name}: {node.end_lineno - node.lineno}"
        for file in files
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, FUNCTIONS) and node.end_lineno is not None and node.end_lineno - node.lineno > 26
    ]


def hidden_imports(files: Iterable[Path]) -> list[str]:
    """Imports inside functions and methods."""
    return [
        f"{file.name}:{inner.lineno}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, FUNCTIONS)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def foreign(names: Iterable[str]) -> list[str]:
    """What is built, bought or made by running, and so does not belong into the repository."""
    return [name for name in names if re.search(r"\.min\.(js|css)$|node_modules/|\.(db|sqlite3?|mo|pyc)$", name)]


def test_files_can_be_read_in_one_sitting():
    code = tracked("webapp/*.py", "static/js/*.js", "templates/*")
    assert too_long(file for file in code if "versions" not in file.parts) == {}


def test_views_are_short():
    assert long_views(tracked("webapp/*/views.py", "webapp/*/views/*.py")) == []


def test_no_import_hides_in_a_function():
    assert hidden_imports(tracked("webapp/*.py")) == []


def test_nothing_third_party_is_committed():
    assert foreign(str(file.relative_to(ROOT)) for file in tracked()) == []
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


# ---- each has been seen to fail ------------------------------------------------------------------
def test_a_long_file_a_long_view_and_a_hidden_import_are_found(tmp_path):
    file = tmp_path / "views.py"
    file.write_text("def show():\n    import os\n" + "    x = 1\n" * LINES)
    assert too_long([file]) == {"views.py": LINES + 2}
    assert long_views([file]) == [f"{tmp_path.name}.show: {LINES + 1}"]
    assert hidden_imports([file]) == ["views.py:2"]
    file.write_text("import os\n\n\nasync def show():\n    return os\n")
    assert (too_long([file]), long_views([file]), hidden_imports([file])) == ({}, [], [])


def test_a_hidden_import_in_a_method_and_in_a_coroutine_is_found(tmp_path):
    file = tmp_path / "shell.py"
    file.write_text("class A:\n    def b(self):\n        from x import y\n\n\nasync def c():\n    import d\n")
    assert sorted(hidden_imports([file])) == ["shell.py:3", "shell.py:7"]


def test_what_does_not_belong_into_the_repository_is_found():
    bad = ["static/js/htmx.min.js", "node_modules/x/y.js", "data/quanzi.db", "webapp/translations/zh.mo"]
    assert foreign([*bad, "static/js/live.js"]) == bad
