"""Links of QR codes: what is written is read again, and nothing else is read."""

import base64
import json
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.documents.link import (
    INFLATED_MAX,
    LINK_MAX,
    OFFLINE_BYTES_MAX,
    Offline,
    Online,
    make_link,
    read_link,
)
from api.errors import WrongUse
from ledger.errors import ProofError

PAGE = "https://hours.example.org/verify"
IDS = st.binary(min_size=32, max_size=32)


@given(IDS, IDS)
def test_an_online_link_is_read_again(ledger: bytes, record: bytes) -> None:
    link = make_link(PAGE, Online(ledger, record))
    assert link.startswith(PAGE + "#R.")
    assert read_link(link) == Online(ledger, record)


@given(st.binary(min_size=1, max_size=1000))
def test_an_offline_link_is_read_again(data: bytes) -> None:
    assert read_link(make_link(PAGE, Offline(data))) == Offline(data)


def test_a_fragment_is_taken_unchanged_by_an_address_bar() -> None:
    link = make_link(PAGE, Offline(json.dumps({"a": list(range(100))}).encode()))
    assert set(link.partition("#")[2]) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567.")


@given(st.text(max_size=300) | st.text("#RZ.ABC234567htps:/", max_size=300))
def test_anything_else_is_refused(text: str) -> None:
    for candidate in (text, f"{PAGE}#{text}", f"{PAGE}#R.{text}", f"{PAGE}#Z.{text}"):
        with suppress(ProofError):
            read = read_link(candidate)
            assert isinstance(read, Offline) or make_link(PAGE, read) == candidate


ID = base64.b32encode(bytes(32)).decode().rstrip("=")
BOMB = base64.b32encode(zlib.compress(bytes(INFLATED_MAX + 1), 9)).decode().rstrip("=")
CUT = base64.b32encode(zlib.compress(b"proof")[:-2]).decode().rstrip("=")
MORE = base64.b32encode(zlib.compress(b"proof") + b"x").decode().rstrip("=")


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        (PAGE, "another form"),
        ("ftp://hours.example.org/verify#R." + ID, "web address"),
        (f"{PAGE}#R.{ID}", "another form"),
        (f"{PAGE}#R.{ID}.{ID}.{ID}", "another form"),
        (f"{PAGE}#R.{ID}.{ID[:-2]}", "wrong length|32 bytes"),
        (f"{PAGE}#R.{ID}.{ID[:-1]}B", "left over"),
        (f"{PAGE}#R.{ID}.{ID.lower()}", "not base32"),
        (f"{PAGE}#Z.{BOMB}", "too large"),
        (f"{PAGE}#Z.{CUT}", "cut short"),
        (f"{PAGE}#Z.{MORE}", "run on"),
        (f"{PAGE}#Z.AAAA", "damaged|wrong length"),
        (f"{PAGE}#Z." + "A" * LINK_MAX, "longer"),
    ],
)
def test_a_wrong_link_is_refused_with_its_reason(link: str, reason: str) -> None:
    with pytest.raises(ProofError, match=reason):
        read_link(link)


def test_a_proof_file_too_large_for_a_code_is_refused_with_its_size() -> None:
    data = b"".join(zlib.crc32(bytes([n])).to_bytes(4, "big") for n in range(256)) * 2
    large = zlib.compress(data, 9) + data  # what does not compress
    with pytest.raises(WrongUse, match=f"takes {OFFLINE_BYTES_MAX}"):
        make_link(PAGE, Offline(large))


@pytest.mark.parametrize(
    "address", ["hours.example.org", "https://h/verify#x", "https://h/?q", "https://" + "h" * 200]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(WrongUse, match="address"):
        make_link(address, Online(bytes(32), bytes(32)))
