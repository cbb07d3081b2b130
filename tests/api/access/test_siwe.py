"""A sign-in message is exactly what EIP-4361 says, to the letter."""

from dataclasses import replace
from typing import Any

import pytest
from eth_account.messages import defunct_hash_message
from hypothesis import given
from hypothesis import strategies as st

from api.access.errors import AccessProblem, AccessRefused
from api.access.grammar import conforms, date_time, unix_seconds
from api.access.siwe import (
    MESSAGE_MAX,
    STATEMENT,
    challenge,
    parse,
    personal_digest,
    verify,
)
from api.words import chinese
from tests.builders.records import START, address
from tests.builders.sign_in import AUDIENCE, personal_sign

ANN = address("ann")
NONCE = "0123456789abcdef0123456789abcdef"
OURS = challenge(AUDIENCE, ANN, NONCE, START)
TEXT = OURS.render()

FULL = replace(
    OURS,
    scheme="https",
    not_before=date_time(START),
    request_id="a-1:@%20",
    resources=("https://hours.example/a?b=c#d", "ipfs://bafy/"),
)
"""Every field there is."""

EIP_EXAMPLE = """\
example.com:3388 wants you to sign in with your Ethereum account:
0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2

I accept the ExampleOrg Terms of Service: https://example.com/tos

URI: https://example.com/login
Version: 1
Chain ID: 1
Nonce: 32891756
Issued At: 2021-09-30T16:25:24Z
Resources:
- ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/
- https://example.com/my-web2-claim.json"""
"""The example with a port of EIP-4361, to the letter."""


# The text.


def test_our_message_reads_line_by_line_as_the_standard_has_it() -> None:
    assert TEXT.split("\n") == [
        "hours.example wants you to sign in with your Ethereum account:",
        ANN,
        "",
        "Sign in to Hourledger. This only shows that this key is yours. "
        "It records no hours, sends no coins and costs nothing.",
        "",
        "URI: https://hours.example/sign-in",
        "Version: 1",
        "Chain ID: 1",
        f"Nonce: {NONCE}",
        "Issued At: 2023-11-14T22:13:20Z",
        "Expiration Time: 2023-11-14T22:23:20Z",
    ]


def test_the_example_of_the_standard_is_read_and_written_to_the_letter() -> None:
    message = parse(EIP_EXAMPLE)
    assert message.render() == EIP_EXAMPLE
    assert (message.domain, message.chain_id, message.nonce) == ("example.com:3388", 1, "32891756")
    assert message.resources is not None
    assert message.resources[1] == "https://example.com/my-web2-claim.json"


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"statement": None},
        {"statement": ""},
        {"request_id": None},
        {"request_id": ""},
        {"resources": None},
        {"resources": ()},
        {"scheme": None},
        {"not_before": None},
        {"expiration_time": None},
        {"issued_at": "2023-11-14t22:13:20.123+08:00"},
        {"domain": "ann@hours.example:8000"},
        {"domain": "[2001:db8::7]:443"},
        {"domain": "[v1.a:b]"},
        {"domain": "127.0.0.1"},
        {"uri": "did:key:abc"},
        {"uri": "https://[::ffff:1.2.3.4]/%E4%BD%A0"},
    ],
)
def test_every_message_comes_back_from_its_text(changes: dict[str, Any]) -> None:
    message = replace(FULL, **changes)
    assert parse(message.render()) == message


def test_the_sentence_stands_in_the_message_and_its_chinese_beside_it() -> None:
    assert conforms("statement", STATEMENT)
    assert not conforms("statement", chinese(STATEMENT))


def test_the_digest_is_that_of_another_implementation() -> None:
    for text in ("", "a", TEXT, FULL.render(), "x" * 1000):
        assert personal_digest(text) == defunct_hash_message(text=text)


