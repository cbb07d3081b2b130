"""Sealed values: personal data encrypted at rest, each bound to whose it is and what it is.

    master key       32 bytes, given from outside, never stored with what it protects
      └ vault key    32 random bytes, wrapped: pseudonyms of people, names in the access log
      └ data key     32 random bytes a person, wrapped: that person's salts and fields

Destroying a wrapped data key destroys all that it sealed. A new master key re-wraps the keys and
leaves every sealed value as it is.

A sealed value is `nonce || ciphertext || tag` of AES-256-GCM (NIST SP 800-38D) with a random nonce
of 96 bits. Its associated data is the JCS list of the format's name, what the value is and what it
belongs to, so a value that was moved to another person, kind, subject or version does not open.
Random nonces allow 2^32 values under one key (SP 800-38D §8.3): as many people per master key.
A value that is missing, or was put back as it once was, is not noticed here: whoever is shown salt
and fields compares their commitment with the one in the log.
"""

from __future__ import annotations

import hmac
import json
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ledger.core.format.limits import LIST_MAX
from ledger.core.records.commitments import SALT_BYTES, commit
from ledger.core.records.record import jcs
from ledger.errors import Damaged, Refused
from ledger.refusals import Code

Kind = Literal["identity", "service", "activity", "evidence", "certificate"]
"""What a commitment is about."""

KEY_BYTES: Final = 32
"""Length of every key here: AES-256, HMAC-SHA-256."""

KEY_ID_BYTES: Final = 8
"""Length of a master key's id: tells a few keys apart, says nothing of the key."""

NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16

PADDING_BYTES: Final = 256
"""Contents are padded to a multiple of this: a length does not tell one name from another."""

VALUE_BYTES_MAX: Final = 4096
"""Longest value of a field, and longest name of a subject, in bytes of UTF-8."""

NAME_MAX: Final = 100
"""Longest name of a field in characters: the heading of a column, in any language."""

_FORMAT: Final = "hourledger vault/v1"

Bound = str | int | bytes
"""One part of what a sealed value belongs to."""


def encrypt(key: bytes, plain: bytes, *bound: Bound) -> bytes:
    """Seal bytes under a key of 32 bytes, bound to what they belong to."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, _associated(bound))


def decrypt(key: bytes, sealed: bytes, *bound: Bound) -> bytes:
    """The bytes that `encrypt` sealed. Raises `Damaged` when a byte of them was changed, when they
    were sealed under another key, or when they belong to something else."""
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise Damaged("vault", "a sealed value is too short")
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, rest, _associated(bound))
    except InvalidTag:
        raise Damaged(
            "vault", "a sealed value was changed, moved, or sealed by another key"
        ) from None


def _associated(bound: tuple[Bound, ...]) -> bytes:
    # The type stands beside each part: the text "00" is not the byte 00.
    return jcs([_FORMAT, *([type(b).__name__, b.hex() if type(b) is bytes else b] for b in bound)])


class MasterKey:
    """The key that wraps all others. Shows its id, never itself."""

    __slots__ = ("_wrapping", "id")

    def __init__(self, secret: bytes) -> None:
        """From 32 secret bytes. Raises `ValueError` for another length."""
        if len(secret) != KEY_BYTES:
            raise ValueError(f"a master key has {KEY_BYTES} bytes")
        self._wrapping = _derive(secret, "wrapping")
        self.id = _derive(secret, "key id")[:KEY_ID_BYTES]

    def wrap(self, key: bytes, *bound: Bound) -> bytes:
        """A key sealed under this one, bound to what it is the key of."""
        return encrypt(self._wrapping, key, "key", *bound)

    def unwrap(self, key_id: bytes, wrapped: bytes, *bound: Bound) -> bytes:
        """The key (32 bytes) that `wrap` sealed. Raises `Damaged`: with the check `master key` when
        the stored id is not the id of this one, else as `decrypt`."""
        self.demand(key_id)
        return decrypt(self._wrapping, wrapped, "key", *bound)

    def demand(self, key_id: bytes) -> None:
        """Raises `Damaged` with the check `master key` unless the id is the id of this one."""
        if key_id != self.id:
            raise Damaged(
                "master key", f"key {key_id.hex()} is needed, and key {self.id.hex()} was given"
            )


class VaultKey:
    """The key of one vault: it makes pseudonyms, and seals the names in the access log."""

    __slots__ = ("_log", "_names")

    def __init__(self, secret: bytes) -> None:
        """From 32 random bytes that the vault keeps wrapped."""
        self._names = _derive(secret, "names")
        self._log = _derive(secret, "access log")

    def holder(self, address: str) -> bytes:
        """The pseudonym (32 bytes) under which a person's rows stand: without this key nobody can
        tell whose they are, and with it anybody can tell that an address withdrew."""
        return self._name("holder", address)

    def locator(self, address: str, kind: str, subject: str) -> bytes:
        """The name (32 bytes) of one thing of one person."""
        return self._name("locator", address, kind, subject)

    def seal_actor(self, actor: str, *bound: Bound) -> bytes:
        """An actor's address sealed and bound to its line of the access log."""
        return encrypt(self._log, actor.encode(), "actor", *bound)

    def open_actor(self, sealed: bytes, *bound: Bound) -> str:
        """The actor's address. Raises `Damaged` when any part of the line was changed."""
        return decrypt(self._log, sealed, "actor", *bound).decode()

    def _name(self, *parts: str) -> bytes:
        return hmac.digest(self._names, jcs(list(parts)), "sha256")


