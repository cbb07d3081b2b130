"""What is signed is EIP-712 as wallets have it, and a signature has one spelling."""

from dataclasses import replace
from typing import Any

import pytest
from coincurve import PrivateKey
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.core.format.structs import Body, body_to_json, struct_hash, type_string
from ledger.core.kinds.registry import KINDS, Service, SheetBody
from ledger.core.records.record import Record, Sheet, SignatureClaim, digest, domain_separator
from ledger.core.records.signing import (
    CURVE_ORDER,
    address_of,
    check_claim,
    check_signatures,
    leaf_of,
    recover,
    sign,
    sign_sheet,
)
from ledger.core.trees.merkle import inclusion_path, reader_of, root
from ledger.errors import Refused
from ledger.refusals import Code
from tests.builders import any_records
from tests.builders.records import START, ZERO, Town, address, key
from tests.vectors.typed_data import SHEET, TYPES, Types, typed_data

TOWN = Town()
LEDGER = TOWN.ledger
SERVICE = TOWN.service_body("org", "ann", ZERO, START, 60)
MESSAGE = digest(LEDGER, SERVICE)
CLAIM = sign(LEDGER, SERVICE, "organisation", key("org"))


def code_of_claim(claim: SignatureClaim, record: bytes = MESSAGE, ledger: bytes = LEDGER) -> Any:
    try:
        check_claim(ledger, record, claim)
    except Refused as refusal:
        return refusal.code
    return None


# The digest, beside eth_account and types written by hand.


def eth_account_hashes(typed: tuple[str, Types], body: Body) -> tuple[bytes, bytes, bytes]:
    """(domain separator, struct hash, digest) as eth_account computes them."""
    document = typed_data(LEDGER, typed, body_to_json(body))
    signable = encode_typed_data(full_message=document)
    whole = b"\x19" + signable.version + signable.header + signable.body
    return signable.header, signable.body, keccak(whole)


def our_hashes(body: Body) -> tuple[bytes, bytes, bytes]:
    return domain_separator(LEDGER), struct_hash(body), digest(LEDGER, body)


def test_every_kind_has_types_written_by_hand() -> None:
    assert TYPES.keys() == KINDS.keys()
    assert {name: kind.body.primary_type for name, kind in KINDS.items()} == {
        kind: primary_type for kind, (primary_type, _) in TYPES.items()
    }


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_the_digest_of_any_body_is_that_of_eth_account(kind: str, data: st.DataObject) -> None:
    body = data.draw(any_records.made_bodies(KINDS[kind].body))
    assert our_hashes(body) == eth_account_hashes(TYPES[kind], body)


@settings(deadline=None, max_examples=20)
@given(any_records.made_bodies(SheetBody))
def test_the_digest_of_any_sheet_is_that_of_eth_account(body: SheetBody) -> None:
    assert our_hashes(body) == eth_account_hashes(SHEET, body)


def test_a_type_string_names_inner_types_behind_the_outer_one() -> None:
    policy = "Policy(uint32 minutes_per_yibi,uint32 session_minutes_max,"
    text = type_string(KINDS["genesis"].body)
    assert text.startswith("Genesis(string name,string home,string origin,bytes32 log_key,")
    assert text.count("Policy(") == text.count("Target(") == 1
    assert text.index(policy) == text.index(")") + 1
    assert text.index("Target(") > text.index(policy)


def test_the_digest_binds_every_field_and_the_ledger() -> None:
    other = digest(bytes(32), SERVICE)
    found = {MESSAGE, other}
    plain = body_to_json(SERVICE)
    changes: dict[str, Any] = {
        "hour_class": "honour",
        "volunteer": address("bob"),
        "organisation": address("second"),
        "activity": key("x"),
        "clock_in": key("x"),
        "clock_out": key("x"),
        "confirmation": key("x"),
        "permit": key("x"),
        "started_at": START + 1,
        "ended_at": START + 1,
        "minutes": 61,
        "content": key("x"),
        "evidence": (ZERO,),
        "issued_at": START + 1,
    }
    assert changes.keys() == plain.keys()
    for name, value in changes.items():
        found.add(digest(LEDGER, replace(SERVICE, **{name: value})))
    assert len(found) == len(changes) + 2


# One signature.


def test_a_wallet_and_our_signer_write_the_same_signature() -> None:
    document = typed_data(LEDGER, TYPES["service"], body_to_json(SERVICE))
    for name in ("org", "ann", "second", "authority"):
        signed = Account.sign_typed_data(key(name), full_message=document)
        ours = sign(LEDGER, SERVICE, "organisation", key(name))
        assert bytes(signed.signature) == ours.signature
        assert ours.signer == Account.from_key(key(name)).address == address_of(key(name))
        assert recover(MESSAGE, ours.signature) == ours.signer


