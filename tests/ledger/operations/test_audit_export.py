"""An audit of an export needs nothing else, and is the same wherever its entries are examined."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from api.node.parallel import dask, local
from ledger.core.trees.tiles import entry_bundle, parse_entry_bundle
from ledger.operations import archive
from ledger.operations.audit import AuditReport, audit, audit_export
from ledger.operations.export import export
from ledger.operations.spread import Spread
from tests.builders.transcripts import Months


def write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Months]:
    found = Months(tmp_path_factory.mktemp("months"))
    for n in range(300):
        found.ledger.append(found.town.enrol(f"somebody {n}"))
    found.seal()
    yield found
    found.ledger.close()
    found.ledger.engine.dispose()


@pytest.fixture(scope="module")
def exported(months: Months, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    export(months.ledger, folder, write, lambda size: months._anchors(size, size))
    return folder


@pytest.fixture
def folder(exported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(exported, tmp_path / "copy"))


@pytest.fixture(scope="module")
def engines() -> Iterator[dict[str, Spread]]:
    with ExitStack() as stack:
        yield {
            "one": stack.enter_context(local(1)),
            "two": stack.enter_context(local(2)),
            "dask": stack.enter_context(dask(None, 1)),
        }


def test_it_finds_what_the_audit_of_the_database_finds(months: Months, exported: Path) -> None:
    of_files = audit_export(exported, months.chain)
    of_database = audit(
        months.ledger.engine, months.chain, lambda size: months._anchors(size, size)
    )
    assert of_files.sound, of_files.findings
    assert of_database.sound
    same = ("entries", "signatures", "rules", "state tree", "batches", "tiles", "anchors")
    assert {n: of_files.checked[n] for n in same} == {n: of_database.checked[n] for n in same}
    assert of_files.checked["entries"] == months.ledger.size > 256


def bundle(folder: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    """Change the entries of the first bundle."""
    path = folder / archive.bundle_path(0)
    path.write_bytes(entry_bundle(change(parse_entry_bundle(path.read_bytes()))))


def pages(folder: Path, kind: str, change: Callable[[list[Any]], object]) -> None:
    path = folder / archive.page_path(kind, 0)
    items = json.loads(path.read_bytes())
    change(items)
    path.write_bytes(archive.as_json(items))


def edited(entries: list[bytes]) -> list[bytes]:
    place = next(i for i, e in enumerate(entries) if b'"minutes":60' in e)
    changed = entries[place].replace(b'"minutes":60', b'"minutes":59')
    return [*entries[:place], changed, *entries[place + 1 :]]


def swapped(entries: list[bytes]) -> list[bytes]:
    return [*entries[:9], entries[10], entries[9], *entries[11:]]


def signed_otherwise(entries: list[bytes]) -> list[bytes]:
    place = next(i for i, e in enumerate(entries) if b'"kind":"transfer"' in e)
    head, tail = entries[place].rsplit(b'"signature":"0x', 1)
    other = b"1" if tail[:1] != b"1" else b"2"
    changed = head + b'"signature":"0x' + other + tail[1:]
    return [*entries[:place], changed, *entries[place + 1 :]]


def other_root(items: list[Any]) -> None:
    items[0]["root"] = "0x" + "11" * 32


ATTACKS: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "an entry edited": (lambda f: bundle(f, edited), "rules", "entry"),
    "a signature changed": (lambda f: bundle(f, signed_otherwise), "rules", "entry"),
    "two entries swapped": (lambda f: bundle(f, swapped), "log", "entry 9"),
    "an entry deleted": (lambda f: bundle(f, lambda e: e[:-1]), "archive", "entry 0"),
    "an unreadable entry": (lambda f: bundle(f, lambda e: [b"{}", *e[1:]]), "log", "entry 0"),
    "a bundle cut": (
        lambda f: (f / archive.bundle_path(0)).write_bytes(b"\0"),
        "archive",
        "entry 0",
    ),
    "a bundle deleted": (lambda f: (f / archive.bundle_path(0)).unlink(), "archive", "entry 0"),
    "a batch deleted": (lambda f: pages(f, "batches", lambda i: i.pop(0)), "batch", "batch 1"),
    "a batch with another root": (lambda f: pages(f, "batches", other_root), "batch", "batch 1"),
    "a batch signed by nobody": (
        lambda f: pages(f, "batches", lambda i: i[0].update(checkpoint=i[1]["checkpoint"])),
        "checkpoint",
        "batch 1",
    ),
    "a tile changed": (
        lambda f: (f / archive.hashes_path(0, 0)).write_bytes(bytes(32 * 256)),
        "tiles",
        "tile 0/0",
    ),
    "a root that the chain contradicts": (
        lambda f: pages(f, "anchors", lambda i: i[0]["anchors"][0].update(block_number=9)),
        "anchor",
        "batch 1",
    ),
    "no head": (lambda f: (f / archive.CHECKPOINT).unlink(), "archive", "copy"),
    "no manifest": (lambda f: (f / archive.MANIFEST).unlink(), "archive", "copy"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_found_at_its_place_wherever_entries_are_examined(
    months: Months, folder: Path, engines: dict[str, Spread], attack: str
) -> None:
    change, check, where = ATTACKS[attack]
    change(folder)
    reports: dict[str, AuditReport] = {
        name: audit_export(folder, months.chain, spread=spread) for name, spread in engines.items()
    }
    finding = reports["one"].findings[0]
    assert finding.check == check, finding
    assert where in finding.where, finding
    assert reports["one"] == reports["two"] == reports["dask"]


def test_a_sound_ledger_is_sound_everywhere(
    months: Months, exported: Path, engines: dict[str, Spread]
) -> None:
    reports = [audit_export(exported, months.chain, spread=s) for s in engines.values()]
    reports += [audit(months.ledger.engine, spread=s) for s in engines.values()]
    assert all(report.sound for report in reports)
    assert reports[0] == reports[1] == reports[2]
    assert reports[3] == reports[4] == reports[5]
