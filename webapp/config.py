"""Settings, read once from QUANZI_* variables; each has a line in docs/settings.md."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})


class SettingsError(ValueError):
    """A setting that cannot be used; its text tells the administrator what to change."""


@dataclass(frozen=True)
class Settings:
    """All settings of one instance. Build it with `Settings.read()`."""

    host: str  # address to listen on
    port: int  # port to listen on
    data: Path  # one folder for database, files and secret
    database_url: str  # SQLAlchemy URL; empty: SQLite in the data folder
    base_url: str  # the address people type, without a slash at its end
    proxies: int  # trusted reverse proxies in front (X-Forwarded-*)
    env: str  # "development" or "production"
    demo: bool  # load the demo world on first start, offer its doors
    demo_lang: str  # "zh", "en" or "" (zh)
    log: str  # level: debug, info, warning
    workers: int  # server processes
    writes: int  # posts, comments and messages a person may send in a minute
    jobs: bool  # run background jobs in the server's own processes
    secret: str  # signs the flash cookie and derives invitation links

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """Host names that requests may carry; others are answered with 400."""
        named = {urlsplit(self.base_url).hostname or "localhost"}
        return sorted(named if self.production else named | LOCAL_HOSTS)

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment. Raises SettingsError with words for the administrator."""
        get = _Reader(os.environ if environ is None else environ)
        data = Path(get.text("DATA", "data")).resolve()
        env = get.choice("ENV", "development", ("development", "production"))
        port = get.number("PORT", 8000)
        base_url = get.text("BASE_URL", f"http://localhost:{port}").rstrip("/")
        if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).hostname:
            raise SettingsError("QUANZI_BASE_URL must look like https://quanzi.example.org")
        demo = get.flag("DEMO", env != "production")
        if demo and env == "production":
            raise SettingsError("QUANZI_DEMO=1 is refused in production: the demo's people have no passwords.")
        if env == "production" and not get.text("SECRET", "") and not (data / "secret").exists():
            raise SettingsError(
                "In production QUANZI_SECRET is needed (32 random characters or more), "
                "or a file `secret` in QUANZI_DATA."
            )
        data.mkdir(parents=True, exist_ok=True)
        return cls(
            host=get.text("HOST", "127.0.0.1"),
            port=port,
            data=data,
            database_url=get.text("DATABASE_URL", "") or f"sqlite:///{data}/quanzi.db",
            base_url=base_url,
            proxies=get.number("PROXIES", 0),
            env=env,
            demo=demo,
            demo_lang=get.choice("DEMO_LANG", "", ("", "zh", "en")),
            log=get.choice("LOG", "info", ("debug", "info", "warning", "error")),
            workers=get.number("WORKERS", 2),
            writes=get.number("WRITES", 100),
            jobs=get.flag("JOBS", True),
            secret=_secret(get.text("SECRET", ""), data / "secret"),
        )


@dataclass(frozen=True)
class _Reader:
    environ: Mapping[str, str]

    def text(self, name: str, default: str) -> str:
        return self.environ.get(f"QUANZI_{name}", "").strip() or default

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise SettingsError(f"QUANZI_{name} is {value!r}; it may be one of: {', '.join(filter(None, allowed))}")
        return value

    def number(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit():
            raise SettingsError(f"QUANZI_{name} is {value!r}; it must be a whole number")
        return int(value)

    def flag(self, name: str, default: bool) -> bool:
        return self.choice(name, "1" if default else "0", ("0", "1")) == "1"


def _secret(given: str, file: Path) -> str:
    """The given secret, or the one kept in the data folder (made on first use, readable by the owner only)."""
    if given:
        if len(given) < 16:
            raise SettingsError("QUANZI_SECRET is too short: use 32 random characters or more")
        return given
    if not file.exists():
        descriptor = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_urlsafe(48))
    return file.read_text().strip()
