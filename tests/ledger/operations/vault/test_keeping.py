"""The vault gives back what was committed to, to nobody else, and says who looked."""

import json
import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import inspect

from ledger.errors import Damaged, NotFound, Refused
from ledger.operations.vault import Vault
from ledger.operations.vault_parts import Access, Purpose
from tests.builders.ledgers import opened_ledger
from tests.builders.records import START, Town
from tests.builders.vaults import (
    ANN,
    BOB,
    CLERK,
    FILE,
    NAME,
    OTHER,
    PLACE,
    READ,
    blobs_of,
    on_disk,
    rows,
)

VAULT_TABLES = {"vault", "holder", "content", "tombstone", "access", "status_index"}


def test_who_holds_salt_and_fields_can_show_what_was_committed_to(vault: Vault) -> None:
    commitment = vault.put(ANN, "activity", PLACE, "meeting point")
    shown = vault.reveal(ANN, "activity", "meeting point", **READ)
    assert shown.fields == PLACE
    text = json.dumps(PLACE, ensure_ascii=False, separators=(",", ":"))
    assert commitment == shown.commitment == sha256(shown.salt + text.encode()).digest()


def test_the_same_fields_of_two_people_or_subjects_have_unlike_commitments(vault: Vault) -> None:
    made = [
        vault.put(person, kind, PLACE, subject)
        for person in (ANN, BOB)
        for kind in ("activity", "evidence")
        for subject in ("one", "two")
    ]
    assert len(set(made)) == 8


def test_a_retry_gives_the_same_commitment_and_other_fields_are_refused(vault: Vault) -> None:
    first = vault.put(ANN, "identity", NAME)
    assert vault.put(ANN, "identity", dict(reversed(NAME.items()))) == first
    with pytest.raises(Refused, match="other fields"):
        vault.put(ANN, "identity", NAME | {"name": "李四"})
    assert vault.reveal(ANN, "identity", **READ).commitment == first


def test_a_new_commitment_leaves_the_old_one_to_be_shown(vault: Vault) -> None:
    first = vault.put(ANN, "identity", NAME)
    again = vault.recommit(ANN, "identity")
    corrected = vault.recommit(ANN, "identity", fields=NAME | {"name": "王晓明"})
    assert len({first, again, corrected}) == 3
    shown = [vault.reveal(ANN, "identity", version=n, **READ) for n in (1, 2, 3)]
    assert [content.commitment for content in shown] == [first, again, corrected]
    assert [content.fields["name"] for content in shown] == ["王小明", "王小明", "王晓明"]
    assert vault.reveal(ANN, "identity", **READ) == shown[-1]


def test_a_person_gets_a_copy_of_everything(vault: Vault) -> None:
    vault.recommit(ANN, "service", "first")
    copy = vault.holdings(ANN, actor=ANN, purpose=Purpose.HOLDER)
    assert sorted((content.kind, content.subject, content.version) for content in copy) == [
        ("identity", "", 1),
        ("service", "first", 1),
        ("service", "first", 2),
        ("service", "second", 1),
    ]


def test_what_is_not_there_is_not_found(vault: Vault) -> None:
    with pytest.raises(NotFound):
        vault.reveal(ANN, "evidence", **READ)
    with pytest.raises(NotFound):
        vault.reveal(ANN, "identity", version=2, **READ)
    with pytest.raises(NotFound):
        vault.recommit(CLERK, "identity")
    with pytest.raises(NotFound):
        vault.holdings(CLERK, **READ)
    assert vault.withdrawn_at(CLERK) is None


