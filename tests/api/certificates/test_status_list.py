"""A status list holds one bit a certificate, and no list that is not ours is read."""

import base64
import copy
import gzip
import secrets
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from api.certificates.data_integrity import sign
from api.certificates.did import key_did, method_of
from api.certificates.status_list import (
    BITS_MAX,
    BITS_MIN,
    bits_of,
    decode_bits,
    draw_index,
    encode_bits,
    read_list,
    signed_list,
)
from ledger.core.state.totals import STATES
from ledger.errors import ProofError
from tests.builders.status_lists import KEY, MADE, NOW, PUBLIC, STATUSES

EXAMPLE = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
"""The encoded list of the standard's example: 131,072 zeros."""


def encoded(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(data).decode().rstrip("=")


def packed(size: int) -> bytes:
    return gzip.compress(bytes(size), mtime=0)


NO_LISTS = {
    "nothing": None,
    "empty": "",
    "a mark alone": "u",
    "no mark": EXAMPLE[1:],
    "another base": "z" + EXAMPLE[1:],
    "padding": EXAMPLE + "=",
    "unused bits set": EXAMPLE[:-1] + "B",
    "a letter short": EXAMPLE[:-1],
    "base64": EXAMPLE.replace("-", "+"),
    "zlib": encoded(zlib.compress(bytes(BITS_MIN // 8))),
    "too few bits": encoded(packed(BITS_MIN // 8 - 1)),
    "too many bits": encoded(packed(BITS_MAX // 8 + 1)),
    "a bomb": encoded(packed(64 * 1024 * 1024)),
    "cut off": encoded(packed(BITS_MIN // 8)[:-1]),
    "more after it": encoded(packed(BITS_MIN // 8) + b"\0"),
    "two members": encoded(packed(BITS_MIN // 8) * 2),
    "too long": "u" + "A" * (BITS_MAX // 4 + 1),
}


class TestBits:
    def test_void_and_amended_set_the_bit_and_nothing_else_does(self) -> None:
        assert [MADE.is_revoked(index) for index in STATUSES] == [True, False, True, False, True]
        assert sum(byte.bit_count() for byte in MADE.bits) == 3

    def test_the_first_bit_is_the_leftmost(self) -> None:
        assert bits_of({0: "void", 7: "void"})[0] == 0b1000_0001

    @given(st.dictionaries(st.integers(0, BITS_MIN - 1), st.sampled_from(STATES), max_size=20))
    def test_what_was_set_is_found(self, statuses: dict[int, str]) -> None:
        found = replace(MADE, bits=decode_bits(encode_bits(bits_of(statuses))))
        for index, word in statuses.items():
            assert found.is_revoked(index) == (word in ("void", "amended"))

    @pytest.mark.parametrize("index", [-1, BITS_MIN])
    def test_an_index_beyond_the_list_is_refused(self, index: int) -> None:
        with pytest.raises(ProofError):
            MADE.is_revoked(index)
        with pytest.raises(ValueError, match="beyond"):
            bits_of({index: "void"})

    @pytest.mark.parametrize("size", [BITS_MIN - 8, BITS_MIN + 1, BITS_MAX + 8])
    def test_a_list_of_another_size_is_refused(self, size: int) -> None:
        with pytest.raises(ValueError, match="bits"):
            bits_of({}, size)

    def test_a_word_that_is_no_status_is_refused(self) -> None:
        with pytest.raises(ValueError, match="status"):
            bits_of({0: "valid"})


class TestIndex:
    def test_is_one_that_nobody_has(self) -> None:
        draws = iter([3, 4, 5])
        assert draw_index({3, 4}, lambda below: next(draws)) == 5

    def test_there_is_none_once_half_are_taken(self) -> None:
        assert draw_index(range(BITS_MIN // 2), secrets.randbelow) is None
        assert draw_index(range(BITS_MIN // 2 - 1), secrets.randbelow) is not None


class TestEncoding:
    def test_the_standard_s_example_is_read(self) -> None:
        assert decode_bits(EXAMPLE) == bytes(BITS_MIN // 8)

    @pytest.mark.parametrize("name", list(NO_LISTS))
    def test_what_is_no_list_is_refused(self, name: str) -> None:
        with pytest.raises(ProofError) as failure:
            decode_bits(NO_LISTS[name])
        assert failure.value.check == "status"


class TestCredential:
    @pytest.fixture
    def document(self) -> dict[str, Any]:
        return signed_list(MADE, KEY)

    def test_the_list_is_read_with_the_key_that_signed(self, document: dict[str, Any]) -> None:
        assert read_list(document, NOW) == (MADE, PUBLIC)

    @pytest.mark.parametrize("now", [NOW - 1, NOW + 3600])
    def test_holds_in_its_time_alone(self, document: dict[str, Any], now: int) -> None:
        with pytest.raises(ProofError, match="now"):
            read_list(document, now)

    @pytest.mark.parametrize(
        "change",
        [
            lambda d: d.update(description="more"),
            lambda d: d.update(issuer=key_did(bytes(32))),
            lambda d: d.update(issuer={"id": MADE.issuer}),
            lambda d: d.update(validUntil="2100-01-01T00:00:00+00:00"),
            lambda d: d.update(validUntil="2100-01-01T00:00:00Z"),
            lambda d: d.update(id="https://hours.example.org/status/2"),
            lambda d: d["credentialSubject"].update(statusPurpose="suspension"),
            lambda d: d["credentialSubject"].update(encodedList=EXAMPLE),
            lambda d: d["credentialSubject"].update(statusSize=2),
            lambda d: d.update(credentialSubject=[]),
            lambda d: d.update(proof=d["proof"][0]),
            lambda d: d.update(proof=d["proof"] * 2),
            lambda d: d["proof"].append({"type": "Other"}),
            lambda d: d["proof"][0].update(created="2020-01-01T00:00:00Z"),
        ],
    )
    def test_any_change_is_refused(
        self, document: dict[str, Any], change: Callable[[dict[str, Any]], Any]
    ) -> None:
        changed = copy.deepcopy(document)
        change(changed)
        with pytest.raises(ProofError):
            read_list(changed, NOW)

    def test_one_that_another_signed_is_refused(self, document: dict[str, Any]) -> None:
        other = Ed25519PrivateKey.from_private_bytes(bytes(32))
        public = other.public_key().public_bytes_raw()
        bare = {name: value for name, value in document.items() if name != "proof"}
        forged = sign(bare, other, method_of(key_did(public), public), NOW)
        with pytest.raises(ProofError, match="another than its issuer"):
            read_list({**forged, "proof": [forged["proof"]]}, NOW)

    @pytest.mark.parametrize("value", [None, [], {}, {"proof": []}])
    def test_what_is_no_credential_is_refused(self, value: object) -> None:
        with pytest.raises(ProofError):
            read_list(value, NOW)

    def test_a_list_at_no_address_is_refused(self) -> None:
        made = replace(MADE, url="https://hours.example.org/status?list=1")
        with pytest.raises(ProofError, match="form"):
            read_list(signed_list(made, KEY), NOW)
