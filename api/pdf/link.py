"""What a QR code on paper says: a web address whose fragment finds the certificate, or is it.

    https://HOST/verify#R.LEDGER.RECORD.CODE    online: fetch this record of this ledger by its code
    https://HOST/verify#Z.DATA                  offline: the proof file itself

LEDGER and RECORD are 32 bytes, CODE is 16 bytes that open the file on the server, DATA is a zlib
stream (RFC 1950), each in base32 (RFC 4648 §6, capital letters, no padding): a QR code holds it in
its compact alphanumeric mode, and an address bar takes it unchanged. Browsers never send a fragment
to the server.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from dataclasses import dataclass
from typing import Final

from api.errors import WrongUse
from ledger.errors import ProofError

ADDRESS_MAX: Final = 120
"""Longest web address before the fragment: it costs more room in a QR code than the rest."""

CODE_BYTES: Final = 16
"""Length of the code: nobody guesses it."""

OFFLINE_BYTES_MAX: Final = 1250
"""Longest zlib stream: 2,000 characters of base32, which with an address fit QR version 27."""

INFLATED_MAX: Final = 64 * 1024
"""Longest proof file that an offline link may hold. What zlib makes of 1,250 bytes of honest JSON
is under 10,000; the bound is against a bomb."""

LINK_MAX: Final = ADDRESS_MAX + 3 + OFFLINE_BYTES_MAX * 8 // 5 + 1

_ADDRESS: Final = re.compile(r"https?://[a-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?\Z")
_BASE32: Final = re.compile(r"[A-Z2-7]+\Z")


@dataclass(frozen=True, slots=True)
class Online:
    """Where to find a certificate: its ledger's id and its record's id (32 bytes each), and the
    code (16 bytes) with which the server gives it out."""

    ledger: bytes
    record: bytes
    code: bytes


@dataclass(frozen=True, slots=True)
class Offline:
    """A proof file, whole."""

    data: bytes


def make_link(address: str, what: Online | Offline) -> str:
    """The text of the QR code; `address` is that of the page that checks.

    Raises `WrongUse` if the address is none, or the proof file is too large for a QR code.
    """
    if len(address) > ADDRESS_MAX or not _ADDRESS.match(address):
        raise WrongUse(f"the page's address must be http(s), plain, up to {ADDRESS_MAX} characters")
    if isinstance(what, Online):
        parts = (what.ledger, what.record, what.code)
        return f"{address}#R.{'.'.join(map(_base32, parts))}"
    packed = zlib.compress(what.data, 9)
    if len(packed) > OFFLINE_BYTES_MAX or len(what.data) > INFLATED_MAX:
        raise WrongUse(
            f"the proof file has {len(packed)} bytes when compressed, a QR code takes "
            f"{OFFLINE_BYTES_MAX}: print the online link"
        )
    return f"{address}#Z.{_base32(packed)}"


def read_link(text: str) -> Online | Offline:
    """What a scanned text says. Raises `ProofError` (`format`, with the reason) for anything that
    `make_link` does not write."""
    if len(text) > LINK_MAX:
        raise _refused("it is longer than any link")
    address, _, fragment = text.partition("#")
    if len(address) > ADDRESS_MAX or not _ADDRESS.match(address):
        raise _refused("it does not begin with a web address")
    match fragment.split("."):
        case ["R", ledger, record, code]:
            return Online(_sized(ledger, 32), _sized(record, 32), _sized(code, CODE_BYTES))
        case ["Z", data]:
            return Offline(_inflated(_bytes(data)))
    raise _refused("its fragment has another form")


def _refused(reason: str) -> ProofError:
    return ProofError("format", f"this is no link to a certificate: {reason}")


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    """Base32 without padding; one spelling for each byte string."""
    if not _BASE32.match(text):
        raise _refused("it has characters that are not base32")
    try:
        data = base64.b32decode(text + "=" * (-len(text) % 8))
    except binascii.Error:
        raise _refused("its base32 has a wrong length") from None
    if _base32(data) != text:
        raise _refused("its base32 has bits left over")
    return data


def _sized(text: str, size: int) -> bytes:
    data = _bytes(text)
    if len(data) != size:
        raise _refused(f"a part of it is not of {size} bytes")
    return data


def _inflated(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        data = unpacking.decompress(packed, INFLATED_MAX)
    except zlib.error:
        raise _refused("its data are damaged") from None
    if not unpacking.eof or unpacking.unused_data:
        raise _refused("its data are cut short, run on, or are too large")
    return data