FORM_FAULTS = {
    "nothing at all": "",
    "trailing line feed": TEXT + "\n",
    "trailing blank": TEXT + " ",
    "trailing bytes": TEXT + "\nStatus: fine",
    "trailing nul": TEXT + "\0",
    "leading byte-order mark": "\ufeff" + TEXT,
    "carriage returns": TEXT.replace("\n", "\r\n"),
    "one carriage return": TEXT.replace("Version: 1\n", "Version: 1\r\n"),
    "line separator of Unicode": TEXT.replace("\nVersion", "\u2028Version"),
    "too long": FULL.render() + "\n- https://hours.example/" + "a" * MESSAGE_MAX,
    "Cyrillic letter in the domain": TEXT.replace("hours.example", "hоurs.example", 1),
    "full-width digit in the chain id": TEXT.replace("Chain ID: 1", "Chain ID: １"),
    "Arabic digit in the chain id": TEXT.replace("Chain ID: 1", "Chain ID: ١"),
    "Chinese in the statement": TEXT.replace("Sign in to", "登录"),
    "quotation marks in the statement": TEXT.replace("Hourledger", '"Hourledger"'),
    "Cyrillic letter in the nonce": TEXT.replace("abcdef", "аbcdef", 1),
    "Cyrillic letter in the address": TEXT.replace(ANN, ANN[:-1] + "а"),
    "Chinese in the uri": TEXT.replace("/sign-in", "/登录"),
    "blank in the uri": TEXT.replace("/sign-in", "/sign in"),
    "broken escape in the uri": TEXT.replace("/sign-in", "/%4"),
    "uri without a scheme": TEXT.replace("URI: https:", "URI: "),
    "impossible address in the uri": TEXT.replace(
        "URI: https://hours.example", "URI: a://[1::2::]"
    ),
    "no domain": TEXT.replace("hours.example", "", 1),
    "scheme without a domain": TEXT.replace("hours.example", "https://", 1),
    "path in the domain": TEXT.replace("hours.example", "hours.example/a", 1),
    "two schemes": TEXT.replace("hours.example", "https://https://hours.example", 1),
    "scheme beginning with a digit": TEXT.replace("hours.example", "1a://hours.example", 1),
    "another introduction": TEXT.replace("wants you", "want you"),
    "address in lower case": TEXT.replace(ANN, ANN.lower()),
    "address of 19 bytes": TEXT.replace(ANN, ANN[:-2]),
    "address with two prefixes": TEXT.replace(ANN, "0x" + ANN),
    "zero address": TEXT.replace(ANN, "0x" + "0" * 40),
    "no blank line after the address": TEXT.replace(ANN + "\n\n", ANN + "\n"),
    "statement of two lines": TEXT.replace("yours. ", "yours.\n"),
    "no blank line after the statement": TEXT.replace("nothing.\n\n", "nothing.\n"),
    "one blank line without a statement": TEXT.replace(f"\n{STATEMENT}\n", ""),
    "three blank lines too many": TEXT.replace(STATEMENT, "\n\n"),
    "version 2": TEXT.replace("Version: 1", "Version: 2"),
    "version 01": TEXT.replace("Version: 1", "Version: 01"),
    "no version": TEXT.replace("Version: 1\n", ""),
    "chain id 0": TEXT.replace("Chain ID: 1", "Chain ID: 0"),
    "chain id with a leading zero": TEXT.replace("Chain ID: 1", "Chain ID: 01"),
    "chain id with a sign": TEXT.replace("Chain ID: 1", "Chain ID: +1"),
    "chain id with an underscore": TEXT.replace("Chain ID: 1", "Chain ID: 1_0"),
    "endless chain id": TEXT.replace("Chain ID: 1", "Chain ID: " + "1" * 1000),
    "no chain id": TEXT.replace("Chain ID: 1\n", ""),
    "label in lower case": TEXT.replace("Nonce:", "nonce:"),
    "no blank after a label": TEXT.replace("Nonce: ", "Nonce:"),
    "two blanks after a label": TEXT.replace("Nonce: ", "Nonce:  "),
    "nonce of seven": TEXT.replace(NONCE, "1234567"),
    "nonce with a hyphen": TEXT.replace(NONCE, "1234-5678"),
    "no nonce": TEXT.replace(f"Nonce: {NONCE}\n", ""),
    "two nonces": TEXT.replace(f"Nonce: {NONCE}", f"Nonce: {NONCE}\nNonce: {NONCE}"),
    "no time of issue": TEXT.replace("Issued At: 2023-11-14T22:13:20Z\n", ""),
    "time without a zone": TEXT.replace("22:13:20Z", "22:13:20"),
    "time with a blank": TEXT.replace("14T22:13", "14 22:13"),
    "time with a comma": TEXT.replace("22:13:20Z", "22:13:20,5Z"),
    "time with a point alone": TEXT.replace("22:13:20Z", "22:13:20.Z"),
    "day that never was": TEXT.replace("11-14T22:13", "02-30T22:13"),
    "leap second": TEXT.replace("22:13:20Z", "22:13:60Z"),
    "offset of a whole day": TEXT.replace("22:13:20Z", "22:13:20+24:00"),
    "offset without minutes": TEXT.replace("22:13:20Z", "22:13:20+08"),
    "time in words": TEXT.replace("2023-11-14T22:23:20Z", "Tue Nov 14 2023"),
    "fields out of order": TEXT.replace("Version: 1\nChain ID: 1", "Chain ID: 1\nVersion: 1"),
    "not before ahead of the end": TEXT.replace(
        "\nExpiration", "\nNot Before: 2023-11-14T22:13:20Z\nExpiration"
    ),
    "request id after resources": TEXT + "\nResources:\nRequest ID: a",
    "blank in the request id": TEXT + "\nRequest ID: a b",
    "resource that is no uri": TEXT + "\nResources:\n- hours.example",
    "second resource on one line": TEXT + "\nResources:\n- https://a - https://b",
    "resource without a dash": TEXT + "\nResources:\nhttps://a",
    "words after the label of resources": TEXT + "\nResources: none",
}


