"""An issuer signs in two suites. Each verifier checks those it knows, names the others, and takes
none for the other; what each says of a file that one of them would be fooled by."""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.certificates import data_integrity
from api.certificates.checking import verify_any
from api.certificates.data_integrity import JCS, RDFC, Signed
from api.certificates.did import method_of, web_did
from api.certificates.rdf import CONTEXTS, canonical
from api.certificates.signed import (
    for_other_programs,
    ledger_proof_of,
    read_signed,
    signed_credential,
    with_ledger_proof,
)
from ledger.core.verify.checks import Report
from ledger.core.verify.pinned import only
from ledger.errors import NotFound, ProofError
from tests.builders.both_verifiers import LEDGER, Chains, by_browser
from tests.builders.certificate_files import DOMAIN, ISSUER_KEY, PUBLIC, issuing_ledger
from tests.builders.printed_certificates import statement
from tests.builders.records import address
from tests.builders.signed_twice import own, with_proofs

OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)
UNKNOWN = {"type": "DataIntegrityProof", "cryptosuite": "mldsa44-jcs-2024", "proofValue": "u"}
ELSE = {"type": "Ed25519Signature2020", "proofValue": "z"}
File = dict[str, Any]


@pytest.fixture(scope="module")
def files() -> Iterator[tuple[File, File]]:
    """Two true certificates of one issuer."""
    with TemporaryDirectory() as folder, issuing_ledger(Path(folder)) as made:
        first, second = made.issue("2023-1"), made.issue("2023-2")
        made.seal()
        yield made.file(first), made.file(second)


def ours(file: File) -> Report:
    data = json.dumps(file).encode()
    return verify_any(data, Chains(), pins=only(bytes.fromhex(LEDGER[2:])))


def credential_check(file: File) -> tuple[str, str, str, str]:
    """(verdict, reason) of the library and of the browser, the reason of the check that matters."""
    report = ours(file)
    (theirs,) = by_browser([json.dumps(file).encode()])
    told = {check.name: check.reason for check in report.checks}
    tells = {check["name"]: check["reason"] for check in theirs["checks"]}
    return report.verdict, told["credential"], theirs["verdict"], tells["credential"]


def broken(proof: File) -> File:
    return {**proof, "created": "2001-02-03T04:05:06Z"}


def by_another(file: File, suite: str, name: str | None = None) -> File:
    """A proof of the file by another key; `name` in place of that key's own."""
    bare = {n: v for n, v in file.items() if n != "proof"}
    public = OTHER_KEY.public_key().public_bytes_raw()
    method = name or method_of(web_did(DOMAIN, address("org")), public)
    return own({"proof": [data_integrity.sign(bare, OTHER_KEY, method, 0, suite)["proof"]]}, suite)


DOES_NOT_HOLD = "the issuer's signature does not hold"
BESIDE = "; not checked here: "
SIGNED = "org signed it, and recorded it as number 2023-1"
NO_WAY = "it is signed in no way that is known here, but by "
Case = tuple[Callable[[File, File], list[File]], tuple[str, str], tuple[str, str]]

