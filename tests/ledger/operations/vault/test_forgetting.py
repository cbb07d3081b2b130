"""Who withdraws is gone from every byte; keys rotate; races and kills leave nothing behind."""

import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from ledger.core.records.sealed import MasterKey
from ledger.errors import Damaged, NotFound, Unavailable
from ledger.operations.vault import Vault, rotate_master_key
from ledger.operations.vault_parts import Access, Purpose, Withdrawn
from ledger.store.vault import open_vault
from tests.builders.records import START, Town, address
from tests.builders.vaults import (
    ANN,
    BOB,
    CLERK,
    FILE,
    MASTER,
    NAME,
    OTHER,
    READ,
    ROOT,
    blobs_of,
    found,
    on_disk,
    pieces,
    rows,
)


def test_a_person_who_withdrew_is_gone_from_every_byte(vault: Vault, tmp_path: Path) -> None:
    for number in range(60):
        vault.put(address(f"crowd {number}"), "identity", NAME)
    vault.recommit(ANN, "identity")
    gone, kept = blobs_of(vault, tmp_path, ANN), blobs_of(vault, tmp_path, BOB)
    assert len(gone) == 5
    assert found(tmp_path, gone) == len(pieces(gone))
    vault.forget(ANN, ANN)
    assert found(tmp_path, gone) == 0
    assert rows(tmp_path, "SELECT scrubs_wanted, scrubs_done FROM vault") == [(1, 1)]
    assert found(tmp_path, kept) == len(pieces(kept))
    assert vault.reveal(BOB, "identity", **READ).fields == NAME


def test_who_withdrew_is_told_apart_from_who_was_never_there(vault: Vault, town: Town) -> None:
    town.now += 7
    assert vault.forget(ANN, CLERK) == START + 7
    calls = [
        lambda: vault.put(ANN, "identity", NAME),
        lambda: vault.put(ANN, "evidence", NAME, "new"),
        lambda: vault.recommit(ANN, "identity"),
        lambda: vault.reveal(ANN, "identity", **READ),
        lambda: vault.reveal(ANN, "evidence", "never there", **READ),
        lambda: vault.holdings(ANN, **READ),
    ]
    for call in calls:
        with pytest.raises(Withdrawn) as refused:
            call()
        assert refused.value.at == START + 7
    assert vault.withdrawn_at(ANN) == START + 7
    assert vault.withdrawn_at(BOB) is None
    with pytest.raises(NotFound):
        vault.forget(address("nobody"), CLERK)
    assert vault.withdrawn_at(address("nobody")) is None


def test_a_tombstone_names_nobody_to_whom_has_no_key(vault: Vault, tmp_path: Path) -> None:
    vault.forget(ANN, ANN)
    raw = bytes.fromhex(ANN[2:])
    names = [ANN.encode(), ANN.lower().encode(), raw]
    names += [sha256(name).digest() for name in names]
    names += [sha256(name).hexdigest().encode() for name in (ANN.encode(), raw)]
    disk = on_disk(tmp_path)
    assert [name for name in names if name in disk] == []
    assert rows(tmp_path, "SELECT holder, withdrawn_at FROM tombstone") == [
        (vault._key.holder(ANN), START)
    ]


def test_forgetting_twice_is_forgetting_once_and_the_log_stays(vault: Vault, town: Town) -> None:
    vault.reveal(ANN, "identity", **READ)
    first = vault.forget(ANN, ANN)
    town.now += 60
    assert vault.forget(ANN, CLERK) == first
    assert vault.accesses(ANN) == [
        Access(START, CLERK, "identity", Purpose.CERTIFICATE),
        Access(START, ANN, "all", Purpose.HOLDER),
    ]


def test_rows_that_a_backup_brought_back_are_not_opened(vault: Vault, tmp_path: Path) -> None:
    holder = vault._key.holder(ANN)
    key = rows(tmp_path, "SELECT * FROM holder WHERE holder = ?", holder)[0]
    contents = rows(tmp_path, "SELECT * FROM content WHERE holder = ?", holder)
    vault.forget(ANN, ANN)
    rows(tmp_path, "DROP TRIGGER holder_withdrawn")
    rows(tmp_path, "INSERT INTO holder VALUES (?, ?, ?)", *key)
    for content in contents:
        rows(tmp_path, "INSERT INTO content VALUES (?, ?, ?, ?, ?)", *content)
    with pytest.raises(Withdrawn):
        vault.reveal(ANN, "identity", **READ)
    with pytest.raises(Withdrawn):
        vault.holdings(ANN, **READ)


