"""Two servers of one ledger: when the first is killed, the second seals and anchors."""

from pathlib import Path
from typing import Any

import pytest

from api.node.directory import AUTHORITY, LedgerDir
from api.node.worker import CHORES
from api.server.services import Services
from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.kinds.registry import Organisation, Volunteer
from ledger.core.records.record import Record, record_to_json
from ledger.core.records.signing import address_of, sign
from ledger.operations.audit import audit
from ledger.operations.status_lists import take_place
from tests.builders.commands import run
from tests.builders.permissions import assert_private
from tests.builders.server_processes import Serving, serving
from tests.builders.waiting import until


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "ledger"
    folder.mkdir(mode=0o755)
    done = run("init", "--dir", folder, "--name", "Town")
    assert done.code == 0, done.err
    with (folder / "hourledger.toml").open("a") as file:
        file.write("batch_seconds = 0.5\n")
    return folder


def a_record(folder: Path, number: int) -> Any:
    """The enrolment of a new volunteer."""
    with LedgerDir.at(folder) as home:
        key, ledger = number.to_bytes(32, "big"), home.ledger
        body = Volunteer(address_of(key), key, ZERO_ADDRESS, ledger.clock())
        return record_to_json(Record(body, (sign(ledger.ledger_id, body, "volunteer", key),)))


def anchored(server: Serving, record_id: str) -> bool:
    """Whether a record is in a batch that the chain holds."""
    proof = server.get(f"/v1/records/{record_id}/proof")
    return proof.status_code == 200 and bool(proof.json().get("anchors"))


def test_the_second_server_seals_and_anchors_when_the_first_is_killed(folder: Path) -> None:
    records = [a_record(folder, 100 + number) for number in range(4)]
    with serving(folder) as first:
        until(lambda: first.chores() == dict.fromkeys(CHORES, "running"))
        with serving(folder) as second:
            until(lambda: second.chores() == dict.fromkeys(CHORES, "standby"))
            early = second.post("/v1/records", records[0])
            assert early.status_code == 201, early.text
            until(lambda: anchored(first, early.json()["record_id"]))
            # A command that anchors is told to come later.
            told = run("anchor", "--dir", folder)
            assert (told.code, told.err.count("\n")) == (3, 1)
            assert "another process is at it now" in told.err
            first.kill()
            sent = [second.post("/v1/records", record) for record in records[1:]]
            assert [answer.status_code for answer in sent] == [201] * 3
            until(lambda: second.chores() == dict.fromkeys(CHORES, "running"))
            for answer in sent:
                name = answer.json()["record_id"]
                until(lambda name=name: anchored(second, name))  # type: ignore[misc]
            assert second.get("/readyz").status_code == 200
            assert "Traceback" not in second.errors.read_text()
    with LedgerDir.at(folder) as home:
        assert audit(home.ledger.engine).findings == []
    assert_private(folder)


def test_a_server_says_where_it_listens_and_what_it_serves(folder: Path) -> None:
    with serving(folder) as server:
        ledger_id = server.get("/v1/ledger").json()["ledger_id"]
        assert server.said == [
            f"Ledger: Town {ledger_id}",
            "Chain: embedded demonstration chain; nobody else witnesses it, it proves nothing to "
            "others",
            "Takes records in, seals and anchors them",
            f"Listening on {server.url}",
        ]
        assert_private(folder)
    url = "http://alice:hunter2@127.0.0.1:9/v3/SECRETAPIKEY"
    with serving(folder, "--read-only", HOURLEDGER_RPC=url) as server:
        assert server.said[1:3] == [
            "Chain: asked by http://127.0.0.1; no contract is remembered: `hourledger anchor "
            "--deploy`",
            "Read-only: takes nothing in, signs nothing, anchors nothing",
        ]
        assert server.get("/healthz").status_code == 200
        assert "SECRET" not in server.errors.read_text()


def certified(folder: Path, label: str) -> str:
    """An organisation whose key is in the keystore."""
    with LedgerDir.at(folder) as home:
        ledger, now = home.ledger, home.ledger.clock()
        own = address_of(home.keys.obtain(label))
        body = Organisation(
            own, "certify", "青禾大学", "大学", ZERO_ADDRESS, ZERO_ADDRESS, now, 0, now
        )
        key = home.keys.demand(AUTHORITY)
        ledger.append(Record(body, (sign(ledger.ledger_id, body, "authority", key),)))
    return own


def test_what_is_opened_while_a_server_runs_is_seen_by_it(folder: Path) -> None:
    with serving(folder) as server, LedgerDir.at(folder) as home:
        services = Services(home)
        own = certified(folder, "org")
        status_list = f"/organisations/{own}/status/1"
        assert server.get(status_list).status_code == 404
        assert (own in services.registry.issuers, own in services.registrar.keys) == (False, False)
        for kind in ("certificate", "credits"):
            done = run(kind, "delegate", own, "--as", "org", "--dir", folder)
            assert done.code == 0, done.err
        take_place(home.vault, own, "2345-6789-AB", lambda _: 7)
        assert server.get(status_list).status_code == 200
        assert list(services.registry.issuers) == list(services.registrar.keys) == [own]
        assert services.registry.issuers[own].organisation == own
        # What is destroyed is seen too.
        with LedgerDir.at(folder) as other:
            stored = next(k for k in other.keys.stored() if k.label.startswith("issuer "))
            other.keys.remove(stored.address)
        assert server.get(status_list).status_code == 404
        assert (own in services.registry.issuers, own in services.registrar.keys) == (False, True)
