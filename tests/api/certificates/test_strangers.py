"""A stranger's verifier, Digital Bazaar's from npm, accepts our credentials and nothing changed."""

import copy
import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.certificates.credential import StatusEntry
from api.certificates.did import did_document
from api.certificates.signed import signed_credential, with_ledger_proof
from api.certificates.status_list import encode_bits, signed_list
from tests.builders.certificates import CertifyingLedger
from tests.builders.printed_certificates import statement
from tests.builders.signed_twice import without_rdf
from tests.builders.status_lists import MADE
from tests.builders.waiting import PATIENCE

KEY = Ed25519PrivateKey.from_private_bytes(bytes([5]) * 32)
STATUS = StatusEntry("https://hours.example.org/status/1", 4711)
NOW = 1900000000
SCRIPT = Path(__file__).with_name("stranger.mjs")


def judged(
    credentials: list[dict[str, Any]], now: int = NOW, dids: Sequence[dict[str, Any]] = ()
) -> list[dict[str, Any]]:
    lines = [json.dumps({"credential": c, "now": now, "dids": list(dids)}) for c in credentials]
    done = subprocess.run(
        ["node", str(SCRIPT)],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def strings(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for name, item in items:
        if isinstance(item, dict | list):
            yield from strings(item, (*path, name))
        else:
            yield (*path, name)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CertifyingLedger]:
    world = CertifyingLedger(tmp_path)
    world.seal()
    yield world
    world.ledger.close()
    world.ledger.engine.dispose()


def test_accepts_our_credentials_in_each_language_and_knows_every_term() -> None:
    made = [signed_credential(statement(4, name), KEY) for name in ("zh-Hans", "zh-Hant", "en")]
    made.append(signed_credential(statement(4, "en"), KEY, "", STATUS))
    assert judged(made) == [{"verified": True, "error": None, "expanded": True}] * 4


def test_accepts_them_with_the_ledger_s_proof_beside_the_signature(
    world: CertifyingLedger,
) -> None:
    file = with_ledger_proof(signed_credential(statement(4, "en"), KEY), world.proof())
    assert judged([file]) == [{"verified": True, "error": None, "expanded": True}]


def test_accepts_a_did_web_issuer_by_its_document_alone() -> None:
    stated, keys = statement(1, "en"), (bytes(32), KEY.public_key().public_bytes_raw())
    signed = signed_credential(stated, KEY, "hours.example.org")
    ours = did_document("hours.example.org", stated.organisation, keys)
    other = did_document("hours.example.org", stated.organisation, keys[:1])
    assert judged([signed], dids=[ours])[0]["verified"]
    assert not judged([signed], dids=[other])[0]["verified"]
    assert not judged([signed])[0]["verified"]


def test_accepts_our_status_list_and_none_with_a_changed_bit() -> None:
    signed = signed_list(MADE, KEY)
    forged = copy.deepcopy(signed)
    forged["credentialSubject"]["encodedList"] = encode_bits(bytes(len(MADE.bits)))
    right, wrong = judged([signed, forged], MADE.valid_from + 1)
    assert right == {"verified": True, "error": None, "expanded": True}
    assert not wrong["verified"]


def test_accepts_none_with_a_changed_member() -> None:
    # Of two signatures it checks the one that it knows.
    signed = without_rdf(signed_credential(statement(2, "en"), KEY, "", STATUS))
    changed = []
    for path in strings(signed):
        forged = copy.deepcopy(signed)
        node: Any = forged
        for name in path[:-1]:
            node = node[name]
        node[path[-1]] = node[path[-1]] + "x" if isinstance(node[path[-1]], str) else 1
        changed.append(forged)
    for name in signed:
        changed.append({key: value for key, value in signed.items() if key != name})
    verdicts = judged(changed)
    assert len(verdicts) == len(changed)
    assert [answer for answer in verdicts if answer["verified"]] == []


def test_accepts_none_before_its_time_of_issue() -> None:
    stated = statement(1, "en")
    signed = signed_credential(stated, KEY)
    verdicts = [judged([signed], stated.issued_at + shift)[0]["verified"] for shift in (-3600, 1)]
    assert verdicts == [False, True]
