"""eddsa-jcs-2022: the standard's own vectors hold, and nothing else does."""

import copy
import json
from pathlib import Path
from typing import Any

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.certificates.data_integrity import (
    find_proof,
    hash_data,
    proofs_of,
    sign,
    verify,
    with_proof,
)
from api.certificates.did import read_method
from ledger.errors import ProofError

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors/eddsa_jcs_2022.json").read_text(encoding="utf-8")
)
KEY = Ed25519PrivateKey.from_private_bytes(base58.b58decode(VECTORS["private_key"][1:])[2:])
PUBLIC = KEY.public_key().public_bytes_raw()
CREATED = 1677281798
"""2023-02-24T23:36:38Z"""


@pytest.fixture
def signed() -> dict[str, Any]:
    return copy.deepcopy(VECTORS["signed"])


def bare(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "proof"}


class TestVectorsOfW3c:
    def test_the_published_credential_verifies(self, signed: dict[str, Any]) -> None:
        proof = find_proof(signed)
        issuer, key = read_method(proof["verificationMethod"])
        assert (issuer, key) == ("https://vc.example/issuers/5678", PUBLIC)
        verify(signed, proof, key)

    def test_signing_gives_the_published_bytes(self, signed: dict[str, Any]) -> None:
        method = signed["proof"]["verificationMethod"]
        assert sign(bare(signed), KEY, method, CREATED) == signed
        value = signed["proof"]["proofValue"]
        assert base58.b58decode(value[1:]).hex() == VECTORS["signature"]

    def test_the_published_hashes_are_found(self, signed: dict[str, Any]) -> None:
        proof = json.loads(VECTORS["earlier_proof"])
        assert hash_data(signed, proof).hex() == VECTORS["earlier_hash_data"]
        assert hash_data(signed, signed["proof"])[32:].hex() == VECTORS["document_hash"]


class TestContexts:
    def test_contexts_after_those_of_the_proof_are_left_out(self, signed: dict[str, Any]) -> None:
        signed["@context"].append("https://example.org/more")
        verify(signed, find_proof(signed), PUBLIC)

    def test_contexts_before_those_of_the_proof_are_refused(self, signed: dict[str, Any]) -> None:
        signed["@context"].insert(0, "https://example.org/more")
        with pytest.raises(ProofError, match="other contexts"):
            verify(signed, find_proof(signed), PUBLIC)

    def test_a_document_without_contexts_is_signed_without(self) -> None:
        signed = sign({"a": 1}, KEY, "did:example:a#b", CREATED)
        assert "@context" not in signed["proof"]
        verify(signed, signed["proof"], PUBLIC)


class TestProofSets:
    def test_ours_is_found_among_others(self, signed: dict[str, Any]) -> None:
        other = {"type": "DataIntegrityProof", "cryptosuite": "bbs-2023"}
        both = with_proof(with_proof(bare(signed), other), signed["proof"])
        assert proofs_of(both) == [other, signed["proof"]]
        verify(both, find_proof(both), PUBLIC)

    def test_two_of_ours_are_refused(self, signed: dict[str, Any]) -> None:
        with pytest.raises(ProofError, match="there are 2"):
            find_proof(sign(signed, KEY, "did:example:a#b", CREATED))

    @pytest.mark.parametrize("proof", [None, [], "a proof", [1], [{}] * 17])
    def test_what_is_no_set_of_proofs_is_refused(self, proof: object) -> None:
        with pytest.raises(ProofError, match="one to 16 proofs"):
            find_proof({"a": 1, "proof": proof})


class TestRefused:
    @pytest.mark.parametrize(
        "changes",
        [
            {"type": "Ed25519Signature2020"},
            {"cryptosuite": "eddsa-rdfc-2022"},
            {"proofPurpose": "authentication"},
            {"created": "2023-02-24T23:36:38"},
            {"created": "2023-02-30T23:36:38Z"},
            {"created": 1677281798},
            {"verificationMethod": {"id": "did:example:a#b"}},
            {"proofValue": None},
            {"proofValue": ""},
            {"proofValue": "z"},
            {"proofValue": "u" + "A" * 86},
            {"proofValue": "z" + "0" * 88},
            {"proofValue": "z" + "é" * 88},
            {"proofValue": "z" + "1" * 64},
            {"proofValue": "z1" + "2" * 88},
            {"expires": "tomorrow"},
            {"previousProof": "urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544"},
            {"challenge": "1"},
            {"domain": "example.org"},
            {"nonce": "1"},
            {"id": 1},
            {"@context": "https://www.w3.org/ns/credentials/v1"},
        ],
    )
    def test_a_proof_of_another_form(self, signed: dict[str, Any], changes: dict[str, Any]) -> None:
        with pytest.raises(ProofError):
            verify(signed, {**signed["proof"], **changes}, PUBLIC)

    @pytest.mark.parametrize(
        "name", ["type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue"]
    )
    def test_a_proof_that_lacks_a_member(self, signed: dict[str, Any], name: str) -> None:
        del signed["proof"][name]
        with pytest.raises(ProofError):
            verify(signed, signed["proof"], PUBLIC)

    def test_any_changed_member_of_the_document(self, signed: dict[str, Any]) -> None:
        for name in bare(signed):
            with pytest.raises(ProofError):
                verify({**signed, name: "another"}, signed["proof"], PUBLIC)

    def test_any_added_member_of_the_document(self, signed: dict[str, Any]) -> None:
        with pytest.raises(ProofError):
            verify({**signed, "validUntil": "2100-01-01T00:00:00Z"}, signed["proof"], PUBLIC)

    def test_any_changed_option_of_the_proof(self, signed: dict[str, Any]) -> None:
        for changes in ({"created": "2023-02-24T23:36:39Z"}, {"id": "urn:x"}):
            with pytest.raises(ProofError, match="signature"):
                verify(signed, {**signed["proof"], **changes}, PUBLIC)

    def test_another_key(self, signed: dict[str, Any]) -> None:
        other = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
        with pytest.raises(ProofError, match="signature"):
            verify(signed, signed["proof"], other)

    def test_numbers_that_json_readers_lose(self, signed: dict[str, Any]) -> None:
        with pytest.raises(ProofError, match="signature"):
            verify({**signed, "id": 2**53}, signed["proof"], PUBLIC)


class TestExpiry:
    def proof(self) -> tuple[dict[str, Any], dict[str, Any]]:
        document = {"a": 1}
        options: dict[str, Any] = {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "verificationMethod": "did:example:a#b",
            "proofPurpose": "assertionMethod",
            "expires": "2023-02-24T23:36:38Z",
        }
        value = base58.b58encode(KEY.sign(hash_data(document, options))).decode()
        return document, {**options, "proofValue": "z" + value}

    def test_holds_before_its_last_second(self) -> None:
        verify(*self.proof(), PUBLIC, CREATED - 1)

    @pytest.mark.parametrize("now", [CREATED, CREATED + 1, None])
    def test_fails_from_then_on_and_where_nobody_knows_the_time(self, now: int | None) -> None:
        with pytest.raises(ProofError, match="expired"):
            verify(*self.proof(), PUBLIC, now)