def test_a_reader_of_the_file_delays_the_scrub_but_not_the_forgetting(
    vault: Vault, tmp_path: Path
) -> None:
    gone = blobs_of(vault, tmp_path, ANN)
    vault.engine.dispose()
    event.listen(vault.engine, "connect", lambda c, _: c.execute("PRAGMA busy_timeout = 50"))
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM content").fetchall()
        with pytest.raises(Unavailable, match="not scrubbed yet"):
            vault.forget(ANN, ANN)
        with pytest.raises(Withdrawn):
            vault.reveal(ANN, "identity", **READ)
        assert found(tmp_path, gone) > 0
        reader.execute("ROLLBACK")
    vault.complete()
    assert found(tmp_path, gone) == 0


CHILD = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from ledger.core.records.sealed import MasterKey
from ledger.operations.vault import Vault, rotate_master_key
from ledger.store.vault import open_vault

file, moment, person = sys.argv[1:]
engine = open_vault(Path(file))
old, new = MasterKey(bytes(32)), MasterKey(b"\\1" * 32)
vault = Vault(engine, old)
engine.dispose()

def die(statement):
    if statement.startswith(moment):
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(engine, "connect", lambda connection, _: connection.set_trace_callback(die))
if person == "rotate":
    rotate_master_key(engine, old, new)
else:
    vault.forget(person, person)
"""
"""Forgets a person, or moves to a new master key, and kills itself before one statement."""

MOMENTS = {
    "DELETE FROM content": False,
    "INSERT INTO tombstone": False,
    "INSERT INTO access": False,
    "COMMIT": False,
    "VACUUM": True,
    "PRAGMA wal_checkpoint": True,
    "UPDATE vault SET scrubs_done": True,
}
"""Statements of `forget` in their order, and whether the person is forgotten by then."""


def kill(folder: Path, moment: str, person: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", CHILD, str(folder / FILE), moment, person]
    return subprocess.Popen(command, cwd=ROOT)


def test_a_killed_forget_did_nothing_or_is_finished_by_the_next(tmp_path: Path, town: Town) -> None:
    folders = {moment: tmp_path / str(number) for number, moment in enumerate(MOMENTS)}
    gone, processes = {}, []
    for moment, folder in folders.items():
        folder.mkdir()
        engine = open_vault(folder / FILE)
        vault = Vault(engine, MASTER, town.clock)
        vault.put(ANN, "identity", NAME)
        vault.put(BOB, "identity", NAME)
        gone[moment] = blobs_of(vault, folder, ANN)
        engine.dispose()
        processes.append(kill(folder, moment, ANN))
    assert {process.wait() for process in processes} == {-signal.SIGKILL}
    for moment, folder in folders.items():
        engine = open_vault(folder / FILE)
        vault = Vault(engine, MASTER, town.clock)
        if MOMENTS[moment]:
            assert vault.withdrawn_at(ANN) is not None
        else:
            assert vault.reveal(ANN, "identity", **READ).fields == NAME
        vault.forget(ANN, ANN)
        assert found(folder, gone[moment]) == 0, moment
        assert len([a for a in vault.accesses(ANN) if a.purpose is Purpose.HOLDER]) == 1
        assert vault.reveal(BOB, "identity", **READ).fields == NAME
        engine.dispose()


def test_a_new_master_key_wraps_the_keys_and_leaves_the_values(
    vault: Vault, tmp_path: Path, town: Town
) -> None:
    vault.forget(BOB, BOB)
    values = rows(tmp_path, "SELECT * FROM content")
    wrapped = [row[0] for row in rows(tmp_path, "SELECT wrapped_key FROM holder")]
    wrapped += [row[0] for row in rows(tmp_path, "SELECT wrapped_key FROM vault")]
    commitment = vault.reveal(ANN, "identity", **READ).commitment
    rotate_master_key(vault.engine, MASTER, OTHER)
    assert rows(tmp_path, "SELECT * FROM content") == values
    assert found(tmp_path, wrapped) == 0  # type: ignore[arg-type]
    moved = Vault(vault.engine, OTHER, town.clock)
    assert moved.reveal(ANN, "identity", **READ).commitment == commitment
    assert moved.withdrawn_at(BOB) == START
    assert [access.actor for access in moved.accesses(BOB)] == [BOB]
    before = rows(tmp_path, "SELECT * FROM holder")
    rotate_master_key(vault.engine, MASTER, OTHER)
    assert rows(tmp_path, "SELECT * FROM holder") == before


def test_whoever_still_holds_the_old_master_key_can_neither_read_nor_write(vault: Vault) -> None:
    rotate_master_key(vault.engine, MASTER, OTHER)
    calls = [
        lambda: vault.put(CLERK, "identity", NAME),
        lambda: vault.reveal(ANN, "identity", **READ),
        lambda: vault.forget(ANN, ANN),
        lambda: Vault(vault.engine, MASTER),
        lambda: rotate_master_key(vault.engine, MASTER, MasterKey(b"\x02" * 32)),
    ]
    for call in calls:
        with pytest.raises(Damaged) as refused:
            call()
        assert refused.value.check == "master key"


def test_a_killed_rotation_did_nothing_or_is_finished_by_the_next(
    vault: Vault, tmp_path: Path, town: Town
) -> None:
    wrapped = [row[0] for row in rows(tmp_path, "SELECT wrapped_key FROM holder")]
    for moment in ("UPDATE holder", "COMMIT"):
        assert kill(tmp_path, moment, "rotate").wait() == -signal.SIGKILL
        assert vault.reveal(ANN, "identity", **READ).fields == NAME
    assert kill(tmp_path, "VACUUM", "rotate").wait() == -signal.SIGKILL
    assert found(tmp_path, wrapped) > 0  # type: ignore[arg-type]
    rotate_master_key(vault.engine, MASTER, OTHER)
    assert found(tmp_path, wrapped) == 0  # type: ignore[arg-type]
    assert Vault(vault.engine, OTHER, town.clock).reveal(ANN, "identity", **READ).fields == NAME


def test_threads_that_put_the_same_get_the_same_commitment(vault: Vault) -> None:
    people = [address(f"crowd {number}") for number in range(5)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: vault.put(people[n % 5], "identity", NAME), range(40)))
    assert [set(made[n::5]) for n in range(5)] == [{made[n]} for n in range(5)]
    assert len(set(made)) == 5


def test_versions_of_many_threads_are_gapless(vault: Vault) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: vault.recommit(ANN, "identity"), range(24)))
    copy = vault.holdings(ANN, **READ)
    mine = [content for content in copy if content.kind == "identity"]
    assert [content.version for content in mine] == list(range(1, 26))
    assert {content.commitment for content in mine[1:]} == made


WRITER = """
import sys
from pathlib import Path
from ledger.core.records.sealed import MasterKey
from ledger.errors import NotFound
from ledger.operations.vault import Vault
from ledger.operations.vault_parts import Withdrawn
from ledger.store.vault import open_vault

