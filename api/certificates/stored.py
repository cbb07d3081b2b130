"""Issued credentials in the vault: the holder can fetch one again, until the holder withdraws.

A credential holds personal data, so it is sealed as all of that is. What a printed code opens is
named by a fetch code that follows from the salt of the commitment: whoever holds the paper holds
the code, and the ledger's record tells nobody what it is.
"""

from __future__ import annotations

import base64
import hmac
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.pdf.link import CODE_BYTES
from ledger.core.records.sealed import VALUE_BYTES_MAX
from ledger.errors import Damaged, Refused
from ledger.operations.vault import Vault
from ledger.operations.vault_parts import Purpose
from ledger.refusals import Code

_PARTS_MAX: Final = 64


@dataclass(frozen=True, slots=True)
class StoredCredential:
    """A credential as it was signed, and what the ledger's proof of it is made with: the salt (32
    bytes) of the commitment, the record ids of its services, the Ed25519 key (32 bytes)."""

    credential: Mapping[str, Any]
    salt: bytes
    services: tuple[bytes, ...]
    public_key: bytes


def fetch_code(salt: bytes) -> str:
    """The code (32 hex digits) with which a certificate's file is fetched."""
    return hmac.digest(salt, b"hourledger fetch code", "sha256")[:CODE_BYTES].hex()


def keep(vault: Vault, holder: str, record: bytes, stored: StoredCredential) -> None:
    """Seal a credential under its holder's key. Raises `Withdrawn`, and `Refused(TOO_LARGE)` for
    more rows than fit."""
    plain = {
        "credential": stored.credential,
        "salt": stored.salt.hex(),
        "services": [service.hex() for service in stored.services],
        "public_key": stored.public_key.hex(),
    }
    packed = zlib.compress(json.dumps(plain, ensure_ascii=False).encode(), 9)
    text = base64.b64encode(packed).decode()
    parts = [text[i : i + VALUE_BYTES_MAX] for i in range(0, len(text), VALUE_BYTES_MAX)]
    if len(parts) > _PARTS_MAX:
        raise Refused(Code.TOO_LARGE, "the certificate has too many rows: take a part of them")
    fields = {f"{place:02}": part for place, part in enumerate(parts)}
    vault.put(holder, "certificate", fields, record.hex())


def fetch(vault: Vault, holder: str, record: bytes, actor: str) -> StoredCredential:
    """A credential out of the vault; it is logged who asked. Raises `NotFound`, `Withdrawn`."""
    found = vault.reveal(
        holder, "certificate", record.hex(), actor=actor, purpose=Purpose.CERTIFICATE
    )
    try:
        packed = base64.b64decode("".join(found.fields[name] for name in sorted(found.fields)))
        plain = json.loads(zlib.decompress(packed))
    except (ValueError, zlib.error) as error:
        raise Damaged("vault", "a stored credential cannot be read") from error
    return StoredCredential(
        plain["credential"],
        bytes.fromhex(plain["salt"]),
        tuple(bytes.fromhex(service) for service in plain["services"]),
        bytes.fromhex(plain["public_key"]),
    )
