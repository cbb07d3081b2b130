"""DIDs: each key and each organisation has one name, and only that one is read."""

import copy
from typing import Any

import base58
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.certificates import did
from api.certificates.times import LATEST, from_stamp, read_stamp, to_stamp
from ledger.errors import ProofError, Refused
from tests.builders.records import address

KEYS = st.binary(min_size=32, max_size=32)
ORG = address("org")
W3C_KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"


@given(KEYS)
def test_a_key_is_read_back_from_its_name(key: bytes) -> None:
    assert did.read_multikey(did.multikey(key)) == key
    for issuer in (did.key_did(key), did.web_did("hours.example.org", ORG)):
        assert did.read_method(did.method_of(issuer, key)) == (issuer, key)


def test_the_key_of_the_standard_s_vectors_has_its_name() -> None:
    assert did.multikey(did.read_multikey(W3C_KEY)) == W3C_KEY


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        W3C_KEY[1:],
        W3C_KEY + "2",
        "u" + W3C_KEY[1:],
        W3C_KEY[:-1] + "0",
        "z" + base58.b58encode(b"\xe7\x01" + bytes(32)).decode(),
        "z" + base58.b58encode(b"\xed\x01" + bytes(31)).decode(),
        W3C_KEY.replace("z6Mk", "z6Mz"),
    ],
)
def test_what_is_no_ed25519_key_is_refused(text: object) -> None:
    with pytest.raises(ProofError):
        did.read_multikey(text)


def test_a_key_of_another_length_has_no_name() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        did.multikey(bytes(31))


@pytest.mark.parametrize(
    "method",
    [
        None,
        "did:key:" + W3C_KEY,
        f"did:key:{W3C_KEY}#{W3C_KEY}#",
        f"did:key:{did.multikey(bytes(32))}#{W3C_KEY}",
        "did:web:example.org#key-1",
    ],
)
def test_a_method_that_names_no_key_of_its_issuer_is_refused(method: object) -> None:
    with pytest.raises(ProofError):
        did.read_method(method)


def test_an_organisation_has_a_did_web_below_a_domain() -> None:
    name = did.web_did("hours.example.org", ORG)
    assert name == f"did:web:hours.example.org:organisations:{ORG}"
    assert did.domain_of(name, ORG) == "hours.example.org"
    assert did.domain_of("did:key:" + W3C_KEY, ORG) is None


@pytest.mark.parametrize(
    "domain", ["HOURS.example.org", "example.org:8080", "example.org/x", "127.0.0.1", "localhost"]
)
def test_other_spellings_of_domains_are_refused(domain: str) -> None:
    with pytest.raises(Refused):
        did.web_did(domain, ORG)
    with pytest.raises(ProofError):
        did.domain_of(f"did:web:{domain}:organisations:{ORG}", ORG)


def test_a_did_web_needs_a_domain() -> None:
    with pytest.raises(ValueError, match="domain"):
        did.web_did("", ORG)


@pytest.mark.parametrize(
    "issuer",
    [
        None,
        {"id": "did:key:" + W3C_KEY},
        "https://example.org",
        "did:web:example.org",
        f"did:web::organisations:{ORG}",
        f"did:web:example.org:organisations:{ORG.lower()}",
        f"did:web:example.org:organisations:{address('other')}",
        "did:key:" + W3C_KEY[:-1],
        "did:web:" + "a" * 400,
    ],
)
def test_other_names_of_issuers_are_refused(issuer: object) -> None:
    with pytest.raises(ProofError):
        did.domain_of(issuer, ORG)


def test_a_holder_is_named_by_the_address() -> None:
    assert did.read_holder_did(did.holder_did(ORG)) == ORG
    others = [None, ORG, "did:pkh:eip155:137:" + ORG, did.holder_did(ORG.lower())]
    for other in others:
        with pytest.raises(ProofError):
            did.read_holder_did(other)


class TestDocument:
    KEYS = (bytes(32), bytes([7]) * 32)

    @pytest.fixture
    def document(self) -> dict[str, Any]:
        return copy.deepcopy(did.did_document("hours.example.org", ORG, self.KEYS))

    def test_the_keys_are_read_back(self, document: dict[str, Any]) -> None:
        assert did.read_did_document(document, "hours.example.org", ORG) == self.KEYS

    def test_binds_the_domain_to_the_address_in_the_ledger(self, document: dict[str, Any]) -> None:
        assert document["alsoKnownAs"] == ["did:pkh:eip155:1:" + ORG]

    def test_another_organisation_s_or_domain_s_is_refused(self, document: dict[str, Any]) -> None:
        for place in (("hours.example.org", address("other")), ("example.org", ORG)):
            with pytest.raises(ProofError):
                did.read_did_document(document, *place)

    def test_any_other_form_is_refused(self, document: dict[str, Any]) -> None:
        others: list[Any] = [None, [], {}, {**document, "service": []}]
        others += [{**document, name: []} for name in document]
        others += [{**document, "verificationMethod": [value]} for value in (None, {}, "x")]
        others += [{**document, "verificationMethod": document["verificationMethod"] * 33}]
        for other in others:
            with pytest.raises(ProofError):
                did.read_did_document(other, "hours.example.org", ORG)


@given(st.integers(0, LATEST))
def test_a_time_is_read_back_from_its_stamp(seconds: int) -> None:
    assert from_stamp(to_stamp(seconds)) == seconds


@pytest.mark.parametrize("seconds", [-1, LATEST + 1, 2**53])
def test_times_without_four_digits_of_a_year_have_no_stamp(seconds: int) -> None:
    with pytest.raises(ValueError, match="1970 to 9999"):
        to_stamp(seconds)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2023-02-24T23:36:38Z", 1677281798),
        ("2023-02-25T07:36:38+08:00", 1677281798),
        ("2023-02-24T23:36:38.9Z", 1677281798),
        ("1969-12-31T23:59:59Z", -1),
        ("2023-02-24T23:36:38", None),
        ("2023-02-24 23:36:38Z", None),
        ("2023-02-30T23:36:38Z", None),
        ("2023-02-24T23:36:38+15:00", None),
        ("0001-01-01T00:00:00+14:00", -62135647200),
        (1677281798, None),
    ],
)
def test_a_date_time_stamp_is_read_as_the_standard_writes_it(
    text: object, seconds: int | None
) -> None:
    assert read_stamp(text) == seconds
    if text != "2023-02-24T23:36:38Z":
        assert from_stamp(text) is None
