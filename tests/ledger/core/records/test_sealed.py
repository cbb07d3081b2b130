"""A sealed value opens under its key, for what it belongs to, unchanged; else not at all."""

import hmac
import json
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.core.records.sealed import (
    Content,
    MasterKey,
    VaultKey,
    check_text,
    decrypt,
    encrypt,
    new_content,
    open_content,
    seal_content,
)
from ledger.errors import Damaged, Refused
from ledger.refusals import Code

KEY = bytes(range(32))
MASTER = MasterKey(b"\x01" * 32)
HOLDER, LOCATOR = b"h" * 32, b"l" * 32
FIELDS = {"name": "王小明", "id_number": "110101199001011234"}

keys = st.binary(min_size=32, max_size=32)
bounds = st.lists(st.one_of(st.text("ab/0\0"), st.integers(0, 99), st.binary(max_size=3)))
names = st.from_regex(r"\A[a-z][a-z0-9_]{0,9}\Z")
values = st.text(st.characters(exclude_categories=["Cs"]), max_size=60).map(
    lambda text: unicodedata.normalize("NFC", text)
)


@given(key=keys, plain=st.binary(max_size=600), bound=bounds)
@settings(deadline=None)
def test_what_is_sealed_opens(key: bytes, plain: bytes, bound: list[Any]) -> None:
    assert decrypt(key, encrypt(key, plain, *bound), *bound) == plain


