"""A sign-in message is believed when it is for us, of now, and by its address."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.access.errors import AccessProblem, AccessRefused
from api.access.grammar import date_time
from api.access.siwe import (
    MESSAGE_SECONDS,
    SKEW_SECONDS,
    Audience,
    Message,
    challenge,
    verify,
)
from api.words import chinese
from ledger.core.records.signing import CURVE_ORDER
from tests.builders.records import START, address
from tests.builders.sign_in import AUDIENCE, personal_sign

ANN = address("ann")
NONCE = "0123456789abcdef0123456789abcdef"
OURS = challenge(AUDIENCE, ANN, NONCE, START)
TEXT = OURS.render()


def problem_of(text: str, signature: bytes | None = None, **changes: Any) -> AccessProblem | None:
    """Why a text is refused; signed by ann where no signature is given."""
    given_: dict[str, Any] = {"audience": AUDIENCE, "now": START, **changes}
    signed = personal_sign("ann", text) if signature is None else signature
    try:
        verify(text, signed, **given_)
    except AccessRefused as refusal:
        return refusal.problem
    return None


def flaw_of_message(message: Message, **changes: Any) -> AccessProblem | None:
    return problem_of(message.render(), **changes)


def test_a_challenge_signed_by_its_address_is_believed() -> None:
    assert verify(TEXT, personal_sign("ann", TEXT), AUDIENCE, START) == OURS
    named = replace(OURS, scheme="https")
    assert flaw_of_message(named) is None


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        ({"domain": "hours.example.evil.example"}, AccessProblem.DOMAIN),
        ({"domain": "HOURS.example"}, AccessProblem.DOMAIN),
        ({"domain": "hours.example:443"}, AccessProblem.DOMAIN),
        ({"domain": "hours.example@evil.example"}, AccessProblem.DOMAIN),
        ({"domain": "evil@hours.example"}, AccessProblem.DOMAIN),
        ({"domain": "xn--hurs-8cd.example"}, AccessProblem.DOMAIN),
        ({"scheme": "http"}, AccessProblem.DOMAIN),
        ({"uri": "https://hours.example/"}, AccessProblem.URI),
        ({"uri": "https://hours.example/sign-in?a=b"}, AccessProblem.URI),
        ({"uri": "https://evil.example/sign-in"}, AccessProblem.URI),
        ({"chain_id": 2}, AccessProblem.CHAIN),
        ({"chain_id": 11155111}, AccessProblem.CHAIN),
        ({"statement": None}, AccessProblem.CONTENT),
        ({"statement": "I give away all my coins."}, AccessProblem.CONTENT),
        ({"resources": ()}, AccessProblem.CONTENT),
        ({"resources": ("urn:recap:e30",)}, AccessProblem.CONTENT),
        ({"request_id": "1"}, AccessProblem.CONTENT),
        ({"not_before": date_time(START + 1)}, AccessProblem.NOT_YET),
        ({"not_before": date_time(START)}, None),
        ({"issued_at": date_time(START + SKEW_SECONDS)}, None),
        ({"issued_at": date_time(START + SKEW_SECONDS + 1)}, AccessProblem.NOT_YET),
        ({"issued_at": date_time(START - MESSAGE_SECONDS + 1)}, None),
        ({"issued_at": date_time(START - MESSAGE_SECONDS)}, AccessProblem.EXPIRED),
        ({"expiration_time": None}, None),
        ({"expiration_time": date_time(START + 1)}, None),
        ({"expiration_time": date_time(START)}, AccessProblem.EXPIRED),
        ({"address": address("bob")}, AccessProblem.SIGNATURE),
    ],
)
def test_what_is_not_for_us_or_not_of_now_is_refused_by_name(
    changes: dict[str, Any], flaw: AccessProblem | None
) -> None:
    assert flaw_of_message(replace(OURS, **changes)) is flaw


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(TEXT) - 1), st.characters(min_codepoint=32, max_codepoint=126))
def test_no_letter_of_a_signed_message_can_be_changed(position: int, letter: str) -> None:
    changed = TEXT[:position] + letter + TEXT[position + 1 :]
    assert (problem_of(changed, personal_sign("ann", TEXT)) is None) == (changed == TEXT)


def test_a_message_without_an_end_still_ends() -> None:
    endless = replace(OURS, expiration_time=None)
    assert flaw_of_message(endless, now=START + MESSAGE_SECONDS - 1) is None
    assert flaw_of_message(endless, now=START + MESSAGE_SECONDS) is AccessProblem.EXPIRED


def test_a_port_is_part_of_the_domain() -> None:
    local = Audience("http://localhost:8000/sign-in", 1)
    message = challenge(local, ANN, NONCE, START)
    assert message.domain == "localhost:8000"
    assert flaw_of_message(message, audience=local) is None
    elsewhere = replace(message, domain="localhost:8001")
    assert flaw_of_message(elsewhere, audience=local) is AccessProblem.DOMAIN


def high_s(signature: bytes) -> bytes:
    s = CURVE_ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes((27 + 28 - signature[64],))


SIGNED = personal_sign("ann", TEXT)


@pytest.mark.parametrize(
    "signature",
    [
        personal_sign("bob", TEXT),
        personal_sign("ann", TEXT + "\n"),
        high_s(SIGNED),
        SIGNED[:64] + bytes((SIGNED[64] - 27,)),
        SIGNED[:64] + bytes((55 - SIGNED[64],)),
        SIGNED[:64],
        SIGNED + b"\0",
        b"",
        bytes(64) + b"\x1b",
        b"\xff" * 64 + b"\x1b",
    ],
    ids=[
        "another key",
        "another text",
        "high s",
        "v 0 or 1",
        "the other v",
        "64 bytes",
        "trailing byte",
        "empty",
        "zeros",
        "beyond the curve",
    ],
)
def test_only_the_one_spelling_of_the_right_signature_is_taken(signature: bytes) -> None:
    assert problem_of(TEXT, signature) is AccessProblem.SIGNATURE


def test_no_refusal_tells_an_address_a_nonce_or_a_signature() -> None:
    for text, signature in ((TEXT, personal_sign("bob", TEXT)), (TEXT + "\n", SIGNED)):
        with pytest.raises(AccessRefused) as caught:
            verify(text, signature, AUDIENCE, START)
        told = str(caught.value) + repr(caught.value) + repr(OURS)
        assert ANN[2:].lower() not in told.lower()
        assert NONCE not in told
        assert signature.hex() not in told


def test_every_refusal_speaks_both_languages() -> None:
    assert all(chinese(flaw.en) != flaw.en and flaw.value.isascii() for flaw in AccessProblem)
