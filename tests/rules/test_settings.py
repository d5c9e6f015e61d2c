"""Each setting has a line in docs/settings.md, and each line a setting."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from webapp.config import Settings, SettingsError

ROOT = Path(__file__).parents[2]


def undocumented(code: str, page: str) -> set[str]:
    """Settings that stand in only one of the two."""
    read = set(re.findall(r"get\.(?:text|choice|number|flag)\(\"([A-Z_]+)\"", code))
    return read ^ set(re.findall(r"^\| `QUANZI_([A-Z_]+)`", page, re.M))


def test_the_table_of_settings_is_whole():
    code, page = ROOT / "webapp" / "config.py", ROOT / "docs" / "settings.md"
    assert undocumented(code.read_text(), page.read_text()) == set()


def test_a_setting_without_a_line_and_a_line_without_a_setting_are_found():
    code = 'host=get.text("HOST", ""), new=get.flag("NEW", True)'
    assert undocumented(code, "| `QUANZI_HOST` | x |\n| `QUANZI_OLD` | x |") == {"NEW", "OLD"}


@pytest.mark.parametrize(
    ("environ", "word"),
    [
        ({"ENV": "prod"}, "QUANZI_ENV"),
        ({"PORT": "8000a"}, "QUANZI_PORT"),
        ({"BASE_URL": "school"}, "QUANZI_BASE_URL"),
        ({"ENV": "production"}, "QUANZI_SECRET"),
        ({"ENV": "production", "SECRET": "x" * 40, "DEMO": "1"}, "QUANZI_DEMO"),
        ({"SECRET": "short"}, "QUANZI_SECRET"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path, environ, word):
    with pytest.raises(SettingsError, match=word):
        Settings.read({"QUANZI_DATA": str(tmp_path), **{f"QUANZI_{key}": value for key, value in environ.items()}})


def test_the_secret_is_made_once_and_kept_private(tmp_path):
    first = Settings.read({"QUANZI_DATA": str(tmp_path)})
    assert Settings.read({"QUANZI_DATA": str(tmp_path)}).secret == first.secret
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
