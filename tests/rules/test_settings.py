"""Each setting has a line in docs/settings.md, and each line a setting."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from webapp.config import Settings, SettingsError

ROOT = Path(__file__).parents[2]


def test_the_table_of_settings_is_whole():
    code = (ROOT / "webapp" / "config.py").read_text()
    read = set(re.findall(r"get\.(?:text|choice|number|flag)\(\"([A-Z_]+)\"", code))
    documented = set(re.findall(r"^\| `QUANZI_([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(), re.M))
    assert read == documented


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
