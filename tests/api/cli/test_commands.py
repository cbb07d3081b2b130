"""The commands as people meet them: good use, wrong use, and a ledger that somebody damaged."""

import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from api.node.directory import LedgerDir
from ledger.core.verify.attestation import gate_hash
from ledger.operations.attest import attest
from ledger.operations.read import account
from tests.builders.commands import ROOT, own

EXAMPLES = ROOT / "examples"
SESSIONS = (EXAMPLES / "sessions.csv", "--map", EXAMPLES / "maps" / "sessions.toml")
SECRET = {"HOURLEDGER_PASSPHRASE": "a passphrase of the tests"}


@pytest.fixture(scope="module")
def founded(run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("founded") / "l"
    assert run("init", "--name", "Test 镇", "--dir", folder, **SECRET).code == 0
    return folder


@pytest.fixture
def folder(founded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(founded, tmp_path / "l"))


def test_from_nothing_to_a_valid_proof(run, folder: Path) -> None:
    result = folder / "result.csv"
    done = run("import", *SESSIONS, "--result", result, "--dir", folder, **SECRET)
    assert done.code == 0
    assert "211 rows" in done.out
    first = next(line for line in result.read_text().splitlines() if ",accepted," in line)
    record = "0x" + first.split("0x")[1][:64]
    proof = folder / "p.json"

    assert run("inspect", record, "--proof", proof, "--dir", folder, **SECRET).code == 0
    assert run("verify", proof).code == 3
    assert run("seal", "--dir", folder, **SECRET).code == 0
    assert run("anchor", "--dir", folder, **SECRET).code == 0
    assert run("inspect", record, "--proof", proof, "--dir", folder, **SECRET).code == 0
    assert run("verify", proof, *own(folder)).code == 0

    entry = run("inspect", record, "--dir", folder).json["entry"]
    volunteer = entry["record"]["body"]["volunteer"]
    assert "益币 Yibi" in run("inspect", volunteer, "--dir", folder).out
    totals = folder / "totals.json"
    assert run("inspect", volunteer, "--proof", totals, "--dir", folder).code == 0
    judged = run("verify", totals, "--json", *own(folder)).json
    assert judged["verdict"] == "valid"
    assert judged["facts"]["totals"]["honour_minutes"] > 0
    assert "荣誉时数" in run("verify", totals).out
    everything, hours = folder / "everything.json.gz", folder / "hours.json"
    assert run("transcript", volunteer, "-o", everything, "--short", "--dir", folder).code == 0
    assert run("verify", everything, *own(folder)).code == 0
    spring = ("--from", "2025-01", "--to", "2025-06")
    assert run("disclose", volunteer, *spring, "-o", hours, "--dir", folder).code == 0
    shown = run("verify", hours, "--json", *own(folder)).json
    assert shown["verdict"] == "valid"
    assert shown["facts"]["minutes"]["honour"] == judged["facts"]["totals"]["honour_minutes"]
    assert "荣誉时数" in run("verify", hours).out
    assert run("disclose", "x", *spring, "-o", hours, "--dir", folder).code == 2
    assert (
        run("inspect", "1", "--dir", folder).json["size"]
        == run("inspect", "--dir", folder).json["entries"]
    )
    assert run("seal", "--dir", folder, **SECRET).out.startswith("Nothing")
    assert volunteer in run("keys", "list", "--dir", folder, **SECRET).out


def test_a_long_import_is_sealed_in_batches(run, folder: Path) -> None:
    few = {**SECRET, "HOURLEDGER_BATCH_ENTRIES": "100"}
    assert run("import", *SESSIONS, "--dir", folder, **few).code == 0
    found = run("inspect", "--dir", folder).json
    assert (found["batches"], found["not_sealed"]) == (1, 0)
    assert run("audit", "--dir", folder, "--json").json["sound"]


def test_without_a_person_the_passphrase_is_made_and_the_danger_said(run, tmp_path: Path) -> None:
    done = run("init", "--dir", tmp_path / "l")
    assert done.code == 0
    assert "not for real hours" in " ".join(done.err.split())
    assert (tmp_path / "l" / "passphrase").stat().st_mode & 0o077 == 0
    assert run("keys", "list", "--dir", tmp_path / "l").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("seal",),
        ("seal", "--dir", "/nonexistent"),
        ("init",),
        ("init", "--dir", "{ledger}"),
        ("init", "--dir", "{ledger}/x", "--origin", "Not An Origin"),
        ("init", "--dir", "{ledger}/x", "--name", "\u202e"),
        ("init", "--dir", "{ledger}/x", "--policy", "{examples}/maps/sessions.toml"),
        ("import", "nothing.csv", "--map", "{examples}/maps/sessions.toml", "--dir", "{ledger}"),
        ("import", "{examples}/sessions.csv", "--map", "{examples}/sessions.csv",
         "--dir", "{ledger}"),
        ("import", "{examples}/sessions.csv", "--map", "{examples}/maps/activities.toml",
         "--dir", "{ledger}"),
        ("inspect", "0x12", "--dir", "{ledger}"),
        ("inspect", "--proof", "x.json", "--dir", "{ledger}"),
        ("verify", "nothing.json"),
        ("verify", "{examples}/sessions.csv", "--rpc", "ftp://x"),
        ("keys", "new", "authority", "--dir", "{ledger}"),
        ("nonsense",),
    ],
)  # fmt: skip
def test_wrong_use_is_exit_2_and_says_what_to_do(run, folder: Path, arguments) -> None:
    places = {"ledger": folder, "examples": EXAMPLES}
    done = run(*(a.format(**places) for a in arguments), **SECRET)
    assert done.code == 2
    assert done.err.strip()


