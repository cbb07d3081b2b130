"""Appending over HTTP: what is taken, what is refused with which code, and that nothing else is."""

import json
import threading
from dataclasses import replace
from typing import Any

import pytest

from api.http.kernel import examples
from api.server.app import create_app
from ledger.core.format.limits import RECORD_BYTES_MAX
from ledger.core.records.decode import decode_record
from ledger.core.records.record import Record, record_to_json
from ledger.core.records.signing import CURVE_ORDER, check_signatures
from ledger.errors import Unavailable
from ledger.operations.audit import audit
from ledger.operations.ledger import Ledger
from tests.builders.http import CHUNK, Client, Open, Stream
from tests.builders.records import START, Town, address


@pytest.fixture
def record(town: Town, ledger: Ledger, activity: bytes) -> Record:
    """A credit hour that the ledger would take."""
    return town.served(ledger, "org", "ann", activity, START + 90000, 60)


@pytest.fixture
def plain(record: Record) -> dict[str, Any]:
    return record_to_json(record)


def refused(client: Client, content: object, media_type: str = "application/json") -> str:
    """The code with which a body is refused; checks the document."""
    answer = client.post(content, media_type)  # type: ignore[arg-type]
    document = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert 400 <= answer.status_code < 500
    assert answer.status_code == document["status"]
    assert document["type"] == f"/problems/{document['code']}"
    assert document["title_zh"]
    return str(document["code"])


def test_an_accepted_record_has_an_address(client: Client, town: Town, record: Record) -> None:
    answer = client.post(record)
    assert answer.status_code == 201
    told = answer.json()
    assert told.pop("receipt") is not None
    assert told == {
        "record_id": "0x" + town.id(record).hex(),
        "index": 10,
        "accepted_at": town.now,
        "duplicate": False,
    }
    assert client.get(answer.headers["location"]).json()["entry"]["index"] == 10


def test_the_same_record_again_is_the_same_receipt(client: Client, record: Record) -> None:
    first, again = client.post(record), client.post(record)
    assert again.status_code == 200
    assert again.json() == {**first.json(), "duplicate": True}


def test_twenty_threads_with_one_record_make_one_entry(
    client: Client, ledger: Ledger, record: Record
) -> None:
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(client.post(record).status_code))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] * 19 + [201]
    assert ledger.size == 11
    assert audit(ledger.engine).findings == []


def test_a_refusal_that_was_remembered_stays_a_conflict(
    client: Client, town: Town, ledger: Ledger, activity: bytes
) -> None:
    transfer = town.transfer("ann", "bob", 1)
    for _ in range(2):
        answer = client.post(transfer)
        assert (answer.status_code, answer.json()["code"]) == (409, "NO_COINS")
        client.post(town.served(ledger, "org", "ann", activity, START + 90000, 60))


def test_a_rule_that_may_hold_later_is_no_conflict(
    client: Client, town: Town, ledger: Ledger
) -> None:
    assert client.post(town.enrol("ann")).json()["code"] == "NOT_OPEN"
    client.post(town.genesis())
    assert client.post(town.enrol("ann")).status_code == 201


BYTES = {
    "nothing": (b"", "NOT_JSON"),
    "broken JSON": (b'{"kind": "service"', "NOT_JSON"),
    "two documents": (b"{}{}", "NOT_JSON"),
    "NaN": (b'{"kind": NaN}', "NOT_JSON"),
    "a float": (b'{"kind": 1.0}', "NOT_JSON"),
    "an exponent": (b'{"kind": 1e2}', "NOT_JSON"),
    "a huge integer": (b'{"kind": ' + b"9" * 5000 + b"}", "NOT_JSON"),
    "invalid UTF-8": (b'{"kind": "\xff"}', "NOT_JSON"),
    "UTF-16": ('{"kind": "x"}'.encode("utf-16"), "NOT_JSON"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "NOT_JSON"),
    "a repeated key": (b'{"kind": "a", "kind": "b"}', "NOT_JSON"),
    "deep nesting": (b"[" * 10000 + b"]" * 10000, "TOO_LARGE"),
    "no object": (b"[]", "BAD_FORM"),
    "null": (b"null", "BAD_FORM"),
    "an unknown kind": (b'{"kind": "x", "body": {}, "signatures": []}', "UNKNOWN_KIND"),
    "a kind of another type": (b'{"kind": [], "body": {}, "signatures": []}', "UNKNOWN_KIND"),
    "a lone surrogate as a key": (
        b'{"kind": "volunteer", "body": {"\\ud800": 1}, "signatures": []}',
        "BAD_FORM",
    ),
    "a lone surrogate as a kind": (
        b'{"kind": "\\ud800", "body": {}, "signatures": []}',
        "UNKNOWN_KIND",
    ),
}


@pytest.mark.parametrize("name", BYTES)
def test_bytes_that_are_no_record_are_refused(
    client: Client, ledger: Ledger, activity: bytes, name: str
) -> None:
    before = ledger.size
    data, code = BYTES[name]
    assert refused(client, data) == code
    (answer,) = client.bulk(data.replace(b"\n", b"") or b"{")
    assert (answer["outcome"], answer["code"]) == ("refused", code)
    assert ledger.size == before


