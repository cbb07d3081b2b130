"""A restored ledger is the exported one; anything that does not fit stops it and is named."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from api.node.files import write_durably
from ledger.core.trees.tiles import entry_bundle, parse_entry_bundle
from ledger.errors import Damaged
from ledger.operations import read
from ledger.operations.audit import audit
from ledger.operations.export import export
from ledger.operations.ledger import Ledger
from ledger.operations.prove import bundle
from ledger.operations.restore import anchors, restore
from ledger.operations.seal import seal
from ledger.store.engine import create_tables, open_engine
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import START, Town

REBUILT = ("entry", "party", "tile", "batch", "account", "service", "slot", "state_node", "head",
           "organisation", "delegation", "volunteer", "activity", "sequence")  # fmt: skip
"""Tables that the entries alone decide."""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, Ledger, Path]]:
    """A town of three batches with a credit hour, honour hours, a void, a transfer and many
    activities; and its export."""
    home = tmp_path_factory.mktemp("original")
    town = Town()
    ledger = opened_ledger(town, home)
    activity = settle(town, ledger)
    hour = town.served(ledger, "org", "ann", activity, START + 90000, 90)
    ledger.append(hour)
    ledger.append(town.honour("org", "second", "bob", START + 90000, 45))
    seal(ledger, town.log_key)
    town.now += 60
    ledger.append(town.transfer("ann", "bob", 1))
    second = town.served(ledger, "org", "ann", activity, START + 190000, 30)
    ledger.append(second)
    town.now += 1
    ledger.append(town.void(town.id(second), "org"))
    seal(ledger, town.log_key)
    town.now += 1
    later = START + 10**7
    ledger.append_many([town.activity("org", later, later + 60, title=f"{n}") for n in range(300)])
    seal(ledger, town.log_key)
    (home / "export").mkdir()
    export(ledger, home / "export", write_durably, lambda size: [{"size": size}])
    yield town, ledger, home / "export"
    ledger.close()
    ledger.engine.dispose()


@contextmanager
def empty(folder: Path) -> Iterator[Engine]:
    engine = open_engine(folder / "restored.sqlite")
    create_tables(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def copy(original: tuple[Town, Ledger, Path], tmp_path: Path) -> Path:
    """The export, to be spoilt."""
    folder = tmp_path / "copy"
    for path in original[2].rglob("*"):
        if path.is_file():
            place = folder / path.relative_to(original[2])
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    return folder


def rows(engine: Engine, table: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return sorted(map(tuple, connection.exec_driver_sql(f"SELECT * FROM {table}")), key=repr)


def test_a_restored_ledger_has_the_same_rows_heads_and_proofs(
    original: tuple[Town, Ledger, Path], tmp_path: Path
) -> None:
    town, ledger, folder = original
    with empty(tmp_path) as engine:
        done = restore(folder, engine)
        assert (done.ledger_id, done.batches, done.size) == (town.ledger, 3, ledger.size)
        for table in REBUILT:
            assert rows(engine, table) == rows(ledger.engine, table), table
        assert audit(engine).findings == []
        again = Ledger(engine, town.clock)
        assert read.batches(again, 0, 9) == read.batches(ledger, 0, 9)
        for _, record, kind, *_ in rows(ledger.engine, "entry")[:20]:
            if kind != "seal":
                assert bundle(again, record, lambda *_: []) == bundle(ledger, record, lambda *_: [])
        again.close()


def test_the_anchors_come_back_batch_by_batch(
    original: tuple[Town, Ledger, Path], tmp_path: Path
) -> None:
    _, ledger, folder = original
    with empty(tmp_path) as engine:
        restore(folder, engine)
        assert list(anchors(folder, engine)) == [
            (batch, [{"size": batch.size}]) for batch in read.batches(ledger, 0, 9)
        ]


def test_with_its_log_key_a_restored_ledger_goes_on_and_without_it_seals_nothing(
    original: tuple[Town, Ledger, Path], tmp_path: Path
) -> None:
    town, ledger, folder = original
    with empty(tmp_path) as engine:
        restore(folder, engine)
        again = Ledger(engine, town.clock)
        again.append(town.activity("org", START + 10**8, START + 10**8 + 60))
        with pytest.raises(Damaged, match="log key"):
            seal(again, Ed25519PrivateKey.generate())
        batch = seal(again, town.log_key)
        assert batch is not None
        assert (batch.number, batch.first_index) == (4, ledger.size)
        assert audit(engine).findings == []
        again.close()


def test_what_is_there_already_is_not_overwritten(
    original: tuple[Town, Ledger, Path], tmp_path: Path
) -> None:
    _, _, folder = original
    with empty(tmp_path) as engine:
        restore(folder, engine)
        with pytest.raises(Damaged, match="not empty"):
            restore(folder, engine)


def _page(change: Callable[[list[dict[str, object]]], None]) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        file = folder / "batches" / "000.json"
        items = json.loads(file.read_text())
        change(items)
        file.write_text(json.dumps(items))

    return spoil


def _entries(change: Callable[[list[bytes]], None]) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        file = folder / "tile" / "entries" / "000"
        entries = parse_entry_bundle(file.read_bytes())
        change(entries)
        file.write_bytes(entry_bundle(entries))

    return spoil


def _swap(entries: list[bytes]) -> None:
    entries[6], entries[7] = entries[7], entries[6]


def _swap_with_numbers(entries: list[bytes]) -> None:
    first, second = entries[6], entries[7]
    entries[6] = second.replace(b'"index":7', b'"index":6')
    entries[7] = first.replace(b'"index":6', b'"index":7')


def _replace(index: int, old: bytes, new: bytes) -> Callable[[list[bytes]], None]:
    def change(entries: list[bytes]) -> None:
        assert old in entries[index]
        entries[index] = entries[index].replace(old, new)

    return change


def _again(entries: list[bytes]) -> None:
    entries[7] = entries[6].replace(b'"index":6', b'"index":7')


def _file(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(change((folder / name).read_bytes())) and None


SPOILT = {
    "a flipped byte in an entry": (_entries(_replace(13, b"thanks", b"thankz")), "entry 13: "),
    "a byte that is not JSON": (_entries(_replace(9, b"{", b"[")), "entry 9: unreadable"),
    "two entries swapped": (_entries(_swap), "entry 6: its bytes say that it is entry 7"),
    "two entries swapped and renumbered": (_entries(_swap_with_numbers), "batch 1"),
    "an entry repeated": (_entries(_again), "entry 7: the same record as entry 6"),
    "another time of acceptance": (
        _entries(_replace(7, b'"accepted_at":1', b'"accepted_at":2')),
        "entry 8: accepted before",
    ),
    "a seal with another state root": (
        _entries(_replace(12, b'"state_root":"0x', b'"state_root":"0xff')),
        "entry 12: ",
    ),
    "an entry left out": (_entries(lambda e: e.pop(5) and None), "000: 255 entries instead of 256"),
    "a bundle cut off": (_file("tile/entries/000", lambda d: d[:-1]), "entries/000: the bundle"),
    "a bundle that is gone": (lambda f: (f / "tile/entries/000").unlink(), "tile/entries/000"),
    "a batch left out": (_page(lambda items: items.pop(1) and None), "batch 2 is missing"),
    "the last batch left out": (_page(lambda items: items.pop() and None), "batch 3 is missing"),
    "another root": (
        _page(lambda items: items[1].update(root="0x" + "00" * 32)),
        "batch 2 is not the one",
    ),
    "the checkpoint of another batch": (
        _page(lambda items: items[1].update(checkpoint=items[0]["checkpoint"])),
        "batch 2: the signed checkpoint",
    ),
    "a root as a number": (_page(lambda items: items[1].update(root=7)), "batch 2: the root"),
    "a changed hash": (_file("tile/1/000.p/1", lambda d: bytes(32)), "tile/1/000.p/1: differs"),
    "a hash too few": (_file("tile/0/000", lambda d: d[:-32]), "tile/0/000: differs"),
    "a signature of nobody": (
        _file("checkpoint", lambda d: d.replace(b"\n\n", b"\n\n\n")),
        "checkpoint: ",
    ),
    "no checkpoint": (lambda f: (f / "checkpoint").unlink(), "checkpoint: missing"),
    "another ledger's name": (
        _file("manifest.json", lambda d: d.replace(b'"0x', b'"0x00')[:-1]),
        "manifest.json: ",
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_does_not_fit_is_refused_and_named(name: str, copy: Path, tmp_path: Path) -> None:
    spoil, where = SPOILT[name]
    spoil(copy)
    with empty(tmp_path) as engine, pytest.raises(Damaged) as error:
        restore(copy, engine)
    assert where in str(error.value)


def test_any_flipped_byte_of_the_entries_is_refused(copy: Path, tmp_path: Path) -> None:
    file = copy / "tile" / "entries" / "000"
    good = file.read_bytes()
    end = sum(2 + len(entry) for entry in parse_entry_bundle(good)[:14])
    for place in range(0, end, end // 12):
        bad = bytearray(good)
        bad[place] ^= 4
        file.write_bytes(bad)
        folder = tmp_path / str(place)
        folder.mkdir()
        with empty(folder) as engine, pytest.raises(Damaged):
            restore(copy, engine)


def test_even_whoever_holds_the_log_key_cannot_export_what_the_rules_refuse(
    original: tuple[Town, Ledger, Path], tmp_path: Path
) -> None:
    """The attacker edits a row, hashes and signs everything anew: files and heads agree."""
    town, _, folder = original
    with empty(tmp_path) as engine:
        restore(folder, engine)
    with closing(sqlite3.connect(tmp_path / "restored.sqlite")) as raw, raw:
        for name in ("entry_update", "entry_delete", "batch_delete"):
            raw.execute(f"DROP TRIGGER {name}")
        for statement in (
            'DELETE FROM entry WHERE "index" > 12',
            "DELETE FROM batch",
            "DELETE FROM tile",
            "UPDATE integrated SET size = 0",
            "UPDATE sequence SET next_index = 13",
            "UPDATE entry SET data = CAST(replace(CAST(data AS TEXT), '河', '湖') AS BLOB) "
            'WHERE "index" = 7',
        ):
            assert raw.execute(statement).rowcount > 0
    (tmp_path / "forged").mkdir()
    with empty(tmp_path) as engine:
        ledger = Ledger(engine, town.clock)
        seal(ledger, town.log_key)
        export(ledger, tmp_path / "forged", write_durably, lambda _: [])
        ledger.close()
    (tmp_path / "second").mkdir()
    with empty(tmp_path / "second") as engine, pytest.raises(Damaged, match="entry 7: "):
        restore(tmp_path / "forged", engine)


def test_more_batches_than_a_page_holds_come_back(tmp_path: Path) -> None:
    town = Town()
    ledger = opened_ledger(town, tmp_path)
    settle(town, ledger)
    seal(ledger, town.log_key)
    for number in range(258):
        later = START + 10**7 + number
        ledger.append(town.activity("org", later, later + 60))
        seal(ledger, town.log_key)
    (tmp_path / "export").mkdir()
    export(ledger, tmp_path / "export", write_durably, lambda size: [{"size": size}])
    with empty(tmp_path) as engine:
        assert restore(tmp_path / "export", engine).batches == 259
        assert len(list(anchors(tmp_path / "export", engine))) == 259
        for table in ("batch", "tile"):
            assert rows(engine, table) == rows(ledger.engine, table)
    ledger.close()
    ledger.engine.dispose()