def test_the_wrong_passphrase_is_exit_2(run, folder: Path) -> None:
    assert run("seal", "--dir", folder, HOURLEDGER_PASSPHRASE="wrong").code == 2
    assert run("seal", "--dir", folder).code == 2


def test_what_is_not_in_the_ledger_is_exit_1(run, folder: Path) -> None:
    assert run("inspect", "0x" + "00" * 32, "--dir", folder).code == 1
    assert run("inspect", "7", "--dir", folder).code == 1


@pytest.mark.parametrize(
    "content",
    ['port = "x"', "passphrase = 'x'", "unknown = 1", "= broken", "confirmations = 0"],
)
def test_a_setting_that_is_not_usable_is_named(run, folder: Path, content: str) -> None:
    (folder / "hourledger.toml").write_text(content)
    done = run("inspect", "--dir", folder)
    assert done.code == 2
    assert done.err.strip()


def test_the_environment_goes_before_the_file(run, folder: Path) -> None:
    (folder / "hourledger.toml").write_text("confirmations = 0")
    assert run("inspect", "--dir", folder, HOURLEDGER_CONFIRMATIONS="3").code == 0


@pytest.mark.parametrize(
    ("forgery", "check"),
    [
        ("CAST(replace(data, 'minutes\":4', 'minutes\":5') AS BLOB)", "rules"),
        ("replace(data, 'minutes\":4', 'minutes\":5')", "log"),
    ],
)
def test_audit_names_the_first_break_of_a_damaged_ledger(
    run, folder: Path, forgery: str, check: str
) -> None:
    run("import", *SESSIONS, "--dir", folder, **SECRET)
    run("seal", "--dir", folder, **SECRET)
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as database, database:
        database.execute("DROP TRIGGER entry_update")
        query = f"UPDATE entry SET data = {forgery} WHERE kind = 'service'"
        assert database.execute(query).rowcount > 0
    done = run("audit", "--dir", folder, "--json")
    assert done.code == 1
    (finding,) = done.json["findings"]
    assert finding["check"] == check
    assert "entry" in finding["where"]


def test_a_database_that_is_none_is_told(run, folder: Path) -> None:
    (folder / "ledger.sqlite").write_bytes(b"not a database" * 1000)
    done = run("audit", "--dir", folder)
    assert done.code == 1
    assert "database" in done.err


def test_json_output_is_one_object(run, folder: Path) -> None:
    assert json.loads(run("audit", "--dir", folder, "--json").out)["sound"]


def test_a_gate_checks_an_attestation(run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = ("--result", folder / "result.csv")
    assert run("import", *SESSIONS, *result, "--dir", folder, **SECRET).code == 0
    assert run("seal", "--dir", folder, **SECRET).code == 0
    monkeypatch.setenv(*next(iter(SECRET.items())))
    with LedgerDir.at(folder) as home:
        listed = run("keys", "list", "--dir", folder, **SECRET).out
        gate = "0x" + gate_hash("museum.example", "of this visit").hex()
        for volunteer in dict.fromkeys(re.findall("0x[0-9a-fA-F]{40}", listed)):
            if account(home.ledger, volunteer).honour_minutes >= 60:
                break
        asked = {"condition": "honour_hours", "at_least": 1, "presenter": volunteer, "gate": gate}
        found = attest(home.ledger, home.log_key, volunteer, asked)
    file = folder / "yes.json"
    file.write_text(json.dumps(found))
    here = ("--audience", "museum.example", "--nonce", "of this visit", *own(folder)[2:])
    shown = run("verify", file, *here)
    assert (shown.code, "at least" in shown.out) == (0, True)
    assert run("verify", file).code == 3
    strange = run("verify", file, *here[:4], "--json")
    assert (strange.code, strange.json["within"]) == (3, "valid"), "a lookalike says yes, too"
    assert run("verify", file, *here[:2], "--nonce", "of another").code == 1
    assert run("verify", file, *here[:2]).code == 2
