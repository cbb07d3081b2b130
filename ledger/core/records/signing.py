"""Strict secp256k1 signatures over EIP-712 digests: 65 bytes, low-s, v 27 or 28, nothing else.

General-purpose recovery takes malleable signatures (high-s, v 0 or 1); here one signer has one
spelling of a signature (EIP-2), and signature bytes are never an identity.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from coincurve import PrivateKey, PublicKey
from eth_hash.auto import keccak

from ledger.core.format.fields import checksum_address
from ledger.core.format.structs import Body
from ledger.core.kinds.registry import SheetBody
from ledger.core.records.record import Record, Sheet, SignatureClaim, digest, record_id
from ledger.core.trees.merkle import inclusion_path, leaf_hash, reader_of, root, root_from_inclusion
from ledger.errors import ProofError, Refused
from ledger.refusals import Code

CURVE_ORDER: Final = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""Order n of secp256k1 (SEC 2)."""


def _address(public: PublicKey) -> str:
    return checksum_address(keccak(public.format(compressed=False)[1:])[12:].hex())


def address_of(private_key: bytes) -> str:
    """The EIP-55 address of a 32-byte private key."""
    return _address(PrivateKey(private_key).public_key)


def recover(message: bytes, signature: bytes) -> str:
    """The address that signed a 32-byte digest; `Refused(BAD_SIGNATURE)` for any loose form."""
    if len(signature) != 65 or signature[64] not in (27, 28):
        raise Refused(Code.BAD_SIGNATURE, "65 bytes with v 27 or 28 are needed")
    s = int.from_bytes(signature[32:64], "big")
    if not 0 < s <= CURVE_ORDER // 2:
        raise Refused(Code.BAD_SIGNATURE, "s is not low")
    compact = signature[:64] + bytes((signature[64] - 27,))
    try:
        return _address(PublicKey.from_signature_and_message(compact, message, hasher=None))
    except Exception as error:
        raise Refused(Code.BAD_SIGNATURE, "no key recovers") from error


@lru_cache(maxsize=4096)
def _recover_sheet(message: bytes, signature: bytes) -> str:
    return recover(message, signature)


def check_claim(ledger: bytes, record: bytes, claim: SignatureClaim) -> None:
    """Check that `claim.signer` signed the record id, alone or by its sheet."""
    if claim.sheet is None:
        signer = recover(record, claim.signature)
    else:
        try:
            top = root_from_inclusion(
                leaf_of(record), claim.sheet.index, claim.sheet.count, claim.sheet.path
            )
        except ProofError as error:
            raise Refused(Code.BAD_SHEET, error.reason) from error
        signer = _recover_sheet(digest(ledger, SheetBody(top, claim.sheet.count)), claim.signature)
    if signer != claim.signer:
        code = Code.BAD_SIGNATURE if claim.sheet is None else Code.BAD_SHEET
        raise Refused(code, f"{claim.role}: the signature is not by {claim.signer}")


def leaf_of(record: bytes) -> bytes:
    """The leaf of a record id in a sheet's tree: SHA-256(0x00 || id)."""
    return leaf_hash(record)


def check_signatures(ledger: bytes, record: Record) -> bytes:
    """Check every claim of a record; its id. Roles are judged elsewhere."""
    found = record_id(ledger, record.body)
    for claim in record.signatures:
        check_claim(ledger, found, claim)
    return found


def _sign(message: bytes, private_key: bytes) -> bytes:
    raw = PrivateKey(private_key).sign_recoverable(message, hasher=None)
    return raw[:64] + bytes((raw[64] + 27,))


def sign(ledger: bytes, body: Body, role: str, private_key: bytes) -> SignatureClaim:
    """Sign one body in a role with a 32-byte private key."""
    signature = _sign(digest(ledger, body), private_key)
    return SignatureClaim(role, address_of(private_key), signature)


def sign_sheet(
    ledger: bytes, bodies: Sequence[Body], role: str, private_key: bytes
) -> list[SignatureClaim]:
    """Sign many bodies with one signature: a claim for each, in order."""
    leaves = [leaf_of(record_id(ledger, body)) for body in bodies]
    sheet = SheetBody(root(leaves), len(leaves))
    signature, signer = _sign(digest(ledger, sheet), private_key), address_of(private_key)
    read = reader_of(leaves)
    return [
        SignatureClaim(
            role,
            signer,
            signature,
            Sheet(i, len(leaves), tuple(inclusion_path(read, i, len(leaves)))),
        )
        for i in range(len(leaves))
    ]