def test_signing_twice_gives_the_same_bytes() -> None:
    assert sign(LEDGER, SERVICE, "organisation", key("org")) == CLAIM


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32), st.integers(1, CURVE_ORDER - 1))
def test_any_key_is_recovered_from_its_signature(message: bytes, secret: int) -> None:
    private = secret.to_bytes(32, "big")
    raw = PrivateKey(private).sign_recoverable(message, hasher=None)
    assert recover(message, raw[:64] + bytes((raw[64] + 27,))) == address_of(private)


def high_s(signature: bytes) -> bytes:
    """The other signature of the same key over the same message: s → n - s, v turned."""
    s = CURVE_ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes((55 - signature[64],))


def test_the_high_s_twin_of_a_signature_is_refused() -> None:
    twin = high_s(CLAIM.signature)
    document = typed_data(LEDGER, TYPES["service"], body_to_json(SERVICE))
    signable = encode_typed_data(full_message=document)
    assert Account.recover_message(signable, signature=twin) == CLAIM.signer
    assert high_s(twin) == CLAIM.signature
    with pytest.raises(Refused, match="s is not low"):
        recover(MESSAGE, twin)


def test_s_is_refused_from_half_the_order_on_and_at_zero() -> None:
    for s in (0, CURVE_ORDER // 2 + 1, CURVE_ORDER - 1, CURVE_ORDER, 2**256 - 1):
        odd = CLAIM.signature[:32] + s.to_bytes(32, "big") + b"\x1b"
        with pytest.raises(Refused, match="s is not low"):
            recover(MESSAGE, odd)


@pytest.mark.parametrize("v", [0, 1, 2, 26, 29, 30, 31, 35, 36, 255])
def test_v_is_27_or_28(v: int) -> None:
    with pytest.raises(Refused, match="v 27 or 28"):
        recover(MESSAGE, CLAIM.signature[:64] + bytes((v,)))


@pytest.mark.parametrize("length", [0, 1, 32, 64, 66, 130])
def test_a_signature_has_65_bytes(length: int) -> None:
    with pytest.raises(Refused, match="65 bytes") as refused:
        recover(MESSAGE, (CLAIM.signature * 2)[:length])
    assert refused.value.code is Code.BAD_SIGNATURE


@pytest.mark.parametrize("r", [0, CURVE_ORDER, CURVE_ORDER + 1, 2**256 - 1, 5])
def test_an_r_that_is_no_point_of_the_curve_recovers_no_key(r: int) -> None:
    odd = r.to_bytes(32, "big") + CLAIM.signature[32:]
    with pytest.raises(Refused, match="no key recovers"):
        recover(MESSAGE, odd)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=70) | st.binary(min_size=64, max_size=64).map(lambda b: b + b"\x1b"))
def test_any_bytes_recover_an_address_or_are_refused(signature: bytes) -> None:
    try:
        assert recover(MESSAGE, signature) != CLAIM.signer
    except Refused as refusal:
        assert refusal.code is Code.BAD_SIGNATURE  # noqa: PT017


def test_another_signer_record_or_ledger_is_refused() -> None:
    assert code_of_claim(CLAIM) is None
    assert code_of_claim(replace(CLAIM, signer=address("ann"))) is Code.BAD_SIGNATURE
    assert code_of_claim(CLAIM, record=key("x")) is Code.BAD_SIGNATURE
    elsewhere = digest(bytes(32), SERVICE)
    assert code_of_claim(CLAIM, elsewhere, bytes(32)) is Code.BAD_SIGNATURE


