"""Outside bytes become a record or a refusal with a code; there is no third way."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.core.format.limits import ENTRY_BYTES_MAX, RECORD_BYTES_MAX
from ledger.core.records.decode import decode_entry, decode_record, parse_json, read_entry
from ledger.core.records.record import Entry, Record, jcs, plain_jcs, record_to_json
from ledger.core.records.signing import sign_sheet
from ledger.errors import Refused
from ledger.refusals import Code
from tests.builders import any_records
from tests.builders.certificate_records import certificate, decision
from tests.builders.records import START, ZERO, Town, address, key

TOWN = Town()
SERVICE_BODY = TOWN.service_body("org", "ann", ZERO, START, 60)
SHEET_CLAIM = sign_sheet(TOWN.ledger, [SERVICE_BODY] * 3, "organisation", key("org"))[1]
OWN_CLAIM = TOWN.record(SERVICE_BODY, ("volunteer", "ann")).signatures[0]
SERVICE = record_to_json(Record(SERVICE_BODY, (SHEET_CLAIM, OWN_CLAIM)))
GENESIS = record_to_json(TOWN.genesis())
CERTIFY = record_to_json(TOWN.certify("org"))
ACTIVITY = record_to_json(TOWN.activity("org", START, START + 3600))
GRANT = record_to_json(TOWN.grant("org", "second", "service"))
TRANSFER = record_to_json(TOWN.transfer("ann", "bob", 1))

ENROL = record_to_json(TOWN.enrol("ann"))
CLOCK = record_to_json(TOWN.clock_event("org", "ann", ZERO, "in", START))
CERTIFICATE = record_to_json(certificate(TOWN, "org", "ann", (key("service"),)))
DECISION = record_to_json(decision(TOWN, "org", "ann", (key("service"),)))


def decode(data: bytes) -> Record:
    return decode_record(parse_json(data))


def code_of(act: Callable[[], object]) -> Code | None:
    try:
        act()
    except Refused as refusal:
        return refusal.code
    return None


def changed(plain: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """The object with one place replaced: `body/policy/version`."""
    made = copy.deepcopy(plain)
    *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    inner: Any = made
    for step in way:
        inner = inner[step]
    inner[last] = value
    return made


# What is not one strict JSON document.


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"{",
        b"nul",
        b"{} {}",
        b"{},",
        b'{"a":1,}',
        b"{'a':1}",
        b"{a:1}",
        b"// no\n{}",
        b"1.0",
        b"1e3",
        b"1E-3",
        b"-0",
        b"-0.0",
        b"[-0]",
        b"01",
        b"+1",
        b"0x1",
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"[NaN]",
        b"123456789012345678",
        b"-12345678901234567",
        b"9" * 5000,
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b'{"a":1,"\\u0061":1}',
        b'"\xff"',
        b'"\xc0\xaf"',
        b'"\xed\xa0\x80"',
        b"\xef\xbb\xbf{}",
        '{"a":1}'.encode("utf-16"),
        b'"\x00"',
        b'"\n"',
        b'"\\x41"',
        b'"\\ud8"',
        b"[" * 16,
        b"]" * 40,
    ],
)
def test_bytes_that_are_not_one_strict_json_document_are_refused(data: bytes) -> None:
    assert code_of(lambda: parse_json(data)) is Code.NOT_JSON


def test_a_record_longer_than_the_limit_is_refused_before_it_is_read() -> None:
    data = jcs(SERVICE)
    assert decode(data + b" " * (RECORD_BYTES_MAX - len(data))) == decode(data)
    too_long = data + b" " * (RECORD_BYTES_MAX + 1 - len(data))
    assert code_of(lambda: parse_json(too_long)) is Code.TOO_LARGE
    assert code_of(lambda: parse_json(b"\xff" * (RECORD_BYTES_MAX + 1))) is Code.TOO_LARGE
    assert code_of(lambda: read_entry(b" " * (ENTRY_BYTES_MAX + 1))) is Code.TOO_LARGE


@pytest.mark.parametrize(
    "nested",
    [
        lambda depth: b"[" * depth + b"]" * depth,
        lambda depth: b'{"a":' * depth + b"1" + b"}" * depth,
        lambda depth: b'["\\"]]]]",' * (depth - 1) + b"[]" + b"]" * (depth - 1),
    ],
)
def test_nesting_ends_at_16_levels(nested: Callable[[int], bytes]) -> None:
    assert code_of(lambda: parse_json(nested(16))) is None
    assert code_of(lambda: parse_json(nested(17))) is Code.TOO_LARGE
    assert code_of(lambda: parse_json(nested(3000))) is Code.TOO_LARGE


def test_brackets_inside_text_are_no_nesting() -> None:
    text = json.dumps(["[{" * 100, '\\"[[[', "}]"]).encode()
    assert parse_json(text) == ["[{" * 100, '\\"[[[', "}]"]


# What is JSON but no record.


@pytest.mark.parametrize("value", [None, True, 1, "service", [], {}, [SERVICE]])
def test_what_is_no_object_of_three_fields_is_no_record(value: object) -> None:
    assert code_of(lambda: decode_record(value)) is Code.BAD_FORM


@pytest.mark.parametrize(
    "kind", ["mint", "", "Service", "service ", "\ud800", None, 1, True, [], {}]
)
def test_an_unknown_kind_is_refused(kind: object) -> None:
    assert code_of(lambda: decode_record(changed(SERVICE, "kind", kind))) is Code.UNKNOWN_KIND


def test_the_refusal_of_an_unknown_kind_can_be_written_anywhere() -> None:
    with pytest.raises(Refused) as refused:
        decode_record(changed(SERVICE, "kind", "\ud800" + "x" * 100))
    assert refused.value.detail == "?" + "x" * 39


PARTS = ["body", "signatures/1", "signatures/0/sheet"]


@pytest.mark.parametrize("plain", [SERVICE, GENESIS, CERTIFY, ACTIVITY, GRANT, TRANSFER])
def test_a_missing_or_unknown_field_is_refused(plain: dict[str, Any]) -> None:
    for name in plain:
        rest = {other: value for other, value in plain.items() if other != name}
        assert code_of(lambda rest=rest: decode_record(rest)) is Code.BAD_FORM
    for name in plain["body"]:
        made = copy.deepcopy(plain)
        del made["body"][name]
        assert code_of(lambda made=made: decode_record(made)) is Code.BAD_FORM
    assert code_of(lambda: decode_record({**plain, "extra": 1})) is Code.BAD_FORM
    assert code_of(lambda: decode_record(changed(plain, "body/extra", 1))) is Code.BAD_FORM


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("odd", [None, [], "x", 1, True, {}, {"extra": 1}])
def test_a_part_of_another_form_is_refused(part: str, odd: object) -> None:
    assert code_of(lambda: decode_record(changed(SERVICE, part, odd))) is Code.BAD_FORM


def test_a_claim_or_sheet_with_an_unknown_or_missing_field_is_refused() -> None:
    for part in ("signatures/0", "signatures/0/sheet"):
        grown = changed(SERVICE, f"{part}/extra", 1)
        assert code_of(lambda grown=grown: decode_record(grown)) is Code.BAD_FORM
    for field in ("role", "signer", "signature"):
        made = copy.deepcopy(SERVICE)
        del made["signatures"][0][field]
        assert code_of(lambda made=made: decode_record(made)) is Code.BAD_FORM
    for field in ("index", "count", "path"):
        made = copy.deepcopy(SERVICE)
        del made["signatures"][0]["sheet"][field]
        assert code_of(lambda made=made: decode_record(made)) is Code.BAD_FORM


def test_more_signatures_or_path_hashes_than_the_limit_are_refused() -> None:
    claim, hash = SERVICE["signatures"][1], "0x" + "00" * 32
    full = changed(SERVICE, "signatures", [claim] * 64)
    assert len(decode_record(full).signatures) == 64
    over = changed(SERVICE, "signatures", [claim] * 65)
    assert code_of(lambda: decode_record(over)) is Code.BAD_FORM
    assert code_of(lambda: decode_record(changed(SERVICE, "signatures", {}))) is Code.BAD_FORM
    long = changed(SERVICE, "signatures/0/sheet/path", [hash] * 33)
    assert code_of(lambda: decode_record(long)) is Code.BAD_FORM


HASH = "0x" + "ab" * 32
NOTHING = "0x" + "00" * 32
ANN = address("ann")
BAD_VALUES: list[tuple[dict[str, Any], str, list[object]]] = [
    (
        SERVICE,
        "body/minutes",
        [True, False, None, "60", 60.0, [60], {}, 0, -1, 2**32, 2**53, 2**64],
    ),
    (SERVICE, "body/started_at", [True, "1", -1, 2**53, None]),
    (TRANSFER, "body/coins", [True, 0, -1, 2**53, "1"]),
    (
        SERVICE,
        "body/activity",
        [None, 1, "", "0x", HASH.upper(), HASH.replace("a", "A"), HASH[2:], HASH[:-2], HASH + "00"],
    ),
    (SERVICE, "body/activity", [HASH + "\n", " " + HASH, HASH[:-1] + "g", HASH[:-1] + "\uff11"]),
    (
        SERVICE,
        "body/volunteer",
        [None, 1, "", ANN.lower(), ANN.upper(), "0x" + ANN[2:].upper(), ANN.swapcase(), ANN[2:]],
    ),
    (SERVICE, "body/volunteer", ["0x" + "0" * 40, ANN[:-1], ANN + "0", ANN + "\n", "ann"]),
    (
        ACTIVITY,
        "body/title",
        [
            None,
            1,
            True,
            [],
            "",
            "a" * 201,
            "\u6cb3" * 67,
            "\ud800",
            "a\udfffb",
        ],
    ),
    (
        ACTIVITY,
        "body/title",
        ["a\0", "a\n", "a\tb", "\x7f", "\x85", "\u200b", "\u202e", "\ufeff", "\u061c", "\ue000"],
    ),
    (SERVICE, "body/hour_class", [None, 1, "", "Credit", "credit ", "gold", ["credit"]]),
    (SERVICE, "body/evidence", [None, "x", {}, [1], [HASH, HASH], [HASH.upper()]]),
    (SERVICE, "body/evidence", [[f"0x{n:064x}" for n in range(1, 66)]]),
    (SERVICE, "body/evidence", [[NOTHING], [HASH, NOTHING]]),
    (ENROL, "body/identity", [NOTHING]),
    (CLOCK, "body/device", [NOTHING]),
    (CERTIFICATE, "body/credential", [NOTHING]),
    (CERTIFICATE, "body/services", [NOTHING]),
    (DECISION, "body/rules", [NOTHING]),
    (DECISION, "body/report", [NOTHING]),
    (DECISION, "body/services", [[NOTHING]]),
    (GRANT, "body/scopes", [[], ["service", "service"], ["mint"], [None]]),
    (GENESIS, "body/authorities", [[], [ANN, ANN], [ANN.lower()], ["0x" + "0" * 40]]),
    (GENESIS, "body/policy/minutes_per_yibi", [0, True, "60"]),
    (GENESIS, "body/policy/star_hours", [[0], [True], [100, 100]]),
    (SERVICE, "signatures/0/role", [None, 1, "", "Organisation", "two words", "a" * 17, "a\n"]),
    (SERVICE, "signatures/0/signer", [None, ANN.lower(), "0x" + "0" * 40]),
    (SERVICE, "signatures/0/sheet/index", [True, -1, 2**53, "0", None]),
    (SERVICE, "signatures/0/sheet/count", [True, 0, -1, 2**32, "3"]),
    (SERVICE, "signatures/0/sheet/path", [[None], [HASH.upper()], [HASH[:-2]], [HASH + "\n"]]),
]


@pytest.mark.parametrize(
    ("plain", "path", "value"),
    [(plain, path, value) for plain, path, values in BAD_VALUES for value in values],
)
def test_a_value_of_another_type_range_or_spelling_is_refused(
    plain: dict[str, Any], path: str, value: object
) -> None:
    assert code_of(lambda: decode_record(changed(plain, path, value))) is Code.BAD_VALUE


@pytest.mark.parametrize(
    "signature",
    [None, 1, "", "0x", "0x" + "ab" * 64, "0x" + "AB" * 65, "ab" * 66, "0x" + "ab" * 66],
)
def test_a_signature_of_another_spelling_is_refused(signature: object) -> None:
    made = changed(SERVICE, "signatures/1/signature", signature)
    assert code_of(lambda: decode_record(made)) is Code.BAD_SIGNATURE


@pytest.mark.parametrize(
    ("plain", "path", "value"),
    [
        (SERVICE, "body/minutes", 2**32 - 1),
        (SERVICE, "body/started_at", 2**53 - 1),
        (SERVICE, "body/started_at", 0),
        (SERVICE, "body/evidence", [f"0x{n:064x}" for n in range(1, 65)]),
        (ACTIVITY, "body/title", "a" * 200),
        (ACTIVITY, "body/title", "\u6cb3\u5cb8\u6e05\u6d01 \u2014 \U0001f30a"),
        # Of no version of Unicode yet, not in normal form C, and a variant of a Han character.
        (ACTIVITY, "body/title", "\u0378 e\u0301 \u845b\U000e0100"),
        (CERTIFY, "body/successor", "0x" + "0" * 40),
        (SERVICE, "signatures", []),
    ],
)
def test_the_edge_of_every_range_is_taken(plain: dict[str, Any], path: str, value: object) -> None:
    made = changed(plain, path, value)
    assert record_to_json(decode_record(made)) == made


# Entries.


def entry() -> dict[str, Any]:
    return Entry(7, START, decode_record(SERVICE)).to_json()


@pytest.mark.parametrize("value", [None, [], 1, {}, {"record": SERVICE}])
def test_what_is_no_object_of_three_fields_is_no_entry(value: object) -> None:
    assert code_of(lambda: decode_entry(value)) is Code.BAD_FORM
    assert code_of(lambda: decode_entry({**entry(), "extra": 1})) is Code.BAD_FORM


@pytest.mark.parametrize("field", ["index", "accepted_at"])
@pytest.mark.parametrize("value", [True, -1, 2**53, "7", None])
def test_the_numbers_of_an_entry_are_whole_and_small(field: str, value: object) -> None:
    assert code_of(lambda: decode_entry({**entry(), field: value})) is Code.BAD_VALUE


def test_stored_bytes_are_exactly_the_canonical_form() -> None:
    data = jcs(entry())
    assert read_entry(data).to_bytes() == data
    loose = [
        data + b"\n",
        b" " + data,
        data.replace(b":", b": ", 1),
        json.dumps(entry()).encode(),
        data.replace(b"service", b"\\u0073ervice", 1),
    ]
    for other in loose:
        assert decode_entry(parse_json(other)) == read_entry(data)
        assert code_of(lambda other=other: read_entry(other)) is Code.NOT_JSON


# Whatever comes.

FREE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
VALID = [jcs(plain) for plain in (SERVICE, GENESIS, CERTIFY, ACTIVITY, GRANT, TRANSFER)]
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=10,
)


def only_refuses(act: Callable[[], object]) -> None:
    """Any other exception than a refusal, of whatever type, fails the test."""
    refused = code_of(act)
    assert refused is None or refused.category in ("format", "signature", "capacity")


@FREE
@given(st.binary(max_size=200) | ANY_JSON.map(lambda v: json.dumps(v).encode()))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    only_refuses(lambda: decode(data))
    only_refuses(lambda: read_entry(data))


@settings(FREE, max_examples=400)
@given(st.sampled_from(VALID), st.integers(0, 10**6), st.binary(max_size=3), st.integers(0, 3))
def test_any_changed_bytes_of_a_record_are_decoded_or_refused(
    data: bytes, place: int, new: bytes, dropped: int
) -> None:
    at = place % len(data)
    only_refuses(lambda: decode(data[:at] + new + data[at + dropped :]))


@settings(FREE, max_examples=300)
@given(st.sampled_from(VALID), st.integers(0, 10**6), ANY_JSON)
def test_any_value_at_any_place_of_a_record_is_decoded_or_refused(
    data: bytes, place: int, value: object
) -> None:
    plain = json.loads(data)
    ways = list(places(plain))
    *way, last = ways[place % len(ways)]
    inner = plain
    for step in way:
        inner = inner[step]
    inner[last] = value
    only_refuses(lambda: decode_record(plain))


def places(value: Any) -> list[tuple[Any, ...]]:
    """The way to every member and item."""
    members = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[tuple[Any, ...]] = []
    for name, inner in members:
        found.append((name,))
        if isinstance(inner, dict | list):
            found += [(name, *rest) for rest in places(inner)]
    return found


@settings(FREE, max_examples=200)
@given(any_records.entries)
def test_what_is_encoded_is_decoded_to_the_same_entry(made: Entry) -> None:
    data = made.to_bytes()
    assert read_entry(data) == made
    assert decode_entry(json.loads(json.dumps(made.to_json()))) == made
    assert decode_record(record_to_json(made.record)) == made.record


@given(any_records.records)
def test_our_own_values_are_written_as_the_library_writes_them(record: Record) -> None:
    value = record_to_json(record)
    assert plain_jcs(value) == rfc8785.dumps(value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_any_value_without_fractions_is_written_as_the_library_writes_it(value: object) -> None:
    assert plain_jcs(value) == rfc8785.dumps(value)