def test_malformed_input_is_refused_and_leaves_no_trace(vault: Vault, tmp_path: Path) -> None:
    before = rows(tmp_path, "SELECT * FROM content"), rows(tmp_path, "SELECT * FROM access")
    calls = [
        lambda: vault.put(ANN.lower(), "identity", NAME),
        lambda: vault.put("ann", "identity", NAME),
        lambda: vault.put(ANN, "name", NAME),  # type: ignore[arg-type]
        lambda: vault.put(ANN, "service", {}, "third"),
        lambda: vault.put(ANN, "service", PLACE, "x" * 4097),
        lambda: vault.recommit(ANN, "identity", fields={"name": "\ud800"}),
        lambda: vault.reveal(ANN, "identity", actor="clerk", purpose=Purpose.AUDIT),
        lambda: vault.reveal(ANN, "identity", actor=CLERK, purpose="curious"),  # type: ignore[arg-type]
        lambda: vault.forget(ANN, "clerk"),
    ]
    for call in calls:
        with pytest.raises(Refused, match="BAD_VALUE"):
            call()
    assert before == (
        rows(tmp_path, "SELECT * FROM content"),
        rows(tmp_path, "SELECT * FROM access"),
    )
    assert vault.withdrawn_at(ANN) is None


def test_every_opening_is_logged_with_who_when_what_and_why(vault: Vault, town: Town) -> None:
    vault.reveal(ANN, "identity", **READ)
    town.now += 60
    vault.holdings(ANN, actor=ANN, purpose=Purpose.HOLDER)
    vault.reveal(BOB, "service", "first", actor=CLERK, purpose=Purpose.OBJECTION)
    assert vault.accesses(ANN) == [
        Access(START, CLERK, "identity", Purpose.CERTIFICATE),
        Access(START + 60, ANN, "all", Purpose.HOLDER),
    ]
    assert vault.accesses(BOB) == [Access(START + 60, CLERK, "service", Purpose.OBJECTION)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access SET purpose = 'audit'",
        "DELETE FROM access",
        "INSERT OR REPLACE INTO access SELECT number, at + 1, holder, kind, purpose, sealed_actor "
        "FROM access",
        "INSERT INTO access SELECT number + 3, at, holder, kind, purpose, sealed_actor FROM access",
        "UPDATE tombstone SET withdrawn_at = 0",
        "DELETE FROM tombstone",
        "INSERT OR REPLACE INTO tombstone SELECT holder, 0 FROM tombstone",
        "INSERT INTO holder SELECT holder, x'00', x'00' FROM tombstone",
        "UPDATE content SET version = 9",
        "DELETE FROM vault",
    ],
)
def test_the_database_itself_refuses_to_rewrite(
    vault: Vault, tmp_path: Path, statement: str
) -> None:
    vault.reveal(ANN, "identity", **READ)
    vault.forget(BOB, BOB)
    with pytest.raises(sqlite3.IntegrityError):
        rows(tmp_path, statement)


def test_an_altered_line_of_the_access_log_is_noticed(vault: Vault, tmp_path: Path) -> None:
    vault.reveal(ANN, "identity", **READ)
    rows(tmp_path, "DROP TRIGGER access_update")
    rows(tmp_path, "UPDATE access SET purpose = 'audit'")
    with pytest.raises(Damaged, match="vault"):
        vault.accesses(ANN)


SWAP = "UPDATE {0} SET {1} = (SELECT {1} FROM {0} AS other WHERE other.{2} = ?2) WHERE {2} = ?1"


@pytest.mark.parametrize("change", ["sealed", "key", "both", "service", "version", "kind", "owner"])
def test_rows_that_were_swapped_open_nothing(vault: Vault, tmp_path: Path, change: str) -> None:
    vault.recommit(ANN, "identity")
    rows(tmp_path, "DROP TRIGGER content_update")
    ann, bob = vault._key.holder(ANN), vault._key.holder(BOB)
    mine, his = (vault._key.locator(person, "identity", "") for person in (ANN, BOB))
    if change in ("sealed", "both"):
        rows(tmp_path, SWAP.format("content", "sealed", "locator"), mine, his)
    if change in ("key", "both"):
        rows(tmp_path, SWAP.format("holder", "wrapped_key", "holder"), ann, bob)
    if change == "service":
        service = vault._key.locator(ANN, "service", "first")
        rows(tmp_path, SWAP.format("content", "sealed", "locator"), mine, service)
    if change == "version":
        rows(tmp_path, "UPDATE content SET version = version + 1 WHERE version = 2")
    if change == "kind":
        rows(tmp_path, "UPDATE content SET kind = 'evidence' WHERE locator = ?", mine)
    if change == "owner":
        rows(tmp_path, "UPDATE content SET holder = ? WHERE locator = ?", bob, mine)
    with pytest.raises(Damaged, match="vault"):
        vault.reveal(ANN, "identity", **READ)
    assert vault.accesses(ANN) == []
    assert vault.reveal(BOB, "identity", **READ).fields == NAME


