"""Export and restore as people run them, and exactly the steps that the operations page has."""

import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from api.node.directory import LedgerDir
from api.node.settings import CHAIN
from api.server.app import create_app
from ledger.store import entries as store
from ledger.store.engine import snapshot
from tests.builders.commands import ROOT, own
from tests.builders.http import Client

EXAMPLES = ROOT / "examples"
SESSIONS = (EXAMPLES / "sessions.csv", "--map", EXAMPLES / "maps" / "sessions.toml")
ACTIVITIES = (EXAMPLES / "activities.csv", "--map", EXAMPLES / "maps" / "activities.toml")
SECRET = {"HOURLEDGER_PASSPHRASE": "a passphrase of the tests"}


@pytest.fixture(scope="module")
def founded(run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An imported, sealed and anchored ledger, and its export beside it."""
    home = tmp_path_factory.mktemp("archive")
    folder = home / "ledger"
    assert run("init", "--dir", folder, **SECRET).code == 0
    few = {**SECRET, "HOURLEDGER_BATCH_ENTRIES": "60"}
    assert run("import", *SESSIONS, "--dir", folder, **few).code == 0
    run("seal", "--dir", folder, **SECRET)
    assert run("anchor", "--dir", folder, **SECRET).code == 0
    return home


@pytest.fixture
def home(founded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(founded, tmp_path / "home"))


def steps(section: str) -> list[str]:
    """The commands of a section of the operations page, in order."""
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    text = page.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return re.findall(r"^    (\S.*)$", text, re.MULTILINE)


def carry_out(run, line: str, names: dict[str, str]) -> str:
    """One line of the page with its variables; what it printed."""
    words = [re.sub(r"\$([A-Z]+)", lambda m: names[m[1]], word) for word in shlex.split(line)]
    if words[0] != "hourledger":
        subprocess.run(words, check=True, env={"PATH": os.environ["PATH"]})
        return ""
    done = run(*words[1:], **SECRET)
    assert done.code == 0, (line, done.err)
    return done.out


def proofs(run, folder: Path, records: list[str]) -> list[object]:
    found = []
    for record in records:
        out = folder / "proof.json"
        assert run("inspect", record, "--proof", out, "--dir", folder).code == 0
        found.append(json.loads(out.read_text()))
        out.unlink()
    return found


def records_of(folder: Path) -> list[str]:
    with LedgerDir.at(folder) as home, snapshot(home.ledger.engine) as connection:
        rows = store.entries_from(connection, 0, 10**6)
    return ["0x" + row.record_id.hex() for row in rows if row.kind == "service"][::40]


def test_the_written_recovery_brings_back_the_same_ledger(run, home: Path, tmp_path: Path) -> None:
    ledger, safe, new = home / "ledger", tmp_path / "safe", tmp_path / "new"
    safe.mkdir()
    shutil.copytree(ledger / "keys", safe / "keys")
    names = {
        "LEDGER": str(ledger),
        "EXPORT": str(tmp_path / "export"),
        "SAFE": str(safe),
        "NEW": str(new),
        "RPC": f"embedded:{tmp_path / CHAIN}",
    }
    backup, *recovery = steps("Backup and disaster recovery")
    assert [line.split(" ")[1] for line in (backup, recovery[0])] == ["export", "restore"]
    carry_out(run, backup, names)
    records = records_of(ledger)
    before = proofs(run, ledger, records)
    inspected = run("inspect", "--dir", ledger).json
    (ledger / CHAIN).rename(tmp_path / CHAIN)
    shutil.rmtree(ledger)

    printed = [carry_out(run, line, names) for line in recovery]
    assert "restored in" in printed[0]
    assert proofs(run, new, records) == before
    after = run("inspect", "--dir", new).json
    assert {**after, "chain": ""} == {**inspected, "chain": ""}
    out = new / "proof.json"
    run("inspect", records[0], "--proof", out, "--dir", new)
    assert run("verify", out, "--rpc", names["RPC"], *own(new)[2:]).code == 0
    assert "Nothing waits" in printed[-1]
    assert run("import", *ACTIVITIES, "--dir", new, **SECRET).code == 0
    assert run("seal", "--dir", new, **SECRET).code == 0
    assert run("anchor", "--dir", new, "--rpc", names["RPC"], **SECRET).code == 0
    assert run("audit", "--dir", new, "--rpc", names["RPC"]).code == 0


def test_a_restored_ledger_serves_and_proves_before_its_keys_are_back(
    run, home: Path, tmp_path: Path
) -> None:
    export, new = tmp_path / "export", tmp_path / "new"
    assert run("export", export, "--dir", home / "ledger").code == 0
    assert run("restore", export, "--into", new).code == 0
    records = records_of(new)
    with LedgerDir.at(home / "ledger") as old, LedgerDir.at(new) as restored:
        here, there = Client(create_app(restored)), Client(create_app(old))
        paths = ["ledger", "checkpoint", "batches", "anchors", "tile/0/000.p/100"]
        for path in [*paths, *(f"records/{record}/proof" for record in records)]:
            answer = here.get(f"/v1/{path}")
            assert answer.status_code == 200
            assert answer.content == there.get(f"/v1/{path}").content, path
    assert run("seal", "--dir", new).code == 2


def test_an_export_older_than_the_chain_is_refused(run, home: Path, tmp_path: Path) -> None:
    ledger, export, new = home / "ledger", tmp_path / "export", tmp_path / "new"
    rpc = ("--rpc", f"embedded:{ledger / CHAIN}")
    assert run("export", export, "--dir", ledger).code == 0
    assert run("import", *ACTIVITIES, "--dir", ledger, **SECRET).code == 0
    assert run("seal", "--dir", ledger, **SECRET).code == 0
    assert run("anchor", "--dir", ledger, **SECRET).code == 0
    done = run("restore", export, "--into", new, *rpc)
    assert done.code == 1
    assert "look for a newer one" in done.err
    assert not new.exists()
    assert run("export", export, "--dir", ledger).code == 0
    assert run("restore", export, "--into", new, *rpc).code == 0


@pytest.mark.parametrize("file", ["tile/entries/000", "anchors/000.json", "contracts.json"])
def test_a_spoilt_export_is_refused_by_name_and_leaves_nothing(
    run, home: Path, tmp_path: Path, file: str
) -> None:
    export, place = tmp_path / "export", tmp_path / "place"
    place.mkdir()
    assert run("export", export, "--dir", home / "ledger").code == 0
    (spoilt,) = export.glob(file)
    spoilt.write_bytes(spoilt.read_bytes().replace(b'"c', b'"d'))
    done = run("restore", export, "--into", place / "new")
    assert done.code == 1
    assert ("entry 0" if "entries" in file else file) in done.err
    assert list(place.iterdir()) == []


def test_what_is_in_the_way_is_wrong_use(run, home: Path, tmp_path: Path) -> None:
    export = tmp_path / "export"
    assert run("export", export, "--dir", home / "ledger").code == 0
    assert run("restore", export, "--into", home).code == 2
    assert run("restore", tmp_path / "nothing", "--into", tmp_path / "new").code == 2
    assert run("export", export).code == 2
    (tmp_path / "file").write_text("dear")
    assert run("export", tmp_path / "file" / "x", "--dir", home / "ledger").code == 2


def test_a_second_export_writes_nothing_and_says_what_waits(
    run, home: Path, tmp_path: Path
) -> None:
    export, ledger = tmp_path / "export", home / "ledger"
    assert run("export", export, "--dir", ledger).code == 0
    assert "; 0 new files" in run("export", export, "--dir", ledger, "--whole").out
    assert run("init", "--dir", tmp_path / "fresh", **SECRET).code == 0
    assert run("export", tmp_path / "e", "--dir", tmp_path / "fresh").code == 1
    assert run("import", *ACTIVITIES, "--dir", ledger, **SECRET).code == 0
    assert "Left out, waiting for a batch: " in run("export", export, "--dir", ledger).out