@given(plain=st.binary(max_size=100), bound=bounds, place=st.integers(0))
@settings(deadline=None, max_examples=300)
def test_any_flipped_bit_is_noticed(plain: bytes, bound: list[Any], place: int) -> None:
    sealed = bytearray(encrypt(KEY, plain, *bound))
    place %= len(sealed) * 8
    sealed[place // 8] ^= 1 << place % 8
    with pytest.raises(Damaged, match="vault"):
        decrypt(KEY, bytes(sealed), *bound)


def test_every_cut_and_every_addition_is_noticed() -> None:
    sealed = encrypt(KEY, b"plain", "bound")
    for other in [sealed[:n] for n in range(len(sealed))] + [sealed + b"\0", b"\0" + sealed]:
        with pytest.raises(Damaged, match="vault"):
            decrypt(KEY, other, "bound")


@given(bound=bounds, other=bounds)
@settings(deadline=None, max_examples=300)
def test_a_value_opens_only_for_what_it_belongs_to(bound: list[Any], other: list[Any]) -> None:
    sealed = encrypt(KEY, b"plain", *bound)
    if bound == other:
        assert decrypt(KEY, sealed, *other) == b"plain"
        return
    with pytest.raises(Damaged, match="moved"):
        decrypt(KEY, sealed, *other)


def test_parts_do_not_run_into_each_other_nor_pass_for_another_type() -> None:
    sealed = encrypt(KEY, b"plain", "ab", b"\x00", 1)
    for other in (("a", "b", b"\x00", 1), ("ab", "00", 1), ("ab", b"\x00", "1"), ("ab", b"\x00")):
        with pytest.raises(Damaged, match="moved"):
            decrypt(KEY, sealed, *other)


@given(key=keys, other=keys)
@settings(deadline=None)
def test_another_key_opens_nothing(key: bytes, other: bytes) -> None:
    sealed = encrypt(key, b"plain")
    if key != other:
        with pytest.raises(Damaged, match="another key"):
            decrypt(other, sealed)


def hkdf(secret: bytes, info: bytes) -> bytes:
    """RFC 5869 for one block, without salt."""
    extracted = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")


def test_keys_and_associated_data_are_those_of_the_description() -> None:
    secret = b"\x01" * 32
    wrapping = hkdf(secret, b"hourledger vault/v1 wrapping")
    assert MASTER.id == hkdf(secret, b"hourledger vault/v1 key id")[:8]
    wrapped = MASTER.wrap(KEY, HOLDER)
    bound = ["hourledger vault/v1", ["str", "key"], ["bytes", HOLDER.hex()]]
    associated = json.dumps(bound, separators=(",", ":")).encode()
    assert AESGCM(wrapping).decrypt(wrapped[:12], wrapped[12:], associated) == KEY
    names_key = hkdf(KEY, b"hourledger vault/v1 names")
    assert VaultKey(KEY).holder("0xA") == hmac.digest(names_key, b'["holder","0xA"]', "sha256")


def test_a_value_sealed_by_the_first_version_still_opens() -> None:
    sealed = bytes.fromhex(FIRST_VERSION)
    found = open_content(KEY, HOLDER, LOCATOR, "identity", 1, sealed)
    assert found == Content("identity", "", 1, b"s" * 32, FIELDS)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_master_key_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        MasterKey(bytes(length))


def test_a_wrapped_key_is_unwrapped_by_its_master_key_alone() -> None:
    other = MasterKey(b"\x02" * 32)
    wrapped = MASTER.wrap(KEY, HOLDER)
    assert MASTER.unwrap(MASTER.id, wrapped, HOLDER) == KEY
    with pytest.raises(Damaged) as refused:
        other.unwrap(MASTER.id, wrapped, HOLDER)
    assert refused.value.check == "master key"
    for master, key_id, holder in ((other, other.id, HOLDER), (MASTER, MASTER.id, LOCATOR)):
        with pytest.raises(Damaged) as refused:
            master.unwrap(key_id, wrapped, holder)
        assert refused.value.check == "vault"


def test_pseudonyms_differ_by_vault_person_kind_and_subject() -> None:
    one, two = VaultKey(KEY), VaultKey(b"\x02" * 32)
    found = [
        *(key.holder(address) for key in (one, two) for address in ("0xA", "0xB")),
        *(
            one.locator(*parts)
            for parts in (("0xA", "k", "s"), ("0xB", "k", "s"), ("0xA", "ks", ""), ("0xA", "k", ""))
        ),
    ]
    assert len(set(found)) == len(found)
    assert one.holder("0xA") == VaultKey(KEY).holder("0xA")


def test_an_actor_opens_only_on_its_own_line() -> None:
    key = VaultKey(KEY)
    sealed = key.seal_actor("0xA", 3, "audit")
    assert key.open_actor(sealed, 3, "audit") == "0xA"
    with pytest.raises(Damaged, match="vault"):
        key.open_actor(sealed, 4, "audit")


@given(fields=st.dictionaries(names, values, min_size=1, max_size=5), subject=values)
@settings(deadline=None)
def test_a_content_opens_to_what_was_committed_to(fields: dict[str, str], subject: str) -> None:
    content = new_content("service", subject, 2, fields)
    sealed = seal_content(KEY, HOLDER, LOCATOR, content)
    found = open_content(KEY, HOLDER, LOCATOR, "service", 2, sealed)
    assert found == content
    assert found.fields == fields
    assert found.commitment == content.commitment


def test_the_commitment_is_the_hash_of_salt_and_canonical_fields() -> None:
    content = new_content("identity", "", 1, FIELDS)
    text = '{"id_number":"110101199001011234","name":"王小明"}'
    assert content.commitment == sha256(content.salt + text.encode()).digest()


CHANGES: list[Callable[[Content], tuple[bytes, bytes, str, int]]] = [
    lambda content: (LOCATOR, LOCATOR, content.kind, content.version),
    lambda content: (HOLDER, HOLDER, content.kind, content.version),
    lambda content: (HOLDER, LOCATOR, "evidence", content.version),
    lambda content: (HOLDER, LOCATOR, content.kind, content.version + 1),
]


@pytest.mark.parametrize("change", CHANGES, ids=["holder", "locator", "kind", "version"])
def test_a_content_opens_in_its_own_place_alone(
    change: Callable[[Content], tuple[bytes, bytes, str, int]],
) -> None:
    content = new_content("identity", "", 1, FIELDS)
    sealed = seal_content(KEY, HOLDER, LOCATOR, content)
    with pytest.raises(Damaged, match="moved"):
        open_content(KEY, *change(content), sealed)


def test_nothing_is_sealed_or_salted_twice_alike() -> None:
    contents = [new_content("identity", "", 1, FIELDS) for _ in range(20)]
    assert len({content.salt for content in contents}) == 20
    assert len({seal_content(KEY, HOLDER, LOCATOR, contents[0])[:12] for _ in range(20)}) == 20


def test_a_sealed_length_does_not_tell_one_name_from_another() -> None:
    short, long = (
        seal_content(KEY, HOLDER, LOCATOR, new_content("identity", "", 1, {"name": name}))
        for name in ("李四", "阿卜杜热合曼·买买提吐尔逊")
    )
    assert len(short) == len(long)


def test_printing_shows_no_value_and_no_key() -> None:
    content = new_content("identity", "秘密", 1, FIELDS)
    shown = repr(content) + str(content) + repr(replace(content, version=2))
    for secret in (*FIELDS.values(), "秘密", content.salt.hex(), repr(content.salt)):
        assert secret not in shown
    assert "01010101" not in repr(MASTER)
    assert "x01" not in repr(MASTER)


SECRET = "Cafe\u0301 王小明"  # not in normal form C


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {f"f{n}": "x" for n in range(65)},
        {"": "x"},
        {"name\n": "x"},
        {"n" * 101: "x"},
        {"\ud800": "x"},
        {"name": SECRET},
        {"name": "王小明\ud800"},
        {"name": "王" * 1366},
        {"name": 7},
        {"name": None},
    ],
)
def test_malformed_fields_are_refused_without_their_values(fields: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        new_content("identity", "", 1, fields)
    assert refused.value.code is Code.BAD_VALUE
    assert "王" not in str(refused.value)


def test_text_of_the_longest_length_is_taken() -> None:
    check_text("王" * 1365 + "a", "text")
    with pytest.raises(Refused):
        check_text("王" * 1365 + "aa", "text")


FIRST_VERSION = (
    "bd1f23863cefb01e994cbab1a56b96194b0c5ef122ccd0a14884c7d8601b9c16b41d26d3e9671f711f574211"
    "e4aa13262067347a5bfa959ddfd8ffe6305b6070a20985121d44521f24f9c8a3cd3a2031c22f65c0b5d2b534"
    "34bb320d329459ae8d2375c20dfa1422c08b8b8739a16a2b195b2ac0f8ec90b7557f80fe0980bc5c3b988260"
    "45340c16ccf24c9b8bff606d45aa15b7e24a754b0c3566de1004f5ba9f75995aa1ef7a5d2580cc25ce8b0f78"
    "3fa5fe5234e7625ece2af336bdaf885e4a6fb8527bf00d54f1a82860bfd2e7f2718f81ba7540945c003712b9"
    "40ac3cbbc6113f971f64eaf0335a948859ed26143334102f8e0ce19e925c6666b9b37450a42322b49ec07519"
    "b6d3ce6d74e35cc8e49b5da1c71e3e272fed2f17"
)