@pytest.mark.parametrize("column", ["content.sealed", "holder.wrapped_key"])
@pytest.mark.parametrize("place", ["first", "middle", "last", "cut", "empty"])
def test_bytes_that_were_changed_open_nothing(
    vault: Vault, tmp_path: Path, column: str, place: str
) -> None:
    table, name = column.split(".")
    rows(tmp_path, "DROP TRIGGER content_update")
    for row, blob in rows(tmp_path, f"SELECT rowid, {name} FROM {table}"):
        assert isinstance(blob, bytes)
        spot = {"first": 0, "middle": len(blob) // 2}.get(place, len(blob) - 1)
        changed = blob[:spot] + bytes([blob[spot] ^ 1]) + blob[spot + 1 :]
        changed = {"cut": blob[:-1], "empty": b""}.get(place, changed)
        rows(tmp_path, f"UPDATE {table} SET {name} = ? WHERE rowid = ?", changed, row)
    for person in (ANN, BOB):
        with pytest.raises(Damaged, match="vault"):
            vault.reveal(person, "identity", **READ)
        with pytest.raises(Damaged, match="vault"):
            vault.put(person, "identity", NAME)


def test_another_master_key_is_refused_even_with_a_forged_id(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(Damaged) as refused:
        Vault(vault.engine, OTHER)
    assert refused.value.check == "master key"
    for table in ("vault", "holder"):
        rows(tmp_path, f"UPDATE {table} SET key_id = ?", OTHER.id)
    with pytest.raises(Damaged) as refused:
        Vault(vault.engine, OTHER)
    assert refused.value.check == "vault"


def test_nothing_stands_in_the_files_in_clear(vault: Vault, tmp_path: Path) -> None:
    secret = vault.reveal(ANN, "identity", **READ)
    stored = blobs_of(vault, tmp_path, ANN)
    words = [*NAME.values(), *PLACE.values(), "id_number", ANN, BOB, CLERK, "second"]
    spellings = [w.encode(code) for w in words for code in ("utf-8", "utf-16-le", "gb18030")]
    spellings += [bytes.fromhex(person[2:]) for person in (ANN, BOB, CLERK)]
    spellings += [
        secret.salt,
        secret.salt.hex().encode(),
        secret.commitment,
        bytes(32).hex().encode(),
    ]
    for _ in range(2):
        disk = on_disk(tmp_path)
        assert [spelling for spelling in spellings if spelling in disk] == []
        assert all(blob in disk for blob in stored)
        vault.engine.dispose()  # now everything is in the main file


def test_only_the_owner_may_read_the_files(vault: Vault, tmp_path: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {FILE: 0o600, FILE + "-wal": 0o600, FILE + "-shm": 0o600}


def test_the_ledger_s_database_has_no_table_of_the_vault(vault: Vault, tmp_path: Path) -> None:
    ledger = opened_ledger(Town(), tmp_path)
    tables = set(inspect(ledger.engine).get_table_names())
    ledger.close()
    ledger.engine.dispose()
    assert tables & VAULT_TABLES == set()
    assert "entry" in tables
    own = set(inspect(vault.engine).get_table_names())
    assert own == VAULT_TABLES