BODIES = {
    "minutes as a float": ("minutes", 60.0, "NOT_JSON"),
    "minutes as text": ("minutes", "60", "BAD_VALUE"),
    "minutes as a boolean": ("minutes", True, "BAD_VALUE"),
    "no minutes": ("minutes", 0, "BAD_VALUE"),
    "negative minutes": ("minutes", -60, "BAD_VALUE"),
    "a time beyond 2^53": ("started_at", 2**53, "NOT_JSON"),
    "an address in lower case": ("volunteer", address("ann").lower(), "BAD_VALUE"),
    "a short hash": ("content", "0x00", "BAD_VALUE"),
    "an object for a list": ("evidence", {}, "BAD_VALUE"),
    "an unknown field": ("name", "Ann", "BAD_FORM"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_field_of_the_wrong_type_is_refused(
    client: Client, ledger: Ledger, plain: dict[str, Any], name: str
) -> None:
    before = ledger.size
    field, value, code = BODIES[name]
    plain["body"][field] = value
    assert refused(client, plain) == code
    assert ledger.size == before


def with_signature(record: Record, change: str) -> Record:
    """The record with its first signature in a form that ordinary recovery would take."""
    first = record.signatures[0]
    r, s, v = first.signature[:32], first.signature[32:64], first.signature[64]
    forms = {
        "high s": r
        + (CURVE_ORDER - int.from_bytes(s, "big")).to_bytes(32, "big")
        + bytes((55 - v,)),
        "v of 0 or 1": r + s + bytes((v - 27,)),
        "zeroes": bytes(64) + b"\x1b",
    }
    return replace(
        record, signatures=(replace(first, signature=forms[change]), *record.signatures[1:])
    )


@pytest.mark.parametrize("change", ["high s", "v of 0 or 1", "zeroes"])
def test_a_loose_signature_is_refused(
    client: Client, ledger: Ledger, record: Record, change: str
) -> None:
    before = ledger.size
    assert refused(client, with_signature(record, change)) == "BAD_SIGNATURE"
    assert ledger.size == before


def test_swapped_roles_are_refused(
    client: Client, town: Town, ledger: Ledger, activity: bytes
) -> None:
    first, second = town.honour("org", "second", "ann", START + 90000, 60).signatures
    hour = town.honour("org", "second", "ann", START + 90000, 60)
    swapped = (replace(second, role=first.role), replace(first, role=second.role))
    assert refused(client, replace(hour, signatures=swapped)) == "SIGNER_NOT_ALLOWED"
    assert refused(client, replace(hour, signatures=(first,))) == "WRONG_ROLES"
    assert refused(client, replace(hour, signatures=(first, first))) == "WRONG_ROLES"
    assert ledger.size == 8


def test_a_time_that_has_not_come_is_refused(
    client: Client, town: Town, ledger: Ledger, activity: bytes
) -> None:
    future = town.credit("org", "ann", activity, START + 90000, 60, issued_at=town.now + 1000)
    assert refused(client, future) == "FROM_THE_FUTURE"
    assert ledger.size == 8


@pytest.mark.parametrize(
    "headers",
    [
        {"media_type": "text/plain"},
        {"media_type": ""},
        {"media_type": "application/x-www-form-urlencoded"},
        {"media_type": "application/json; charset=utf-16"},
        {"media_type": "application/json", "Content-Encoding": "gzip"},
    ],
)
def test_another_media_type_is_not_read(
    client: Client, ledger: Ledger, record: Record, headers: dict[str, str]
) -> None:
    before = ledger.size
    answer = client.post(record, **headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "WRONG_MEDIA_TYPE")
    assert ledger.size == before


@pytest.mark.parametrize("media_type", ["application/json", 'Application/JSON; charset="UTF-8"'])
def test_json_in_utf8_may_be_spelled_in_other_ways(
    client: Client, record: Record, media_type: str
) -> None:
    assert client.post(record, media_type).status_code == 201


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "10"}, {"Content-Length": "104857600"}])
def test_a_body_without_end_is_cut_off_at_the_limit(
    client: Client, activity: bytes, headers: dict[str, str]
) -> None:
    stream = Stream(100 * 1024 * 1024)
    answer = client.post(stream, **headers)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")
    assert answer.headers["connection"] == "close"
    # The client end reads one chunk ahead.
    assert stream.taken <= RECORD_BYTES_MAX + 2 * len(CHUNK)


def test_a_record_of_exactly_the_limit_is_read(client: Client, plain: dict[str, Any]) -> None:
    data = json.dumps(plain).encode()
    assert refused(client, data + b" " * (RECORD_BYTES_MAX + 1 - len(data))) == "TOO_LARGE"
    assert client.post(data + b" " * (RECORD_BYTES_MAX - len(data))).status_code == 201


def test_a_busy_database_says_when_to_come_again(
    client: Client, ledger: Ledger, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_: object) -> None:
        raise Unavailable("the database is busy")

    monkeypatch.setattr(ledger, "append_many", busy)
    answer = client.post(record)
    assert (answer.status_code, answer.json()["code"]) == (503, "UNAVAILABLE")
    assert int(answer.headers["retry-after"]) > 0


def test_the_record_of_the_document_is_a_real_one(home: Open) -> None:
    stated = create_app(home).openapi()["paths"]["/v1/records"]["post"]["requestBody"]
    example = stated["content"]["application/json"]["examples"]["service"]["value"]
    found = check_signatures(bytes.fromhex(examples.LEDGER_ID[2:]), decode_record(example))
    assert "0x" + found.hex() == examples.RECORD_ID
