"""A statement has one credential, and a credential is read as exactly what it states."""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given

from api.certificates.credential import Credential, StatusEntry, to_document
from api.certificates.data_integrity import Signed, sign
from api.certificates.did import key_did, method_of
from api.certificates.reading import read_document
from api.certificates.signed import (
    claims_of,
    commitment_to,
    ledger_proof_of,
    read_signed,
    signed_credential,
    with_ledger_proof,
)
from api.pdf.statement import Opening, Statement
from ledger.core.records.commitments import commit
from ledger.core.records.record import jcs
from ledger.core.verify.certificate import verify_certificate
from ledger.errors import ProofError, Refused
from tests.builders.any_statements import CREDENTIALS
from tests.builders.printed_certificates import statement

KEY = Ed25519PrivateKey.from_private_bytes(bytes([5]) * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
STATUS = StatusEntry("https://hours.example.org/status/1", 4711)
SALT = bytes([9]) * 32
LEDGER = {"type": "HourledgerProof2026"}
LEDGER_PROOF = {"genesis": {"log_key": "0x" + PUBLIC.hex()}, "format": "made up"}
VECTORS = Path(__file__).parents[2] / "vectors/credentials.json"
Change = Callable[[dict[str, Any]], Any]


@pytest.fixture
def document() -> dict[str, Any]:
    return to_document(Credential(statement(4, "zh-Hans"), key_did(PUBLIC), STATUS))


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of each member and item of a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for name, item in items:
        yield (*path, name)
        if isinstance(item, dict | list):
            yield from leaves(item, (*path, name))


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for name in path:
        document = document[name]
    return document


class TestRoundTrip:
    @given(CREDENTIALS)
    def test_what_was_stated_is_read(self, credential: Credential) -> None:
        written = jcs(to_document(credential))
        assert read_document(json.loads(written)) == credential

    @given(CREDENTIALS)
    def test_the_same_statement_gives_the_same_bytes(self, credential: Credential) -> None:
        again = copy.deepcopy(credential)
        assert jcs(to_document(again)) == jcs(to_document(credential))

    @given(CREDENTIALS)
    def test_totals_are_those_of_the_rows_by_class(self, credential: Credential) -> None:
        results = to_document(credential)["credentialSubject"]["result"]
        stated = credential.statement
        totals = [str(stated.credit_minutes), str(stated.honour_minutes)]
        assert [result["value"] for result in results] == totals

    @pytest.mark.parametrize("name", ["zh-Hans", "zh-Hant", "en"])
    def test_the_golden_credentials_are_made_again_to_the_byte(self, name: str) -> None:
        golden = json.loads(VECTORS.read_text(encoding="utf-8"))["credentials"][name]
        assert signed_credential(statement(4, name), KEY, "", STATUS) == golden
        assert read_signed(golden)[1] == Signed(PUBLIC, ())


class TestRefusedWhenRead:
    def test_every_member_that_is_missing_or_changed_is_noticed(
        self, document: dict[str, Any]
    ) -> None:
        # What states something is read as another statement; all else must be as it was.
        before = read_document(document)
        for path in list(leaves(document)):
            others = [None, "another", 1, True, [], {}]
            for value in (other for other in others if other != at(document, path)):
                changed = copy.deepcopy(document)
                at(changed, path[:-1])[path[-1]] = value
                assert not reads_as(changed, before), path
            missing = copy.deepcopy(document)
            del at(missing, path[:-1])[path[-1]]
            assert not reads_as(missing, before), path

    def test_unknown_members_at_every_depth(self, document: dict[str, Any]) -> None:
        before = read_document(document)
        nodes = [(), *(path for path in leaves(document) if isinstance(at(document, path), dict))]
        for path in nodes:
            changed = copy.deepcopy(document)
            at(changed, path)["narrative" if path else "description"] = "served 5000 hours"
            assert not reads_as(changed, before), path
            with pytest.raises(ProofError):
                read_document(changed)

    @pytest.mark.parametrize(
        "change",
        [
            lambda d: d["credentialSubject"]["result"][0].update(value="9999"),
            lambda d: d["credentialSubject"]["result"].reverse(),
            lambda d: d["credentialSubject"]["achievement"].update(description="5000 hours"),
            lambda d: d["credentialSubject"]["achievement"]["criteria"].update(narrative="Served."),
            lambda d: d["@context"].append("https://example.org/other"),
            lambda d: d["evidence"][0].update({"hourledger:minutes": 150.0}),
            lambda d: d["evidence"][0].update({"hourledger:minutes": True}),
            lambda d: d["evidence"][0].update({"hourledger:minutes": 2**53}),
            lambda d: d["evidence"][0].update(
                {"hourledger:startedAt": "2025-03-08T09:00:00+08:00"}
            ),
            lambda d: d["evidence"][0].update({"hourledger:record": "0x" + "AB" * 32}),
            lambda d: d["evidence"][0].update({"hourledger:record": "0x" + " " * 64}),
            lambda d: d["evidence"][0].update({"hourledger:hourClass": "both"}),
            lambda d: d["evidence"][0].update(name=""),
            lambda d: d["evidence"][0]["hourledger:content"].update(
                {"hourledger:fields": '{"b":"1","a":"2"}'}
            ),
            lambda d: d["evidence"][0]["hourledger:content"].update(
                {"hourledger:fields": '{"a":1}'}
            ),
            lambda d: d["evidence"][0]["hourledger:content"].update(
                {"hourledger:fields": '{"a": "1"}'}
            ),
            lambda d: d["evidence"][0]["hourledger:content"].update(
                {"hourledger:fields": "\ud800"}
            ),
            lambda d: d["credentialStatus"].update(statusListIndex="04711"),
            lambda d: d["credentialStatus"].update(statusListIndex="x"),
            lambda d: d["credentialStatus"].update(statusPurpose="suspension"),
            lambda d: d.update(validUntil="2100-01-01T00:00:00Z"),
            lambda d: d["credentialSubject"].update({"hourledger:purpose": "\u202eevil"}),
            lambda d: d["issuer"]["otherIdentifier"][0].update(identifier="0x" + "ab" * 20),
            lambda d: d["credentialSubject"]["identifier"].append({}),
            lambda d: d.update(evidence=d["evidence"] * 500),
        ],
    )
    def test_what_only_looks_right(self, document: dict[str, Any], change: Change) -> None:
        change(document)
        with pytest.raises(ProofError) as failure:
            read_document(document)
        assert failure.value.check == "format"


def reads_as(document: dict[str, Any], expected: Credential) -> bool:
    try:
        return read_document(document) == expected
    except ProofError:
        return False


class TestRefusedWhenWritten:
    @pytest.mark.parametrize(
        "changes",
        [
            {"rows": ()},
            {"language": "fr"},
            {"number": ""},
            {"number": "x" * 201},
            {"purpose": "a\u0000b"},
            {"organisation": "0x" + "ab" * 20},
            {"holder": "0x" + "00" * 20},
            {"ledger": bytes(31)},
            {"supersedes": bytes(33)},
            {"served_until": 2**53 - 1},
            {"issued_at": -1},
        ],
    )
    def test_a_statement_without_one_spelling(self, changes: dict[str, Any]) -> None:
        self.refused(replace(statement(1, "en"), **changes))

    @pytest.mark.parametrize(
        "changes",
        [
            {"record": b"short"},
            {"hour_class": "both"},
            {"minutes": -1},
            {"minutes": 2**53},
            {"evidence": -1},
            {"activity": "a\u202eb"},
            {"flags": ("",)},
            {"content": Opening({"a": "b"}, b"short")},
            {"content": Opening({"a": "b" * 5000}, SALT)},
        ],
    )
    def test_a_row_without_one_spelling(self, changes: dict[str, Any]) -> None:
        stated = statement(1, "en")
        self.refused(replace(stated, rows=(replace(stated.rows[0], **changes),)))

    @pytest.mark.parametrize(
        "status", [("ftp://a/b", 1), ("https://a/b?c", 1), ("https://a/b", -1)]
    )
    def test_a_status_that_is_nowhere(self, status: tuple[str, int]) -> None:
        with pytest.raises(Refused):
            to_document(Credential(statement(1, "en"), key_did(PUBLIC), StatusEntry(*status)))

    def refused(self, stated: Statement) -> None:
        with pytest.raises(Refused):
            to_document(Credential(stated, key_did(PUBLIC)))


class TestSigned:
    def signed(self, domain: str = "") -> dict[str, Any]:
        return signed_credential(statement(4, "en"), KEY, domain, STATUS)

    @pytest.mark.parametrize("domain", ["", "hours.example.org"])
    def test_the_key_that_signed_is_found(self, domain: str) -> None:
        credential, signed = read_signed(self.signed(domain))
        assert (credential.statement, signed) == (statement(4, "en"), Signed(PUBLIC, ()))
        assert credential.issuer.startswith("did:web:hours" if domain else "did:key:z6Mk")

    def test_every_changed_member_breaks_it(self) -> None:
        signed = self.signed()
        for path in list(leaves(signed)):
            changed = copy.deepcopy(signed)
            value = at(changed, path)
            at(changed, path[:-1])[path[-1]] = value + "x" if isinstance(value, str) else None
            if path[0] == "proof" and path[-1] in ("type", "cryptosuite"):
                # Then it is another's affair, and the other signature holds.
                assert read_signed(changed)[1].key == PUBLIC
                continue
            with pytest.raises(ProofError):
                read_signed(changed)

    def test_one_that_another_signed_is_refused(self) -> None:
        other = Ed25519PrivateKey.from_private_bytes(bytes(32))
        name = key_did(other.public_key().public_bytes_raw())
        document = to_document(Credential(statement(1, "en"), key_did(PUBLIC)))
        method = method_of(name, other.public_key().public_bytes_raw())
        with pytest.raises(ProofError, match="another than its issuer"):
            read_signed(sign({**document, "proof": [LEDGER]}, other, method, 0))

    @pytest.mark.parametrize("value", [None, [], "text", {}])
    def test_what_is_no_credential_is_refused(self, value: object) -> None:
        with pytest.raises(ProofError):
            read_signed(value)

    def test_a_proof_without_a_name_is_refused(self) -> None:
        signed = self.signed()
        for other in ({"type": ""}, {"type": 1}, {}, {"type": "DataIntegrityProof"}):
            with pytest.raises(ProofError, match="does not say what it is"):
                read_signed({**signed, "proof": [*signed["proof"], other]})

    def test_a_proof_that_stands_in_no_list_is_refused(self) -> None:
        signed = self.signed()
        with pytest.raises(ProofError, match="list"):
            read_signed({**signed, "proof": signed["proof"][0]})

    def test_commitments_are_found_from_what_is_opened(self) -> None:
        claims, stated = claims_of(self.signed()), statement(4, "en")
        content, charge = stated.rows[1].content, stated.rows[1].charge
        assert content is not None
        assert charge is not None
        assert claims.rows[1].content == commit(content.salt, content.fields)
        assert claims.rows[1].charge == commit(charge.salt, charge.fields)
        assert claims.rows[0].charge is None
        assert (claims.key, claims.supersedes, claims.domain) == (PUBLIC, bytes(32), "")
        assert claims_of(self.signed("hours.example.org")).domain == "hours.example.org"

    def test_the_record_commits_to_all_but_the_proofs(self) -> None:
        signed = self.signed()
        document = claims_of(signed).document
        assert commitment_to(signed, SALT) == sha256(SALT + document).digest()
        assert commitment_to(with_ledger_proof(signed, LEDGER_PROOF), SALT) == commitment_to(
            signed, SALT
        )
        with pytest.raises(ValueError, match="32 bytes"):
            commitment_to(signed, b"salt")


class TestLedgerProof:
    def file(self) -> dict[str, Any]:
        return with_ledger_proof(signed_credential(statement(1, "en"), KEY), LEDGER_PROOF)

    def test_stands_beside_the_issuer_s(self) -> None:
        file = self.file()
        assert ledger_proof_of(file) == LEDGER_PROOF
        assert read_signed(file)[1] == Signed(PUBLIC, ())

    def test_a_newer_one_takes_its_place(self) -> None:
        newer = {**LEDGER_PROOF, "format": "newer"}
        again = with_ledger_proof(self.file(), newer)
        assert ledger_proof_of(again) == newer
        assert len(again["proof"]) == 3

    def test_its_judge_names_what_is_wrong_with_the_credential(self) -> None:
        file = self.file()
        report = verify_certificate(ledger_proof_of(file), lambda: claims_of(file))
        assert report.verdict == "invalid"

    @pytest.mark.parametrize(
        "change",
        [
            lambda p: p.pop(),
            lambda p: p.append(p[-1]),
            lambda p: p[-1].pop("ledgerProof"),
            lambda p: p[-1].update(ledgerProof=None),
            lambda p: p[-1].update(ledgerProof={"genesis": {"log_key": "0x12"}}),
            lambda p: p[-1].update(proofPurpose="assertionMethod"),
            lambda p: p[-1].update(verificationMethod="did:key:other"),
            lambda p: p[-1].update(more=1),
        ],
    )
    def test_other_forms_are_refused(self, change: Callable[[list[Any]], Any]) -> None:
        file = copy.deepcopy(self.file())
        change(file["proof"])
        with pytest.raises(ProofError) as failure:
            ledger_proof_of(file)
        assert failure.value.check == "format"
