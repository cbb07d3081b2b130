"""The published records are exactly what the library makes and takes."""

import json
from hashlib import sha256
from typing import Any

import pytest

from ledger.core.records.decode import decode_record, parse_json, read_entry
from ledger.core.records.record import ledger_id, record_id, record_to_json
from ledger.core.records.signing import address_of, check_signatures
from tests.vectors.generate import FILE, rendered
from tests.vectors.typed_data import TYPES

PUBLISHED: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
RECORDS: list[dict[str, Any]] = PUBLISHED["records"]


def raw(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def test_a_fresh_generation_gives_the_published_bytes() -> None:
    hint = "run: python -m tests.vectors.generate"
    assert FILE.read_text(encoding="utf-8") == rendered(), hint


def test_every_kind_is_published() -> None:
    assert {vector["kind"] for vector in RECORDS} == set(TYPES)
    sheets = [claim for v in RECORDS for claim in v["signatures"] if "sheet" in claim]
    assert [claim["sheet"]["index"] for claim in sheets] == [0, 1, 2]


def test_the_ledger_id_is_that_of_the_genesis() -> None:
    body = decode_record({"kind": "genesis", "body": RECORDS[0]["body"], "signatures": []}).body
    assert ledger_id(body) == raw(PUBLISHED["ledger_id"])  # type: ignore[arg-type]


def test_the_signing_keys_are_those_of_their_addresses() -> None:
    for address, key in PUBLISHED["signing_keys"].items():
        assert address_of(raw(key)) == address


@pytest.mark.parametrize("vector", RECORDS, ids=lambda vector: vector["name"])
def test_a_published_record_decodes_signs_and_hashes_to_what_is_stated(
    vector: dict[str, Any],
) -> None:
    data = vector["entry"].encode()
    entry = read_entry(data)
    assert entry.to_bytes() == data
    assert entry.leaf() == raw(vector["leaf_hash"]) == sha256(b"\x00" + data).digest()
    plain = {name: vector[name] for name in ("kind", "body", "signatures")}
    record = decode_record(parse_json(json.dumps(plain).encode()))
    assert record == entry.record
    assert record_to_json(record) == plain
    ledger = raw(PUBLISHED["ledger_id"])
    assert check_signatures(ledger, record) == raw(vector["digest"])
    assert record_id(ledger, record.body) == raw(vector["digest"])
