"""W3C Bitstring Status List v1.0: for wallets that do not know our ledger, one bit a certificate.

What became of a certificate is proved by the ledger. A wallet asks less: it fetches one list of the
organisation, in which all its certificates hide each other, and looks at one bit.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.certificates.credential import LIST_URL
from api.certificates.data_integrity import check_issuer, sign_all
from api.certificates.did import method_of
from api.certificates.times import from_stamp, to_stamp
from ledger.core.records.record import jcs
from ledger.core.state.totals import STATES
from ledger.errors import ProofError

BITS_MIN: Final = 131_072
"""Least number of bits of a list (§2.2 of the standard): so many hide each holder."""

BITS_MAX: Final = 8 * 1024 * 1024
"""Most bits of a list that is read: 1 MiB, against a gzip bomb."""

REVOKED: Final = frozenset(("void", "amended"))
"""Statuses that set the bit. A disputed certificate is not revoked."""

_TEXT_MAX: Final = 2 * BITS_MAX // 8
_BASE64URL: Final = re.compile(r"u[A-Za-z0-9_-]+\Z")


@dataclass(frozen=True, slots=True)
class StatusList:
    """A list at a time: who issues it (a DID), where it is served, from when and until when (Unix
    s) it holds, and the bits, the first bit of the first byte being index 0."""

    issuer: str
    url: str
    valid_from: int
    valid_until: int
    bits: bytes

    def is_revoked(self, index: int) -> bool:
        """Whether the bit of an index is set. Raises `ProofError` for an index beyond the list."""
        if not 0 <= index < 8 * len(self.bits):
            raise ProofError("status", "the index is beyond the list")
        return bool(self.bits[index // 8] >> (7 - index % 8) & 1)


def draw_index(
    taken: Collection[int], below: Callable[[int], int], size: int = BITS_MIN
) -> int | None:
    """An index that nobody has, by chance (`below(n)` gives 0 to n - 1, as `secrets.randbelow`):
    it tells neither when nor after whom a certificate was issued. None once half are taken: it is
    time for another list."""
    if 2 * len(taken) >= size:
        return None
    while True:
        index = below(size)
        if index not in taken:
            return index


def bits_of(statuses: Mapping[int, str], size: int = BITS_MIN) -> bytes:
    """The bits of a list from the status of the certificate at each index, as the ledger has it.
    Raises `ValueError` for what is no status, index or size."""
    if not BITS_MIN <= size <= BITS_MAX or size % 8:
        raise ValueError("a list has 131,072 to 8,388,608 bits, in whole bytes")
    if not set(statuses.values()) <= set(STATES):
        raise ValueError("not a status of the ledger")
    return _set(bytearray(size // 8), (i for i, word in statuses.items() if word in REVOKED))


def _set(bits: bytearray, indices: Iterable[int]) -> bytes:
    for index in indices:
        if not 0 <= index < 8 * len(bits):
            raise ValueError("the index is beyond the list")
        bits[index // 8] |= 0x80 >> index % 8
    return bytes(bits)


def signed_list(made: StatusList, key: Ed25519PrivateKey) -> dict[str, Any]:
    """The signed credential of a list. Raises `ValueError` for times without four digits."""
    method = method_of(made.issuer, key.public_key().public_bytes_raw())
    return sign_all(_document(made, encode_bits(made.bits)), key, method, made.valid_from)


def read_list(document: object, now: int) -> tuple[StatusList, bytes]:
    """A list, and the Ed25519 key (32 bytes) whose signature of it holds. Raises `ProofError` with
    check `status` for what is no list, or none that holds `now` (Unix s), `credential` for its
    signature."""
    if type(document) is not dict or type(document.get("proof")) is not list:
        raise _fail("not a signed status list")
    bare = {name: value for name, value in document.items() if name != "proof"}
    subject = bare.get("credentialSubject")
    encoded = subject.get("encodedList") if type(subject) is dict else None
    found = StatusList(
        _text(bare, "issuer"),
        _text(bare, "id"),
        _time(bare, "validFrom"),
        _time(bare, "validUntil"),
        decode_bits(encoded),
    )
    try:
        same = jcs(_document(found, str(encoded))) == jcs(bare)
    except ValueError as error:
        raise _fail("the list is not canonical JSON") from error
    if not same or not LIST_URL.match(found.url):
        raise _fail("the list has members that are not of its form")
    if not found.valid_from <= now < found.valid_until:
        raise _fail("the list does not hold now")
    signed = check_issuer(document, found.issuer, now)
    if signed.key is None or signed.ignored:
        raise ProofError("credential", "the list is signed in a way that is not known here")
    return found, signed.key


def encode_bits(bits: bytes) -> str:
    """Bits as the standard writes them: multibase base64url (`u`) of their GZIP form."""
    packer = zlib.compressobj(9, wbits=31)
    packed = packer.compress(bits) + packer.flush()
    return "u" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode_bits(text: object) -> bytes:
    """The bits of an encoded list, at most `BITS_MAX`; `ProofError("status", …)` for all else."""
    if type(text) is not str or len(text) > _TEXT_MAX or not _BASE64URL.match(text):
        raise _fail("the list is not in multibase base64url")
    try:
        packed = base64.urlsafe_b64decode(text[1:] + "=" * (-(len(text) - 1) % 4))
        unpacker = zlib.decompressobj(wbits=31)
        bits = unpacker.decompress(packed, BITS_MAX // 8 + 1)
    except (ValueError, zlib.error) as error:
        raise _fail("the list is not GZIP in base64url") from error
    if base64.urlsafe_b64encode(packed).decode().rstrip("=") != text[1:]:
        raise _fail("the list is not in its one spelling of base64url")
    if not unpacker.eof or unpacker.unused_data or not BITS_MIN <= 8 * len(bits) <= BITS_MAX:
        raise _fail("the list is too short, too long, or has more after it")
    return bits


def _document(made: StatusList, encoded: str) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": made.url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": made.issuer,
        "validFrom": to_stamp(made.valid_from),
        "validUntil": to_stamp(made.valid_until),
        "credentialSubject": {
            "id": made.url + "#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded,
        },
    }


def _text(parent: Mapping[str, Any], name: str) -> str:
    value = parent.get(name)
    if type(value) is not str:
        raise _fail(f"{name} is missing or of another form")
    return value


def _time(parent: Mapping[str, Any], name: str) -> int:
    seconds = from_stamp(parent.get(name))
    if seconds is None:
        raise _fail(f"{name} is missing or of another form")
    return seconds


def _fail(reason: str) -> ProofError:
    return ProofError("status", reason)
