"""An export is complete, the same every time, grows by what is new, and stops at what is wrong."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from api.node.files import write_durably
from ledger.core.records.record import ledger_id
from ledger.core.trees.merkle import leaf_hash, root
from ledger.core.trees.notes import open_checkpoint
from ledger.core.trees.tiles import parse_entry_bundle
from ledger.errors import Damaged, NotFound
from ledger.operations import export as exporting
from ledger.operations.export import Exported
from ledger.operations.ledger import Ledger
from ledger.operations.seal import seal
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import START, Town


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def ledger(town: Town, tmp_path: Path) -> Iterator[Ledger]:
    """A settled town with one batch of seven entries."""
    ledger = opened_ledger(town, tmp_path)
    settle(town, ledger)
    seal(ledger, town.log_key)
    yield ledger
    ledger.close()
    ledger.engine.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    return folder


def grow(town: Town, ledger: Ledger, activities: int) -> None:
    """One more batch."""
    first = ledger.size
    ledger.append_many(
        [
            town.activity("org", START + 10**6, START + 10**6 + 60, title=f"{first + n}")
            for n in range(activities)
        ]
    )
    seal(ledger, town.log_key)


def anchors_for(size: int) -> list[dict[str, object]]:
    return [{"size": size}]


def export(ledger: Ledger, folder: Path, **options: bool) -> Exported:
    return exporting.export(ledger, folder, write_durably, anchors_for, **options)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_stranger_reads_every_entry_and_head_out_of_the_files(
    town: Town, ledger: Ledger, folder: Path
) -> None:
    for count in (1, 300, 40, 500):
        grow(town, ledger, count)
    done = export(ledger, folder)
    assert (done.batches, done.size, done.waiting) == (5, ledger.size, 0)
    found = files(folder)
    assert found["checkpoint"].decode().split("\n")[1] == str(ledger.size)
    entries: list[bytes] = []
    for index in range(ledger.size // 256 + 1):
        full = f"tile/entries/{index:03d}"
        name = full if full in found else f"{full}.p/{ledger.size % 256}"
        entries += parse_entry_bundle(found[name])
    assert [json.loads(entry)["index"] for entry in entries] == list(range(ledger.size))
    leaves = [leaf_hash(entry) for entry in entries]
    for item in json.loads(found["batches/000.json"]):
        head = open_checkpoint(
            item["checkpoint"], town.body.origin, town.log_key.public_key().public_bytes_raw()
        )
        assert head.root == root(leaves[: head.size])
        assert "0x" + head.root.hex() == item["root"]
    assert found["tile/0/001"] == b"".join(leaves[256:512])
    assert [item["anchors"] for item in json.loads(found["anchors/000.json"])] == [
        [{"size": size}] for size in (9, 11, 312, 353, 854)
    ]


def test_growing_by_steps_ends_with_the_same_files_as_one_step(
    town: Town, ledger: Ledger, folder: Path, tmp_path: Path
) -> None:
    export(ledger, folder)
    for count in (247, 1, 3, 300):
        grow(town, ledger, count)
        export(ledger, folder)
    other = tmp_path / "other"
    other.mkdir()
    export(ledger, other)
    assert files(folder) == files(other)
    assert len(list(folder.glob("tile/**/*.p"))) == 3


def test_what_is_full_is_not_written_again(town: Town, ledger: Ledger, folder: Path) -> None:
    grow(town, ledger, 600)
    export(ledger, folder)
    assert export(ledger, folder).written == 0
    assert export(ledger, folder, whole=True).written == 0
    full = folder / "tile" / "entries" / "000"
    before = full.stat().st_ino
    grow(town, ledger, 1)
    export(ledger, folder)
    assert full.stat().st_ino == before


def test_an_export_that_was_cut_off_is_the_one_before_and_can_be_finished(
    town: Town, ledger: Ledger, folder: Path, tmp_path: Path
) -> None:
    export(ledger, folder)
    before = (folder / "checkpoint").read_bytes()
    grow(town, ledger, 600)
    left = iter(range(4))

    def dying(path: Path, data: bytes) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        write_durably(path, data)

    with pytest.raises(KeyboardInterrupt):
        exporting.export(ledger, folder, dying, anchors_for)
    assert (folder / "checkpoint").read_bytes() == before
    export(ledger, folder)
    other = tmp_path / "other"
    other.mkdir()
    export(ledger, other)
    assert files(folder) == files(other)


def test_what_no_batch_holds_is_counted_and_left_out(
    town: Town, ledger: Ledger, folder: Path
) -> None:
    ledger.append(town.activity("org", START + 10**6, START + 10**6 + 60))
    assert export(ledger, folder).waiting == 1
    assert list(folder.glob("tile/entries/**/9"))


def test_before_the_first_batch_there_is_nothing_to_export(town: Town, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    ledger = opened_ledger(town, tmp_path / "new")
    ledger.append(town.genesis())
    with pytest.raises(NotFound):
        export(ledger, tmp_path)
    ledger.close()
    ledger.engine.dispose()


def test_a_folder_with_something_else_is_left_alone(ledger: Ledger, folder: Path) -> None:
    (folder / "letters").write_text("dear")
    with pytest.raises(Damaged, match="no export"):
        export(ledger, folder)
    assert files(folder) == {"letters": b"dear"}


def test_another_ledger_does_not_go_into_the_same_folder(
    ledger: Ledger, folder: Path, tmp_path: Path
) -> None:
    export(ledger, folder)
    before = files(folder)
    other = Town()
    other.body = replace(other.body, name="Other")
    other.ledger = ledger_id(other.body)
    (tmp_path / "other").mkdir()
    second = opened_ledger(other, tmp_path / "other")
    settle(other, second)
    seal(second, other.log_key)
    with pytest.raises(Damaged, match="another ledger"):
        export(second, folder)
    second.close()
    second.engine.dispose()
    assert files(folder) == before


def test_an_older_state_of_the_ledger_does_not_overwrite_a_newer_export(
    town: Town, ledger: Ledger, folder: Path, tmp_path: Path
) -> None:
    grow(town, ledger, 2)
    export(ledger, folder)
    (tmp_path / "old").mkdir()
    early = Town()
    old = opened_ledger(early, tmp_path / "old")
    settle(early, old)
    seal(old, early.log_key)
    with pytest.raises(Damaged, match="the log of 12 entries exported there is not in the ledger"):
        export(old, folder)
    old.close()
    old.engine.dispose()


TAMPER = {
    "an entry": (
        "UPDATE entry SET data = CAST(replace(CAST(data AS TEXT), '河', '湖') AS BLOB) "
        'WHERE "index" = 7',
        "batch 1",
    ),
    "an entry that is gone": ('DELETE FROM entry WHERE "index" = 10', "entries 9 to 12"),
    "a batch that is gone": ("DELETE FROM batch WHERE number = 1", "batches 1 to 2"),
    "a root": ("UPDATE batch SET root = randomblob(32) WHERE number = 2", "batch 2"),
    "a checkpoint": (
        "UPDATE batch SET checkpoint = (SELECT checkpoint FROM batch WHERE number = 1) "
        "WHERE number = 2",
        "batch 2",
    ),
}


@pytest.mark.parametrize("name", TAMPER)
def test_a_changed_ledger_is_not_exported_and_the_place_is_named(
    name: str, town: Town, ledger: Ledger, folder: Path, tmp_path: Path
) -> None:
    grow(town, ledger, 2)
    statement, where = TAMPER[name]
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as raw, raw:
        for table in ("entry_update", "entry_delete", "batch_update", "batch_delete"):
            raw.execute(f"DROP TRIGGER {table}")
        assert raw.execute(statement).rowcount == 1
    with pytest.raises(Damaged, match=where):
        export(ledger, folder)
    assert not (folder / "checkpoint").exists()


@pytest.mark.parametrize("name", ["tile/0/000", "tile/entries/000", "tile/0/001.p/100"])
def test_rot_in_an_old_file_is_found_when_the_whole_is_looked_at(
    name: str, town: Town, ledger: Ledger, folder: Path
) -> None:
    grow(town, ledger, 346)
    export(ledger, folder)
    rotten = bytearray((folder / name).read_bytes())
    rotten[40] ^= 1
    (folder / name).write_bytes(rotten)
    with pytest.raises(Damaged, match=name):
        export(ledger, folder, whole=True)


def test_rot_in_the_part_that_grows_is_found_by_itself(
    town: Town, ledger: Ledger, folder: Path
) -> None:
    grow(town, ledger, 346)
    export(ledger, folder)
    tile = folder / "tile" / "1" / "000.p" / "1"
    tile.write_bytes(bytes(32))
    grow(town, ledger, 1)
    with pytest.raises(Damaged, match="batch 2"):
        export(ledger, folder)