@pytest.mark.parametrize("fault", FORM_FAULTS)
def test_a_text_of_any_other_form_is_refused_though_signed(fault: str) -> None:
    text = FORM_FAULTS[fault]
    with pytest.raises(AccessRefused) as caught:
        verify(text, personal_sign("ann", text), AUDIENCE, START)
    assert caught.value.problem is AccessProblem.FORM


@given(st.text(st.characters(), max_size=200))
def test_no_text_whatever_makes_the_parser_fail_otherwise(text: str) -> None:
    for tried in (text, f"{TEXT}\n{text}", TEXT.replace(STATEMENT, text)):
        try:
            assert parse(tried).render() == tried
        except AccessRefused as refusal:
            assert refusal.problem is AccessProblem.FORM  # noqa: PT017 - either outcome is judged


# The borrowed rules.


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2023-11-14T22:13:20Z", START),
        ("2023-11-14t22:13:20z", START),
        ("2023-11-15T06:13:20+08:00", START),
        ("2023-11-14T22:13:20.999999999999Z", START),
        ("0001-01-01T00:00:00+23:59", -62135683140),
        ("0000-01-01T00:00:00Z", None),
        ("2023-11-14T24:00:00Z", None),
        ("２０２３-11-14T22:13:20Z", None),
        ("2023-11-14T22:13:20Z\n", None),
    ],
)
def test_times_are_those_of_the_standard(text: str, seconds: int | None) -> None:
    assert unix_seconds(text) == seconds


@pytest.mark.parametrize(
    ("rule", "text", "whether"),
    [
        ("authority", "a", True),
        ("authority", "a:", True),
        ("authority", "", False),
        ("authority", ":80", False),
        ("authority", "a@", False),
        ("authority", "a@b@c", False),
        ("authority", "[::1]", True),
        ("authority", "[::1%eth0]", False),
        ("authority", "[1:2:3:4:5:6:7:8:9]", False),
        ("authority", "[::256.0.0.1]", False),
        ("authority", "[::1]a", False),
        ("uri", "a:", True),
        ("uri", "a:/", True),
        ("uri", "a://", True),
        ("uri", "a:b?c?/d#e?/", True),
        ("uri", "a:b#c#d", False),
        ("uri", "a:[b]", False),
        ("uri", "://b", False),
        ("uri", "a://b:c", False),
        ("uri", "a://[::300.0.0.0]/b", False),
    ],
)
def test_addresses_are_those_of_the_standard(rule: str, text: str, whether: bool) -> None:
    assert conforms(rule, text) is whether
