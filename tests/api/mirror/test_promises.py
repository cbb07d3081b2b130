"""Receipts given to a mirror: kept ones are counted, a broken one is an alarm with its evidence."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.server.app import create_app
from ledger.core.documents import verify_bytes
from ledger.core.records.decode import decode_entry
from ledger.core.records.record import Entry
from ledger.core.verify.pinned import only
from ledger.core.verify.receipt import promised
from ledger.operations.receipt import receipt
from tests.builders.mirrors import Stage, changing


def written(stage: Stage, value: object, name: str = "mine.json") -> Path:
    file = stage.root / name
    file.write_text(json.dumps(value), encoding="utf-8")
    return file


def promise(stage: Stage) -> dict[str, Any]:
    """The receipt of the activity, which the log holds."""
    return receipt(stage.ledger, stage.town.log_key, stage.activity, 5)


def lie(stage: Stage, **changes: Any) -> dict[str, Any]:
    """A promise by the log key of what its log does not hold."""
    made = promise(stage)
    entry: Entry = replace(decode_entry(made["entry"]), **changes)
    return promised(stage.ledger.root(), entry, entry.accepted_at + 65, stage.town.log_key)


def test_a_promise_that_was_kept_is_counted(stage: Stage) -> None:
    done = stage.mirror("--receipt", written(stage, promise(stage)))
    assert done.code == 0, done.out
    assert "1 receipt, kept: 1" in done.out


def test_another_entry_in_its_place_is_an_alarm_that_everybody_can_check(stage: Stage) -> None:
    made = lie(stage, record=stage.town.enrol("whom nobody knows"))
    done = stage.mirror("--receipt", written(stage, made))
    assert done.code == 1
    assert "ALARM batch 1: holds another entry at index 7 than mine.json promised" in done.err
    shown = stage.evidence()["receipt.json"].encode()
    assert verify_bytes(shown, pins=only(stage.town.ledger)).verdict == "broken"


@pytest.mark.parametrize("body", [b"", b"{}", b'{"head": 1}'])
def test_a_server_that_answers_nothing_of_use_hides_no_other_entry(
    stage: Stage, body: bytes
) -> None:
    made = lie(stage, record=stage.town.enrol("whom nobody knows"))
    stage.server.app = changing(create_app(stage.home), "/v1/heads", lambda _: body)
    done = stage.mirror("--receipt", written(stage, made))
    assert done.code == 1
    assert "ALARM batch 1: holds another entry at index 7" in done.err
    assert json.loads(stage.evidence()["receipt.json"])["head"] is None


def test_a_log_that_ends_before_what_was_due_is_an_alarm(stage: Stage) -> None:
    made = lie(stage, index=10**6)
    stage.town.now += 1000
    stage.grow()
    done = stage.mirror("--receipt", written(stage, made))
    assert done.code == 1
    assert "ends before entry 1000000, which mine.json promised" in done.err
    assert (
        verify_bytes(
            stage.evidence()["receipt.json"].encode(), pins=only(stage.town.ledger)
        ).verdict
        == "broken"
    )


def test_what_is_not_due_yet_is_no_alarm_and_not_counted(stage: Stage) -> None:
    record = stage.town.enrol("eve")
    stage.ledger.append(record)
    made = receipt(stage.ledger, stage.town.log_key, stage.town.id(record), 5)
    done = stage.mirror("--receipt", written(stage, made))
    assert done.code == 0, done.out
    assert "1 receipt, kept: 0" in done.out


def test_a_receipt_by_a_stranger_accuses_nobody(stage: Stage) -> None:
    made = promise(stage)
    entry = replace(decode_entry(made["entry"]), index=10**6)
    stranger = Ed25519PrivateKey.generate()
    false = promised(stage.ledger.root(), entry, made["sealed_by"], stranger)
    done = stage.mirror("--receipt", written(stage, false))
    assert done.code == 2
    assert not (stage.kept / "evidence").exists()
