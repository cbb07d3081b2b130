"""Our credentials pass the schemas of W3C and 1EdTech, which do refuse what is wrong."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from jsonschema import Draft201909Validator, Draft202012Validator, FormatChecker
from jsonschema.protocols import Validator

from api.certificates.credential import Credential, StatusEntry, to_document
from api.certificates.signed import signed_credential, with_ledger_proof
from api.certificates.status_list import signed_list
from api.certificates.times import read_stamp
from tests.builders.any_statements import CREDENTIALS
from tests.builders.printed_certificates import statement
from tests.builders.status_lists import MADE

FOLDER = Path(__file__).parents[2] / "standards"
KEY = Ed25519PrivateKey.from_private_bytes(bytes([5]) * 32)
PROOF = {"genesis": {"log_key": "0x" + "11" * 32}}
FORMATS = FormatChecker(["date"])
FORMATS.checks("date-time")(lambda text: type(text) is not str or read_stamp(text) is not None)


def schema(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


BADGE: Validator = Draft201909Validator(
    schema("ob_v3p0_achievementcredential_schema"), format_checker=FORMATS
)
W3C: Validator = Draft202012Validator(schema("vc_v2_credential_schema"), format_checker=FORMATS)


@pytest.fixture
def signed() -> dict[str, Any]:
    status = StatusEntry("https://hours.example.org/status/1", 4711)
    return signed_credential(statement(4, "zh-Hant"), KEY, "hours.example.org", status)


def test_the_schemas_are_schemas() -> None:
    Draft201909Validator.check_schema(BADGE.schema)
    Draft202012Validator.check_schema(W3C.schema)


@given(CREDENTIALS)
def test_any_credential_passes_both(credential: Credential) -> None:
    document = to_document(credential)
    assert [error.message for error in BADGE.iter_errors(document)] == []
    assert [error.message for error in W3C.iter_errors(document)] == []


def test_signed_ones_pass_with_and_without_the_ledger_s_proof(signed: dict[str, Any]) -> None:
    for document in (signed, with_ledger_proof(signed, PROOF)):
        for judge in (BADGE, W3C):
            assert [error.message for error in judge.iter_errors(document)] == []


def test_a_status_list_passes_w3c_s() -> None:
    assert [error.message for error in W3C.iter_errors(signed_list(MADE, KEY))] == []


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.pop("id"),
        lambda d: d.pop("validFrom"),
        lambda d: d.update(validFrom="yesterday"),
        lambda d: d.update(type=["VerifiableCredential"]),
        lambda d: d["@context"].reverse(),
        lambda d: d["issuer"].update(type=["Organisation"]),
        lambda d: d["issuer"]["otherIdentifier"][0].update(identifierType="address"),
        lambda d: d["issuer"]["otherIdentifier"][0].update(more=1),
        lambda d: d["credentialSubject"].pop("achievement"),
        lambda d: d["credentialSubject"].update(licenseNumber=128),
        lambda d: d["credentialSubject"].update(activityStartDate="2026"),
        lambda d: d["credentialSubject"]["achievement"].update(achievementType="Volunteering"),
        lambda d: d["credentialSubject"]["achievement"].update(inLanguage="Chinese"),
        lambda d: d["credentialSubject"]["achievement"].pop("criteria"),
        lambda d: d["credentialSubject"]["achievement"]["resultDescription"][0].pop("resultType"),
        lambda d: d["credentialSubject"]["result"][0].update(value=450),
        lambda d: d["credentialSubject"]["identifier"][0].pop("hashed"),
        lambda d: d["evidence"][0].update(type="Evidence"),
        lambda d: d["evidence"][0].update(genre=1),
        lambda d: d.update(proof=d["proof"][0]),
        lambda d: d["proof"][0].update(created="today"),
        lambda d: d["credentialStatus"].pop("id"),
    ],
)
def test_open_badges_refuse(
    signed: dict[str, Any], change: Callable[[dict[str, Any]], object]
) -> None:
    changed = copy.deepcopy(signed)
    change(changed)
    assert not BADGE.is_valid(changed)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.pop("issuer"),
        lambda d: d.pop("credentialSubject"),
        lambda d: d.update(type=["OpenBadgeCredential"]),
        lambda d: d["@context"].pop(0),
        lambda d: d["issuer"].pop("id"),
        lambda d: d.update(validFrom="2026-03-04"),
        lambda d: d["credentialStatus"].pop("type"),
        lambda d: d["evidence"][0].pop("type"),
        lambda d: d["proof"][0].pop("proofPurpose"),
        lambda d: d["proof"][0].pop("verificationMethod"),
    ],
)
def test_w3c_refuses(signed: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> None:
    changed = copy.deepcopy(signed)
    change(changed)
    assert not W3C.is_valid(changed)
