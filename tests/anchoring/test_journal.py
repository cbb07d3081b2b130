"""The journal writes beside others who write the same database, and says so when it cannot."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlmodel import SQLModel

from anchoring.errors import Retry
from anchoring.journal import (
    FINAL,
    MAX_SIZE,
    MINED,
    RECORDED,
    AnchorAttempt,
    AnchorTarget,
    Journal,
    Sighting,
    add_target,
    anchors_within,
    newest_query,
    targets,
)
from ledger.errors import Damaged, Unavailable
from ledger.store import engine as store
from ledger.store.engine import open_engine

CONTRACT = "0x" + "00" * 20
WORD = "0x" + "11" * 32


def attempt(size: int = 3) -> AnchorAttempt:
    return AnchorAttempt(
        chain_id=1,
        contract=CONTRACT,
        size=size,
        root=bytes(32),
        nonce=0,
        tx_hash=WORD,
        raw=b"\x01",
        state=RECORDED,
        created_at=0,
    )


def target() -> AnchorTarget:
    return AnchorTarget(
        chain_id=1,
        contract=CONTRACT,
        ledger_id=bytes(32),
        founder=CONTRACT,
        demonstration=True,
        created_at=0,
    )


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture(name="engine")
def _engine(path: Path) -> Iterator[Engine]:
    engine = open_engine(path)
    SQLModel.metadata.create_all(engine)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("CREATE TABLE other (number INTEGER)")
    yield engine
    engine.dispose()


def note(engine: Engine) -> None:
    journal = Journal(engine, 1, CONTRACT)
    journal.note(journal.attempts([3])[3][0], Sighting(FINAL, 7, WORD))
    assert journal.seen() == {3: (FINAL, bytes(32))}


def replace(engine: Engine) -> None:
    journal = Journal(engine, 1, CONTRACT)
    journal.replace(attempt())
    assert len(journal.attempts([3])[3]) == 1


def add(engine: Engine) -> None:
    add_target(engine, target())
    assert len(targets(engine, bytes(32))) == 1


@pytest.mark.parametrize("write", [note, replace, add])
def test_no_commit_of_another_writer_comes_between_what_it_reads_and_what_it_writes(
    engine: Engine, path: Path, write: Callable[[Engine], None]
) -> None:
    Journal(engine, 1, CONTRACT).record(attempt())
    tried = []

    @event.listens_for(engine, "after_cursor_execute")
    def meddle(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("SELECT"):
            return
        tried.append(statement)
        with closing(sqlite3.connect(path, timeout=0)) as raw, raw:
            try:
                raw.execute("INSERT INTO other VALUES (1)")
            except sqlite3.OperationalError as error:
                assert "locked" in str(error)  # noqa: PT017 - it may come or not

    write(engine)
    assert tried


def test_of_two_processes_that_sign_the_same_one_is_told_to_look_again(engine: Engine) -> None:
    Journal(engine, 1, CONTRACT).record(attempt())
    with pytest.raises(Retry):
        Journal(engine, 1, CONTRACT).record(attempt())
    Journal(engine, 1, CONTRACT).record(attempt(4))
    add_target(engine, target())
    with pytest.raises(Retry):
        add_target(engine, target())


def seen(engine: Engine, states: dict[int, str], chain_id: int = 1) -> None:
    """Write down in which state a chain holds batches."""
    journal = Journal(engine, chain_id, CONTRACT)
    for nonce, (size, state) in enumerate(states.items()):
        made = attempt(size)
        made.nonce, made.chain_id = nonce, chain_id
        journal.record(made)
        if state != RECORDED:
            (found,) = journal.attempts([size])[size]
            journal.note(found, Sighting(state, 7, WORD))


def test_the_newest_final_batch_goes_before_newer_ones(engine: Engine) -> None:
    add_target(engine, target())
    seen(engine, {3: FINAL, 5: FINAL, 8: MINED, 9: RECORDED})

    def sizes(smallest: int, largest: int) -> list[object]:
        return [anchor["size"] for anchor in anchors_within(engine, smallest, largest)]

    assert sizes(1, 9) == [5]
    assert sizes(1, 4) == [3]
    assert sizes(6, 9) == [8], "the record is newer than what is final"
    assert sizes(9, 9) == []
    # What a demonstration chain held that is lost, nothing rests on.
    seen(engine, {7: FINAL}, chain_id=2)
    assert sizes(1, 9) == [5]


def test_the_newest_is_found_by_the_index_of_sizes(engine: Engine) -> None:
    add_target(engine, target())
    seen(engine, dict.fromkeys(range(1, 200), MINED))
    query = newest_query(FINAL, 1, MAX_SIZE).compile(engine, compile_kwargs={"literal_binds": True})
    with engine.connect() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}")]
    assert "USING INDEX ix_anchor_attempt_size" in plan[0], plan
    assert not [step for step in plan if "TEMP B-TREE" in step], plan


def test_a_database_that_stays_locked_is_unavailable(
    engine: Engine, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.dispose()
    monkeypatch.setattr(store, "LOCK_WAIT_SECONDS", 0.05)
    impatient = open_engine(path)
    journal = Journal(impatient, 1, CONTRACT)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable):
            journal.record(attempt())
        with pytest.raises(Unavailable):
            add_target(impatient, target())
        raw.execute("ROLLBACK")
    journal.record(attempt())
    impatient.dispose()


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").write_bytes(b"no database at all" * 99)
    engine = open_engine(tmp_path / "x.sqlite")
    with pytest.raises(Damaged):
        targets(engine, bytes(32))
    engine.dispose()
