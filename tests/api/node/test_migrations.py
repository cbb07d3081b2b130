"""The migrations give exactly the tables that the code declares."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from api.node.migrations.upgrade import HEAD, upgrade
from ledger.errors import Damaged
from ledger.operations.audit import audit
from ledger.store.engine import create_tables, open_engine
from tests.builders.records import START, address
from tests.builders.settled import settled_ledger


def schema(engine: Engine) -> dict[str, str]:
    """Name → SQL of every table, index and trigger, without blanks."""
    query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    with engine.connect() as connection:
        rows = connection.execute(text(query)).all()
    engine.dispose()
    return {
        name: "".join(sql.replace("IF NOT EXISTS", "").split())
        for name, sql in rows
        if name != "alembic_version"
    }


def test_migrated_tables_are_the_declared_ones(tmp_path: Path) -> None:
    migrated, declared = open_engine(tmp_path / "a"), open_engine(tmp_path / "b")
    upgrade(migrated)
    create_tables(declared)
    assert schema(migrated) == schema(declared)


def test_the_head_is_the_newest_file() -> None:
    versions = Path(__file__).parents[3] / "api/node/migrations/versions"
    assert max(file.name[:4] for file in versions.glob("0*.py")) == HEAD


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "a")
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = schema(engine)
    with pytest.raises(Damaged):
        upgrade(engine)
    assert schema(engine) == before
    engine.dispose()


def test_processes_that_start_at_once_make_the_tables_once(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from ledger.store.engine import open_engine;"
        "from api.node.migrations.upgrade import upgrade; upgrade(open_engine(Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "a")]
    processes = [subprocess.Popen(command) for _ in range(4)]
    assert [process.wait() for process in processes] == [0] * 4
    engine = open_engine(tmp_path / "a")
    assert "entry" in schema(engine)


def test_what_older_tables_did_not_say_is_read_from_the_entries(tmp_path: Path) -> None:
    settled = settled_ledger(tmp_path)
    town = settled.town
    asked = [town.request("school", "org", wanted_from=START + n) for n in range(2)]
    names = [town.id(settled.take(record)) for record in asked]
    named = {"recipient": address("school"), "request": names[0]}
    settled.published(town.now + 60, town.now + 120, **named)
    questions = [f"SELECT * FROM {table} ORDER BY 1" for table in ("request", "identity", "newest")]
    older = [
        "DROP TABLE request",
        "DROP TABLE identity",
        "DROP TABLE newest",
        "DROP TABLE cosignature",
        *(f"DROP TABLE {table}" for table in ("accredited", "person", "checked")),
        "CREATE TABLE request (record_id BLOB, requester TEXT, organisation TEXT)",
        "CREATE TABLE alembic_version (version_num TEXT)",
        "INSERT INTO alembic_version VALUES ('0006')",
    ]
    with settled.ledger.engine.begin() as connection:
        before = [connection.execute(text(question)).all() for question in questions]
        for statement in older:
            connection.execute(text(statement))
    upgrade(settled.ledger.engine)
    with settled.ledger.engine.connect() as connection:
        assert [connection.execute(text(question)).all() for question in questions] == before
    assert len(before[0]) == len(names)
    assert audit(settled.ledger.engine).sound
    settled.close()
