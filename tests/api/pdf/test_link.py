"""Links of QR codes: what is written is read again, and nothing else is read."""

import base64
import json
import random
from contextlib import suppress
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import WrongUse
from api.pdf.link import INFLATED_MAX, OFFLINE_BYTES_MAX, Offline, Online, make_link, read_link
from ledger.errors import ProofError
from tests.vectors.links import FILE

PAGE = "https://hours.example.org/verify"
IDS = st.binary(min_size=32, max_size=32)
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))


@given(IDS, IDS, st.binary(min_size=16, max_size=16))
def test_an_online_link_is_read_again(ledger: bytes, record: bytes, code: bytes) -> None:
    link = make_link(PAGE, Online(ledger, record, code))
    assert link.startswith(PAGE + "#R.")
    assert read_link(link) == Online(ledger, record, code)


@given(st.binary(min_size=1, max_size=1000))
def test_an_offline_link_is_read_again(data: bytes) -> None:
    assert read_link(make_link(PAGE, Offline(data))) == Offline(data)


def test_a_file_of_the_greatest_length_is_read() -> None:
    data = bytes(INFLATED_MAX)
    assert read_link(make_link(PAGE, Offline(data))) == Offline(data)
    with pytest.raises(WrongUse, match="online link"):
        make_link(PAGE, Offline(data + b"0"))


def test_a_fragment_is_taken_unchanged_by_an_address_bar() -> None:
    link = make_link(PAGE, Offline(json.dumps({"a": list(range(100))}).encode()))
    assert set(link.partition("#")[2]) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567.")


@pytest.mark.parametrize("vector", VECTORS["read"], ids=range(len(VECTORS["read"])))
def test_a_published_link_says_what_it_says(vector: dict[str, object]) -> None:
    read = read_link(vector["link"])
    if isinstance(read, Online):
        said = {name: "0x" + part.hex() for name, part in asdict(read).items()}
        assert said == vector["online"]
    else:
        assert base64.b64encode(read.data).decode() == vector["offline"]


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=range(len(VECTORS["refused"])))
def test_a_published_wrong_link_is_refused_with_its_reason(vector: dict[str, str]) -> None:
    with pytest.raises(ProofError, match=vector["why"]) as caught:
        read_link(vector["link"])
    assert caught.value.check == "format"


@given(st.text(max_size=300) | st.text("#RZ.ABC234567htps:/", max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    for candidate in (text, f"{PAGE}#{text}", f"{PAGE}#R.{text}", f"{PAGE}#Z.{text}"):
        with suppress(ProofError):
            read = read_link(candidate)
            assert isinstance(read, Offline) or make_link(PAGE, read) == candidate


def test_a_file_too_large_for_a_code_is_refused_with_its_size() -> None:
    data = random.Random(1).randbytes(OFFLINE_BYTES_MAX)
    with pytest.raises(WrongUse, match=f"1261 bytes when compressed.* {OFFLINE_BYTES_MAX}"):
        make_link(PAGE, Offline(data))


@pytest.mark.parametrize(
    "address", ["hours.example.org", "https://h/verify#x", "https://h/?q", "https://" + "h" * 200]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(WrongUse, match="address"):
        make_link(address, Online(bytes(32), bytes(32), bytes(16)))