def test_any_bit_of_a_signature_counts() -> None:
    for bit in range(65 * 8):
        data = bytearray(CLAIM.signature)
        data[bit // 8] ^= 1 << bit % 8
        assert code_of_claim(replace(CLAIM, signature=bytes(data))) is Code.BAD_SIGNATURE


def test_every_claim_of_a_record_is_checked() -> None:
    own = sign(LEDGER, SERVICE, "volunteer", key("ann"))
    good = Record(SERVICE, (CLAIM, own))
    assert check_signatures(LEDGER, good) == MESSAGE
    for claims in (
        (CLAIM, replace(own, signer=address("eve"))),
        (replace(own, signer="0x"), CLAIM),
    ):
        with pytest.raises(Refused) as refused:
            check_signatures(LEDGER, Record(SERVICE, claims))
        assert refused.value.code is Code.BAD_SIGNATURE


# Sheets.


def sheet_of(count: int) -> tuple[list[Service], list[bytes], list[SignatureClaim]]:
    """Bodies, their record ids and the claims of one sheet over them."""
    bodies = [replace(SERVICE, minutes=n + 1) for n in range(count)]
    claims = sign_sheet(LEDGER, bodies, "organisation", key("org"))
    return bodies, [digest(LEDGER, body) for body in bodies], claims


@pytest.mark.parametrize("count", [*range(1, 18), 31, 32, 33, 100])
def test_one_signature_stands_for_every_record_of_a_sheet(count: int) -> None:
    _, ids, claims = sheet_of(count)
    leaves = [leaf_of(found) for found in ids]
    assert len({claim.signature for claim in claims}) == 1
    for index, (found, claim) in enumerate(zip(ids, claims, strict=True)):
        path = tuple(inclusion_path(reader_of(leaves), index, count))
        assert claim.sheet == Sheet(index, count, path)
        assert code_of_claim(claim, found) is None
    signed = digest(LEDGER, SheetBody(root(leaves), count))
    assert recover(signed, claims[0].signature) == address("org")


def changed_sheets(sheet: Sheet) -> list[Sheet]:
    """The sheet with its index, count or path changed in every single way worth a name."""
    path = sheet.path
    made = [replace(sheet, index=n) for n in range(sheet.count + 2) if n != sheet.index]
    made += [replace(sheet, count=n) for n in range(sheet.count + 4) if n != sheet.count]
    made += [replace(sheet, count=2**32 - 1), replace(sheet, index=2**53 - 1)]
    for place, hash in enumerate(path):
        flipped = bytes((hash[0] ^ 1,)) + hash[1:]
        made.append(replace(sheet, path=(*path[:place], flipped, *path[place + 1 :])))
        made.append(replace(sheet, path=path[:place] + path[place + 1 :]))
        made.append(replace(sheet, path=(*path[:place], hash, *path[place:])))
    if len(path) > 1:
        made.append(replace(sheet, path=path[::-1]))
    return [*made, replace(sheet, path=(*path, bytes(32)))]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13])
def test_any_change_of_index_count_or_path_is_refused(count: int) -> None:
    _, ids, claims = sheet_of(count)
    for found, claim in zip(ids, claims, strict=True):
        assert claim.sheet is not None
        for sheet in changed_sheets(claim.sheet):
            assert code_of_claim(replace(claim, sheet=sheet), found) is Code.BAD_SHEET, sheet


def test_a_record_that_is_not_on_the_sheet_or_in_another_place_is_refused() -> None:
    bodies, ids, claims = sheet_of(5)
    assert code_of_claim(claims[0], ids[1]) is Code.BAD_SHEET
    assert code_of_claim(claims[0], key("on no sheet")) is Code.BAD_SHEET
    turned = sign_sheet(LEDGER, bodies[::-1], "organisation", key("org"))
    assert turned[0].signature != claims[0].signature
    assert code_of_claim(turned[4], ids[0]) is None
    crossed = replace(turned[4], signature=claims[0].signature)
    assert code_of_claim(crossed, ids[0]) is Code.BAD_SHEET


def test_a_sheet_of_another_signer_or_ledger_is_refused() -> None:
    bodies, ids, claims = sheet_of(3)
    assert code_of_claim(replace(claims[0], signer=address("ann")), ids[0]) is Code.BAD_SHEET
    elsewhere = sign_sheet(bytes(32), bodies, "organisation", key("org"))
    assert code_of_claim(elsewhere[0], ids[0]) is Code.BAD_SHEET


def test_a_sheet_signature_alone_and_a_lone_signature_on_a_sheet_are_refused() -> None:
    _, ids, claims = sheet_of(1)
    assert code_of_claim(replace(claims[0], sheet=None), ids[0]) is Code.BAD_SIGNATURE
    lone = replace(CLAIM, sheet=Sheet(0, 1, ()))
    assert code_of_claim(lone) is Code.BAD_SHEET


def test_a_loose_signature_on_a_sheet_is_refused() -> None:
    _, ids, claims = sheet_of(2)
    for loose in (high_s(claims[0].signature), claims[0].signature[:64] + b"\x00", b""):
        assert code_of_claim(replace(claims[0], signature=loose), ids[0]) is Code.BAD_SIGNATURE


def test_an_inner_node_of_a_sheet_is_no_record() -> None:
    _, ids, claims = sheet_of(4)
    inner = root([leaf_of(found) for found in ids[:2]])
    assert claims[0].sheet is not None
    shorter = replace(claims[0], sheet=Sheet(0, 2, claims[0].sheet.path[1:]))
    assert code_of_claim(shorter, inner) is Code.BAD_SHEET
