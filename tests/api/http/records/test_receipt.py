"""Receipts over HTTP: with the acceptance, and afterwards for whoever may see the record."""

import json
from typing import Any

import pytest

from api.server.app import create_app
from ledger.core.documents import verify_bytes
from ledger.core.records.record import Record, record_to_json
from ledger.core.verify.checks import Report
from ledger.core.verify.pinned import only
from ledger.operations.ledger import Ledger
from ledger.operations.receipt import MARGIN_SECONDS
from ledger.operations.seal import seal
from tests.builders.http import Client, Open, SignedIn
from tests.builders.records import START, Town


@pytest.fixture
def record(town: Town, ledger: Ledger, activity: bytes) -> Record:
    """A credit hour that the ledger would take."""
    return town.served(ledger, "org", "ann", activity, START + 90000, 60, content=b"\7" * 32)


def path(town: Town, record: Record) -> str:
    return f"/v1/records/0x{town.id(record).hex()}/receipt"


def judged(client: Client, town: Town, record: Record) -> Report:
    answer = client.get(path(town, record))
    assert answer.headers["content-type"] == "application/vnd.hourledger.receipt+json"
    return verify_bytes(answer.content, pins=only(town.ledger), now=town.now)


def test_an_accepted_record_comes_with_its_receipt(
    client: Client, home: Open, town: Town, record: Record
) -> None:
    found: dict[str, Any] = client.post(record).json()["receipt"]
    assert found["entry"]["record"] == record_to_json(record)
    assert found["sealed_by"] == town.now + home.batch_seconds + MARGIN_SECONDS
    assert found["head"] is None
    assert client.get(path(town, record)).json()["note"] == found["note"]
    assert judged(client, town, record).verdict == "pending"


def test_a_duplicate_gets_the_same_receipt_later_and_after_the_seal(
    client: Client, ledger: Ledger, town: Town, record: Record
) -> None:
    first = client.post(record).json()["receipt"]
    town.now += 1000
    seal(ledger, town.log_key)
    assert client.post(record).json()["receipt"] == first


def test_who_puts_the_body_together_learns_no_signatures(
    client: Client, town: Town, ledger: Ledger, activity: bytes, record: Record
) -> None:
    """A record's id does not depend on its signatures, so a stranger's copy is a duplicate."""
    ledger.append(town.grant("org", "clerk", "service"))
    assert client.post(record).json()["receipt"] is not None
    again = client.post(town.record(record.body, ("organisation", "clerk")))
    assert (again.status_code, again.json()["receipt"]) == (200, None)


def test_after_the_seal_it_shows_the_head_that_kept_it(
    client: Client, town: Town, ledger: Ledger, record: Record
) -> None:
    ledger.append(record)
    seal(ledger, town.log_key)
    report = judged(client, town, record)
    held = {check.name: check.ok for check in report.checks}
    assert (report.verdict, held["promise"]) == ("pending", True)


def test_one_taken_in_bulk_has_a_receipt_too(client: Client, town: Town, record: Record) -> None:
    client.bulk(json.dumps(record_to_json(record)).encode())
    assert judged(client, town, record).verdict == "pending"


def test_a_record_that_was_not_taken_has_none(client: Client, town: Town, record: Record) -> None:
    assert client.get(path(town, record)).status_code == 404


def test_an_id_that_can_be_guessed_opens_no_receipt(
    client: Client, signed_in: SignedIn, town: Town, ledger: Ledger, activity: bytes
) -> None:
    plain = town.grant("org", "clerk", "service")
    ledger.append(plain)
    assert client.get(path(town, plain)).status_code == 404
    assert signed_in("bob").get(path(town, plain)).status_code == 404
    assert judged(signed_in("org"), town, plain).verdict == "pending"


def test_a_server_that_only_reads_signs_nothing(
    home: Open, town: Town, ledger: Ledger, service: Record
) -> None:
    reading = Client(create_app(home, read_only=True))
    answer = reading.get(path(town, service))
    assert answer.status_code == 404
    assert "note" not in answer.text
