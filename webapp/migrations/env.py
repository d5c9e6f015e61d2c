"""How migrations run: on SQLite foreign keys are off before BEGIN (a batch with CASCADE would silently delete
children) and are checked before the commit; triggers that a batch dropped are made again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context

url: str = context.config.attributes["url"]
engine = sa.create_engine(url)


def _metadata() -> Any:
    """Only `migration` compares with the models; running one never imports them."""
    return context.config.attributes.get("metadata")


def _is_ours(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    return not (kind in ("table", "index") and (name or "").startswith(("sqlite_", "fts_")))


_triggers: dict[str, str] = {}


def _after_step(ctx: Any, step: Any, heads: Any, run_args: Any) -> None:
    if sqlite:
        _keep_triggers(connection)


def _keep_triggers(connection: sa.Connection) -> None:
    """After each step: make again what a batch dropped with its table, and remember what the step made."""
    there = {
        name: sql
        for name, sql in connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type='trigger'")
    }
    dropped = context.config.attributes.get("dropped_triggers", ())  # by a migration that meant it
    for name, sql in _triggers.items():
        if name not in there and name not in dropped:
            connection.exec_driver_sql(sql)
    _triggers.update(there)


with engine.connect() as connection:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute("PRAGMA journal_mode=WAL")
        driver.isolation_level = None
    context.configure(
        connection=connection,
        target_metadata=_metadata(),
        render_as_batch=True,
        include_object=_is_ours,
        transactional_ddl=True,
        on_version_apply=_after_step,
    )
    with connection.begin():
        if sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            _keep_triggers(connection)
        context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"the migration broke foreign keys: {broken[:5]}")
engine.dispose()
