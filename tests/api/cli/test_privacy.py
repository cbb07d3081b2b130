"""A person can see what is known, see who looked, and be forgotten; nobody else's proof breaks."""

import csv
import json
from pathlib import Path

import pytest

from ledger.core.records.commitments import commit
from tests.builders.commands import ROOT, own

SECRET = {"HOURLEDGER_PASSPHRASE": "a passphrase of the tests"}
MAP = ROOT / "examples" / "maps" / "sessions.toml"
NAME = "王小明 110101199003078888"
ROWS = (
    f"{NAME},河岸队,清洁 滨江北路12号,2025-03-01,09:00,10:00,backfill,2025-03-02 10:00",
    f"{NAME},河岸队,清洁 滨江北路12号,2025-03-02,09:00,10:00,backfill,2025-03-03 10:00",
    "李四,河岸队,清洁 滨江北路12号,2025-03-01,09:00,11:00,backfill,2025-03-02 10:00",
)


@pytest.fixture
def folder(run, tmp_path: Path) -> Path:
    folder = tmp_path / "l"
    (tmp_path / "export.csv").write_text(
        "volunteer,organisation,activity,date,clock_in,clock_out,source,entered_at\n"
        + "\n".join(ROWS),
        encoding="utf-8",
    )
    assert run("init", "--dir", folder, **SECRET).code == 0
    assert take(run, folder) == ["accepted"] * 3
    assert run("seal", "--dir", folder, **SECRET).code == 0
    assert run("anchor", "--dir", folder, **SECRET).code == 0
    return folder


def take(run, folder: Path) -> list[str]:
    """Import the export; outcome or code of each row."""
    result, export = folder.parent / "result.csv", folder.parent / "export.csv"
    done = run("import", export, "--map", MAP, "--result", result, "--dir", folder, **SECRET)
    assert done.code == 0, done.err
    with result.open(encoding="utf-8", newline="") as file:
        return [row["code"] or row["outcome"] for row in csv.DictReader(file)]


def records(folder: Path) -> list[str]:
    """The record ids of the accepted rows."""
    with (folder.parent / "result.csv").open(encoding="utf-8", newline="") as file:
        return [row["record_id"] for row in csv.DictReader(file) if row["record_id"]]


def bodies(run, folder: Path) -> list[dict[str, object]]:
    """The bodies of the services, by row."""
    entries = [run("inspect", i, "--dir", folder).json["entry"] for i in records(folder)]
    return [entry["record"]["body"] for entry in entries]


def test_what_is_shown_is_what_the_records_committed_to(run, folder: Path) -> None:
    first = bodies(run, folder)[0]
    done = run(
        "vault", "show", first["volunteer"], "--purpose", "holder", "--dir", folder, **SECRET
    )
    held = json.loads(done.out)
    kinds = sorted(content["kind"] for content in held)
    assert kinds == ["evidence", "evidence", "identity", "service", "service"]
    commitments = set()
    for content in held:
        made = commit(bytes.fromhex(content["salt"][2:]), content["fields"])
        assert "0x" + made.hex() == content["commitment"]
        commitments.add(content["commitment"])
    assert first["content"] in commitments
    assert set(first["evidence"]) <= commitments
    assert any(NAME in content["fields"].values() for content in held)
    log = run("vault", "log", first["volunteer"], "--dir", folder, **SECRET).out
    assert "holder" in log


def test_a_forgotten_person_is_gone_and_every_proof_and_total_stays(run, folder: Path) -> None:
    gone, _, stays = bodies(run, folder)
    proof = folder / "p.json"
    assert run("inspect", records(folder)[0], "--proof", proof, "--dir", folder, **SECRET).code == 0
    before = run("inspect", gone["volunteer"], "--dir", folder).out

    assert run("forget", gone["volunteer"], "--yes", "--dir", folder, **SECRET).code == 0
    assert run("forget", gone["volunteer"], "--yes", "--dir", folder, **SECRET).code == 0
    shown = run("vault", "show", gone["volunteer"], "--purpose", "audit", "--dir", folder, **SECRET)
    assert shown.code == 1
    assert "withdrew" in shown.err
    assert run("verify", proof, *own(folder)).code == 0
    assert run("inspect", gone["volunteer"], "--dir", folder).out == before
    assert run("audit", "--dir", folder, "--json").json["sound"]
    assert gone["volunteer"] not in run("keys", "list", "--dir", folder, **SECRET).out
    other = run(
        "vault", "show", stays["volunteer"], "--purpose", "audit", "--dir", folder, **SECRET
    )
    assert other.code == 0


def test_an_export_does_not_bring_a_forgotten_person_back(run, folder: Path) -> None:
    gone = bodies(run, folder)[0]
    size = run("inspect", "--dir", folder).json["entries"]
    assert run("forget", gone["volunteer"], "--yes", "--dir", folder, **SECRET).code == 0
    assert take(run, folder) == ["HOLDER_WITHDREW", "HOLDER_WITHDREW", "accepted"]
    assert run("inspect", "--dir", folder).json["entries"] == size


def test_no_name_or_number_stands_in_any_file_of_the_ledger(run, folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            for secret in ("王小明", "110101", "李四", "滨江北路"):
                assert secret.encode() not in data, file


def test_nothing_is_destroyed_without_a_yes_or_for_a_stranger(run, folder: Path) -> None:
    person = bodies(run, folder)[0]["volunteer"]
    assert run("forget", person, "--dir", folder, **SECRET).code != 0
    assert run("vault", "show", person, "--purpose", "audit", "--dir", folder, **SECRET).code == 0
    stranger = "0x" + "00" * 19 + "01"
    assert run("forget", stranger, "--yes", "--dir", folder, **SECRET).code == 1
    assert run("forget", "nobody", "--yes", "--dir", folder, **SECRET).code == 1