@dataclass(frozen=True, slots=True)
class Content:
    """One thing of one person in one version (from 1), and what a commitment to it was made of.
    The printed form shows no value."""

    kind: str
    subject: str = field(repr=False)
    version: int
    salt: bytes = field(repr=False)
    fields: Mapping[str, str] = field(repr=False)

    @property
    def commitment(self) -> bytes:
        """The commitment (32 bytes) that a record carries."""
        return commit(self.salt, self.fields)


def new_content(kind: str, subject: str, version: int, fields: Mapping[str, str]) -> Content:
    """Fields under a fresh random salt. Raises `Refused` (`BAD_VALUE`, no value in it) unless there
    are 1 to 64 printable names, each with text as `check_text` wants it."""
    if not 1 <= len(fields) <= LIST_MAX:
        raise Refused(Code.BAD_VALUE, f"fields: 1 to {LIST_MAX} are needed")
    for place, (name, value) in enumerate(fields.items()):
        check_text(name, f"fields: name {place}")
        if not 1 <= len(name) <= NAME_MAX or not name.isprintable():
            raise Refused(Code.BAD_VALUE, f"fields: name {place} is not allowed")
        check_text(value, f"fields: value {place}")
    return Content(kind, subject, version, secrets.token_bytes(SALT_BYTES), dict(fields))


def check_text(value: object, path: str) -> None:
    """Raises `Refused` (`BAD_VALUE`) unless it is NFC text that fits: two spellings of one name
    would give two commitments."""
    if type(value) is not str:
        raise Refused(Code.BAD_VALUE, f"{path} is not text")
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        raise Refused(Code.BAD_VALUE, f"{path} has a lone surrogate") from None
    if size > VALUE_BYTES_MAX or not unicodedata.is_normalized("NFC", value):
        raise Refused(
            Code.BAD_VALUE, f"{path} is longer than {VALUE_BYTES_MAX} bytes or not in normal form C"
        )


def seal_content(key: bytes, holder: bytes, locator: bytes, content: Content) -> bytes:
    """A content sealed under its holder's data key: JCS, padded with blanks, encrypted."""
    plain = jcs(
        {"fields": dict(content.fields), "salt": content.salt.hex(), "subject": content.subject}
    )
    plain += b" " * (-len(plain) % PADDING_BYTES)
    return encrypt(key, plain, "content", holder, locator, content.kind, content.version)


def open_content(
    key: bytes, holder: bytes, locator: bytes, kind: str, version: int, sealed: bytes
) -> Content:
    """The content that `seal_content` sealed. Raises `Damaged` as `decrypt`."""
    value = json.loads(decrypt(key, sealed, "content", holder, locator, kind, version))
    return Content(kind, value["subject"], version, bytes.fromhex(value["salt"]), value["fields"])


def _derive(secret: bytes, what: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, None, f"{_FORMAT} {what}".encode()).derive(secret)
