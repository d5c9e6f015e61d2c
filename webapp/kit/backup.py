"""Backup and restore: the database first, then the files, with a list of hashes beside them."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa

from webapp.config import Settings
from webapp.kit import clock

LEFT_OUT = ("quanzi.db", "backups", "tmp")


def main() -> None:
    """`python -m webapp backup [folder]`: write one backup and print where it is."""
    settings = Settings.read()
    target = Path(sys.argv[2]) if len(sys.argv) > 2 else settings.data / "backups" / f"{clock.now():%Y%m%d-%H%M%S}"
    print(backup(settings, target))


def restore_main() -> None:
    """`python -m webapp restore <folder>`: into an empty data folder (or an empty PostgreSQL database)."""
    if len(sys.argv) < 3:
        sys.exit("usage: python -m webapp restore <folder of a backup>")
    restore(Settings.read(), Path(sys.argv[2]))
    print("Restored. Open pages will refresh themselves.")


def backup(settings: Settings, target: Path) -> Path:
    """Write a whole backup into `target`, which must not exist yet; writers go on meanwhile."""
    target.mkdir(parents=True)
    if settings.sqlite:
        source = sqlite3.connect(_database(settings))
        source.execute("VACUUM INTO ?", (str(target / "quanzi.db"),))
        source.close()
    else:
        _pg(["pg_dump", "-Fc", "-f", str(target / "quanzi.dump")], settings)
    for item in settings.data.iterdir():
        if not item.name.startswith(LEFT_OUT):
            (shutil.copytree if item.is_dir() else shutil.copy2)(item, target / item.name)
    (target / "hashes.json").write_text(json.dumps(_hashes(target), indent=1))
    return target


def restore(settings: Settings, source: Path) -> None:
    """Bring a backup back. Exits with a reason when it is damaged or the place is not empty."""
    if _hashes(source) != json.loads((source / "hashes.json").read_text()):
        sys.exit("The backup is damaged: its files are not those that were written.")
    if settings.sqlite and _database(settings).exists():
        sys.exit(f"{_database(settings)} exists; restore into an empty QUANZI_DATA.")
    for item in source.iterdir():
        if item.name not in ("hashes.json", "quanzi.dump"):
            if item.is_dir():
                shutil.copytree(item, settings.data / item.name, dirs_exist_ok=True)
            else:
                shutil.copy2(item, settings.data / item.name)
    if not settings.sqlite:
        _pg(["pg_restore", "--no-owner", "-d", _libpq(settings), str(source / "quanzi.dump")], None)
    _begin_epoch(settings)


def _begin_epoch(settings: Settings) -> None:
    """Pages with an older cursor must refresh: what they were told may not have happened."""
    engine = sa.create_engine(settings.database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM outbox")
        name = hashlib.sha256(str(clock.now()).encode()).hexdigest()[:8]
        connection.execute(sa.text("UPDATE epoch SET name = :name, xid = 0, id = 0"), {"name": name})
    engine.dispose()


def _database(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))


def _libpq(settings: Settings) -> str:
    return sa.make_url(settings.database_url).set(drivername="postgresql").render_as_string(hide_password=False)


def _pg(command: list[str], settings: Settings | None) -> None:
    subprocess.run([*command, *([_libpq(settings)] if settings else [])], check=True)


def _hashes(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "hashes.json")
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