file, forgets, *people = sys.argv[1:]
engine = open_vault(Path(file))
vault = Vault(engine, MasterKey(bytes(32)))
for _ in range(5):
    for person in people:
        try:
            print(person, vault.put(person, "identity", {"name": "one"}).hex())
            if forgets == "yes" and person < "0x8":
                vault.forget(person, person)
        except Withdrawn:
            print(person, "withdrew")
engine.dispose()
"""


def test_two_processes_agree_and_a_race_leaves_nothing_of_who_withdrew(
    vault: Vault, tmp_path: Path
) -> None:
    people = [address(f"crowd {number}") for number in range(16)]
    leaving = {person for person in people if person < "0x8"}
    assert leaving
    assert leaving != set(people)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / FILE), forgets, *people],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        for forgets in ("yes", "no")
    ]
    said = [process.communicate()[0].decode().split("\n")[:-1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert [len(lines) for lines in said] == [80, 80]
    answers = {line for lines in said for line in lines}
    for person in people:
        of_person = {line.split()[1] for line in answers if line.startswith(person)}
        assert len(of_person - {"withdrew"}) == 1
        assert ("withdrew" in of_person) == (person in leaving)
        assert (vault.withdrawn_at(person) is not None) == (person in leaving)
        assert bool(blobs_of(vault, tmp_path, person)) == (person not in leaving)


def test_a_file_that_is_no_vault_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"something else " * 100)
    with pytest.raises(Damaged, match="database"):
        open_vault(tmp_path / FILE)
    with pytest.raises(Unavailable, match="out of reach"):
        open_vault(tmp_path / "nowhere" / FILE)


def test_a_vault_without_a_key_has_none_to_wrap(engine: Engine) -> None:
    with pytest.raises(NotFound):
        rotate_master_key(engine, MASTER, OTHER)