CASES: dict[str, Case] = {
    "as issued": (
        lambda a, b: [own(a), own(a, RDFC)],
        ("valid", SIGNED),
        ("valid", SIGNED + BESIDE + RDFC),
    ),
    "the other way round": (
        lambda a, b: [own(a, RDFC), own(a)],
        ("valid", SIGNED),
        ("valid", SIGNED + BESIDE + RDFC),
    ),
    "the first alone": (lambda a, b: [own(a)], ("valid", SIGNED), ("valid", SIGNED)),
    "the second alone": (
        lambda a, b: [own(a, RDFC)],
        ("valid", SIGNED),
        ("unchecked", NO_WAY + RDFC),
    ),
    "the first of another certificate": (
        lambda a, b: [own(b), own(a, RDFC)],
        ("invalid", DOES_NOT_HOLD),
        ("invalid", DOES_NOT_HOLD),
    ),
    "the second of another certificate": (
        lambda a, b: [own(a), own(b, RDFC)],
        ("invalid", DOES_NOT_HOLD),
        ("valid", SIGNED + BESIDE + RDFC),
    ),
    "both of another certificate": (
        lambda a, b: [own(b), own(b, RDFC)],
        ("invalid", DOES_NOT_HOLD),
        ("invalid", DOES_NOT_HOLD),
    ),
    "the signature of one suite under the name of the other": (
        lambda a, b: [{**own(a), "proofValue": own(a, RDFC)["proofValue"]}],
        ("invalid", DOES_NOT_HOLD),
        ("invalid", DOES_NOT_HOLD),
    ),
    "the second under the name of the first": (
        lambda a, b: [{**own(a, RDFC), "cryptosuite": JCS}],
        ("invalid", DOES_NOT_HOLD),
        ("invalid", DOES_NOT_HOLD),
    ),
    "the first broken": (
        lambda a, b: [broken(own(a)), own(a, RDFC)],
        ("invalid", DOES_NOT_HOLD),
        ("invalid", DOES_NOT_HOLD),
    ),
    "the second broken": (
        lambda a, b: [own(a), broken(own(a, RDFC))],
        ("invalid", DOES_NOT_HOLD),
        ("valid", SIGNED + BESIDE + RDFC),
    ),
    "an unknown suite beside both": (
        lambda a, b: [own(a), UNKNOWN, own(a, RDFC), ELSE],
        ("valid", SIGNED + BESIDE + "mldsa44-jcs-2024, Ed25519Signature2020"),
        ("valid", SIGNED + BESIDE + f"mldsa44-jcs-2024, {RDFC}, Ed25519Signature2020"),
    ),
    "an unknown suite beside a broken one": (
        lambda a, b: [UNKNOWN, broken(own(a))],
        ("invalid", DOES_NOT_HOLD),
        ("invalid", DOES_NOT_HOLD),
    ),
    "unknown suites alone": (
        lambda a, b: [UNKNOWN, ELSE],
        ("unchecked", NO_WAY + "mldsa44-jcs-2024, Ed25519Signature2020"),
        ("unchecked", NO_WAY + "mldsa44-jcs-2024, Ed25519Signature2020"),
    ),
    "two keys": (
        lambda a, b: [own(a), by_another(a, RDFC)],
        ("invalid", "the proofs of the issuer are by two keys"),
        ("invalid", "the proofs of the issuer are by two keys"),
    ),
    "two keys, the true one second": (
        lambda a, b: [by_another(a, JCS), own(a, RDFC)],
        ("invalid", "the proofs of the issuer are by two keys"),
        ("invalid", "the proofs of the issuer are by two keys"),
    ),
    "a stranger's key under the name of the issuer's": (
        lambda a, b: [own(a), by_another(a, RDFC, own(a)["verificationMethod"])],
        ("invalid", DOES_NOT_HOLD),
        ("valid", SIGNED + BESIDE + RDFC),
    ),
    "a key that the organisation never bound": (
        lambda a, b: [by_another(a, JCS), by_another(a, RDFC)],
        ("invalid", "the key that signed it is not the organisation's"),
        ("invalid", "the key that signed it is not the organisation's"),
    ),
    "another's name": (
        lambda a, b: [own(a), {**own(a, RDFC), "verificationMethod": method_of("did:a:b", PUBLIC)}],
        ("invalid", "the credential is signed by another than its issuer"),
        ("invalid", "the credential is signed by another than its issuer"),
    ),
    "the second twice": (
        lambda a, b: [own(a), own(a, RDFC), own(a, RDFC)],
        ("invalid", f"one proof by {RDFC} is needed, there are 2"),
        ("invalid", f"one proof by {RDFC} is needed, there are 2"),
    ),
    "more in the second than is known": (
        lambda a, b: [own(a), {**own(a, RDFC), "challenge": "x"}],
        ("invalid", "the proof has members that are not known, or lacks some"),
        ("invalid", "the proof has members that are not known, or lacks some"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_each_verifier_says(files: tuple[File, File], name: str) -> None:
    make, library, browser = CASES[name]
    changed = with_proofs(files[0], *make(*files))
    assert credential_check(changed) == (*library, *browser)


def test_signed_in_no_known_way_it_must_still_be_what_the_ledger_recorded(
    files: tuple[File, File],
) -> None:
    """An unknown suite opens nothing: what the record does not commit to stays invalid."""
    changed = with_proofs({**files[1], "proof": files[0]["proof"]}, UNKNOWN)
    verdict, reason, theirs, _ = credential_check(changed)
    assert (verdict, theirs) == ("invalid", "invalid")
    assert reason == "the credential states other things than the record"


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["@context"].append("https://hours.example.org/context"),
        lambda d: d["@context"].append({"hourledger:minutes": "hourledger:evidenceCount"}),
        lambda d: d["@context"].__setitem__(1, {"@vocab": "https://evil.example#"}),
        lambda d: d["@context"].pop(),
        lambda d: d.update(note="an undefined term"),
        lambda d: d["evidence"][0].update(minutes=6000),
        lambda d: d["evidence"][0].update({"hourledger:approved": "yes"}),
        lambda d: d.update({"@included": {"id": "urn:x", "name": "5,000 hours"}}),
    ],
)
def test_other_contexts_and_terms_are_refused_though_the_issuer_signs_them(
    files: tuple[File, File], change: Callable[[File], Any]
) -> None:
    bare = copy.deepcopy({n: v for n, v in files[0].items() if n != "proof"})
    change(bare)
    method = own(files[0])["verificationMethod"]
    signed = data_integrity.sign(bare, ISSUER_KEY, method, 0)
    changed = with_ledger_proof(signed, ledger_proof_of(files[0]))  # type: ignore[arg-type]
    (theirs,) = by_browser([json.dumps(changed).encode()])
    assert (ours(changed).verdict, theirs["verdict"]) == ("invalid", "invalid")


class TestCanonicalForm:
    """W3C's own example (Data Integrity EdDSA Cryptosuites, B.1) is over a context that no
    credential of ours names; strangers' verifiers hold the form in `test_strangers.py`."""

    def test_a_member_that_no_context_defines_is_refused_not_dropped(self) -> None:
        with pytest.raises(ProofError, match="no context defines"):
            canonical({"@context": [*CONTEXTS], "id": "urn:x", "minutes": 1})

    def test_a_context_that_is_not_kept_here_is_asked_of_nobody(self) -> None:
        with pytest.raises(ProofError, match="JSON-LD"):
            canonical({"@context": "https://hours.example.org/context", "id": "urn:x"})

    def test_what_is_no_json_ld_is_refused(self) -> None:
        with pytest.raises(ProofError, match="JSON-LD"):
            canonical({"@context": [*CONTEXTS], "id": 1})

    def test_the_order_of_members_makes_no_difference(self) -> None:
        signed = signed_credential(statement(4, "zh-Hans"), ISSUER_KEY)
        bare = {n: signed[n] for n in reversed(signed) if n != "proof"}
        assert canonical(bare) == canonical({n: v for n, v in signed.items() if n != "proof"})

    def test_equal_rows_cost_no_more_than_others(self) -> None:
        """Equal nodes are what makes canonical forms dear: here they are leaves, never a maze."""
        stated = statement(1, "en")
        many = replace(stated, rows=stated.rows * 200)
        signed = signed_credential(many, ISSUER_KEY)
        assert read_signed(signed)[1] == Signed(PUBLIC, ())


class TestForOtherPrograms:
    def test_one_proof_is_left_in_a_list(self, files: tuple[File, File]) -> None:
        plain = for_other_programs(files[0])
        assert plain == {**files[0], "proof": [own(files[0], RDFC)]}

    def test_it_holds_and_our_verifiers_say_what_it_lacks(self, files: tuple[File, File]) -> None:
        plain = for_other_programs(files[0])
        assert read_signed(plain)[1] == Signed(PUBLIC, ())
        (theirs,) = by_browser([json.dumps(plain).encode()])
        assert (ours(plain).verdict, theirs["verdict"]) == ("no_proof", "no_proof")
        lacks = "a certificate without the ledger's proof: what is checked here is the whole file"
        assert ours(plain).checks[0].reason == theirs["checks"][0]["reason"] == lacks

    def test_there_is_none_of_what_was_signed_otherwise(self, files: tuple[File, File]) -> None:
        with pytest.raises(NotFound, match=RDFC):
            for_other_programs(with_proofs(files[0], own(files[0])))
