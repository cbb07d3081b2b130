"""Whoever holds keys of authorities or of the log: both verifiers, one verdict on his charters."""

import base64
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from ledger.core.records.decode import decode_entry
from ledger.core.records.record import record_to_json
from ledger.core.trees.notes import open_checkpoint, parse_tlog_proof
from ledger.core.verify.attestation import verify_attestation
from ledger.core.verify.record import verify
from ledger.operations.attest import attest
from ledger.operations.prove_account import statement
from ledger.operations.receipt import head_at, receipt
from ledger.operations.transcript import transcript
from tests.builders.both_verifiers import compare
from tests.builders.councils import MEMBERS, NEW_LOG, Council, rising
from tests.builders.records import address
from tests.vectors.charters import (
    CHARTERS,
    FILE,
    charter_file,
    misplaced,
    rotated,
    stolen,
    vectors,
)

File = dict[str, Any]


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Council:
    return Council(tmp_path_factory.mktemp("council"))


@pytest.fixture(scope="module")
def files(council: Council) -> dict[str, File]:
    """Hours from before and after a charter that gives the log another key."""
    index, found = rotated(council)
    return found | {"c": {"index": index}}


def judge(council: Council, *named: tuple[str, File]) -> list[str]:
    found = [(name, json.dumps(file).encode()) for name, file in named]
    return compare(found, "0x" + council.town.ledger.hex(), council.town.now)


def reasons(file: File, check: str) -> str:
    return next(c.reason for c in verify(file).checks if c.name == check)


def test_proofs_hold_under_the_key_for_their_size(council: Council, files: dict[str, File]) -> None:
    named = [(name, files[name]) for name in ("before", "old", "new")]
    assert judge(council, *named) == ["pending"] * 3
    assert [len(file["charters"]) for _, file in named] == [0, 1, 1]


def test_every_document_carries_the_charters(council: Council, files: dict[str, File]) -> None:
    ledger, ann = council.ledger, address("ann")
    entry = decode_entry(files["new"]["record"]["entry"])
    nowhere: Callable[[int, int], list[Any]] = lambda *_: []  # noqa: E731
    found = {
        "statement": statement(ledger, ann, nowhere),
        "transcript": transcript(ledger, ann, 0, 2**40, nowhere),
        "receipt": receipt(
            ledger, NEW_LOG, council.town.id(entry.record), 5, head_at(ledger, entry.index, nowhere)
        ),
    }
    assert all(len(file["charters"]) == 1 for file in found.values())
    assert judge(council, *found.items()) == ["pending"] * 3
    asked = {"condition": "credit_hours", "at_least": 1, "presenter": ann, "gate": "0x" + "1" * 64}
    file = attest(ledger, NEW_LOG, ann, asked)
    assert len(file["charters"]) == 1
    assert verify_attestation(file).verdict == "unchecked"
    assert verify_attestation({**file, "charters": []}).verdict == "invalid"
    pathed = [{**one, "path": base64.b64encode(bytes(32)).decode()} for one in file["charters"]]
    assert verify_attestation({**file, "charters": pathed}).verdict == "invalid"


def test_a_lost_or_stolen_log_key_signs_nothing_from_the_charter_on(
    council: Council, files: dict[str, File]
) -> None:
    forged = stolen(files)
    assert judge(council, *forged.items()) == ["invalid"] * len(forged)
    left_out = forged["the old key, the charter left out"]
    assert reasons(left_out, "status") == "the seal is of other charters than the file shows"
    late = forged["the new key for an old size, the charter shown"]
    least = files["c"]["index"] + 2
    assert reasons(late, "checkpoint") == f"the log key of charter 2 signs no head below {least}"


def test_nobody_says_where_a_charter_stands_but_the_log(
    council: Council, files: dict[str, File]
) -> None:
    forged = misplaced(files["c"]["index"], files["new"])
    assert set(judge(council, *forged.items())) == {"invalid"}


@pytest.mark.parametrize("name", CHARTERS)
def test_a_charter_that_its_signers_may_not_make_is_refused_by_both(
    council: Council, files: dict[str, File], name: str
) -> None:
    signers, changes, reason = CHARTERS[name]
    file = charter_file(council, files["new"], *signers, **changes)
    assert judge(council, (name, file)) == ["invalid"]
    assert reasons(file, "format") == reason


def test_an_unknown_module_is_no_fault_of_the_file(
    council: Council, files: dict[str, File]
) -> None:
    file = charter_file(council, files["new"], modules=("hours/2", "mall/1"))
    file["record"]["entry"]["record"]["kind"] = "order"
    said = "charter 2 names mall/1, which this program does not know"
    assert judge(council, ("a module", file)) == ["unchecked"]
    assert reasons(file, "format") == said
    unsigned = charter_file(council, files["new"], "mayor", modules=("hours/2", "mall/1"))
    assert judge(council, ("a module by one", unsigned)) == ["invalid"]


def test_whoever_lost_his_office_certifies_nobody_any_more(tmp_path: Path) -> None:
    council = Council(tmp_path)
    index = council.adopt(*MEMBERS, authorities=rising("authority", "mayor"), threshold=2)
    proven = council.bundle(council.serve(0))
    certificate = deepcopy(proven)
    entry = certificate["certification"]
    body = decode_entry(entry).record.body
    entry["record"] = record_to_json(council.record(body, "mayor", "warden"))
    assert entry["index"] < index
    assert judge(council, ("by the old council", certificate)) == ["pending"]
    entry["index"] = index + 2
    assert judge(council, ("after it was left", certificate)) == ["invalid"]


def test_a_file_of_charters_is_as_long_as_it_must_be(
    council: Council, files: dict[str, File]
) -> None:
    shown = files["new"]["charters"][0]
    assert len(json.dumps(shown)) < 3000
    assert len(base64.b64decode(shown["path"])) % 32 == 0
    head = parse_tlog_proof(files["new"]["record"]["tlog_proof"]).checkpoint
    public = NEW_LOG.public_key().public_bytes_raw()
    assert open_checkpoint(head, council.town.body.origin, public).size > files["c"]["index"]


def test_both_verifiers_judge_the_published_files_as_they_say() -> None:
    published = json.loads(FILE.read_text(encoding="utf-8"))
    named = [(v["name"], json.dumps(v["file"]).encode()) for v in published["files"]]
    assert compare(named, published["ledger_id"]) == [v["verdict"] for v in published["files"]]


def test_the_published_files_are_those_that_are_printed() -> None:
    assert vectors() == json.loads(FILE.read_text(encoding="utf-8"))
