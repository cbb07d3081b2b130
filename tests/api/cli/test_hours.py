"""The organisation's and the authority's commands, on the ledger that a demonstration left."""

import shutil
from pathlib import Path

import pytest

from api.node.directory import LedgerDir
from ledger.core.kinds.registry import Service
from ledger.core.records.record import record_id
from ledger.operations.hours import permits
from ledger.operations.read import account_entries, find_service
from tests.builders.commands import Run
from tests.builders.records import address


@pytest.fixture
def folder(demo: Path, tmp_path: Path) -> Path:
    shutil.copytree(demo, tmp_path / "ledger")
    return tmp_path / "ledger"


def organisation(folder: Path) -> tuple[str, str]:
    """(label, address) of one of the town's organisations."""
    with LedgerDir.at(folder) as home:
        found = [k for k in home.keys.stored() if k.label.startswith("organisation ")]
    return found[0].label, found[0].address


def services(folder: Path, address: str) -> list[tuple[bytes, Service]]:
    with LedgerDir.at(folder) as home:
        entries = account_entries(home.ledger, address, -1, 1000)
        bodies = [entry.record.body for entry in entries]
        return [(record_id(home.ledger.ledger_id, b), b) for b in bodies if isinstance(b, Service)]


def test_the_authority_permits_back_fill_within_bounds(run: Run, folder: Path) -> None:
    _, org = organisation(folder)
    terms = ("--from", "2025-01-01", "--until", "2025-07-01", "--hours", 40, "--dir", folder)
    done = run("permit", org, *terms, "--reason", "outage")
    assert done.code == 0, done.err
    with LedgerDir.at(folder) as home:
        record, permit = permits(home.ledger, org)[-1]
    assert "0x" + record.hex() in done.out
    assert (permit.minutes_max, permit.minutes) == (2400, 0)
    assert run("permit", org, *terms, "--reason", "because").code == 1
    assert run("permit", "somebody", *terms, "--reason", "outage").code == 2


def test_what_is_signed_waits_no_longer(run: Run, folder: Path) -> None:
    label, org = organisation(folder)
    clocked = next(body for _, body in services(folder, org) if body.hour_class == "credit")
    activity = "0x" + clocked.activity.hex()
    assert "Nothing waits" in run("drafts", activity, "--dir", folder).out
    done = run("sign", activity, "--as", label, "--dir", folder)
    assert (done.code, done.out.split()[0]) == (0, "0")
    assert run("sign", "0x12", "--as", label, "--dir", folder).code == 2


def test_all_that_a_stolen_key_signed_is_voided_at_once(run: Run, folder: Path) -> None:
    label, org = organisation(folder)
    signed = services(folder, org)
    arguments = ("void", org, "--since", "2025-01-01", "--as", label, "--dir", folder)
    nothing = run(*arguments, "--signed-by", address("nobody"))
    assert nothing.out.startswith("0 records")
    done = run(*arguments, "--signed-by", org)
    assert done.code == 0, done.err
    assert done.out.startswith(f"{len(signed)} records voided")
    with LedgerDir.at(folder) as home:
        for record, _ in signed:
            service = find_service(home.ledger, record)
            assert service is not None
            assert service.status == "void"
    assert run("audit", "--dir", folder).code == 0
