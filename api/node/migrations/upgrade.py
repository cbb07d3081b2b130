"""Bring a ledger's database to the tables of this version, in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text

from ledger.errors import Damaged
from ledger.store.engine import snapshot, transaction

HEAD: Final = "0011"
"""The newest migration: what this version of the code works with."""


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing. Several processes may start at once: the database's
    write lock lets one of them do it.

    Raises `Damaged` for a database of a newer version, and `Unavailable` while it is locked.
    """
    with snapshot(engine) as connection:
        if _version(connection) == HEAD:
            return
    with transaction(engine) as connection:
        if _version(connection) != HEAD:
            _run(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar_one_or_none()
    return found


def _run(connection: Connection) -> None:
    # Imported here: a database that is up to date does not need alembic.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, HEAD)
    except CommandError as error:
        raise Damaged("database", f"its tables are of another version: {error}") from error
