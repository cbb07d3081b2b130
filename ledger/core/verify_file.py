"""What is in a proof file, and the verifier for it."""

from __future__ import annotations

import zlib
from typing import Final

from ledger.core.attestation import FORMAT as ATTESTATION
from ledger.core.attestation import Gate, verify_attestation
from ledger.core.checks import AnchorLookup, Report, Run
from ledger.core.credit_report import BEGINS as REPORT_BEGINS
from ledger.core.encoding import parse_json
from ledger.core.limits import FILE_BYTES_MAX
from ledger.core.transcript import FORMAT as TRANSCRIPT
from ledger.core.verify import CHECKS, verify
from ledger.core.verify_account import FORMAT as ACCOUNT
from ledger.core.verify_account import verify_account
from ledger.core.verify_credit_report import verify_credit_report
from ledger.core.verify_disclosure import FORMAT as DISCLOSURE
from ledger.core.verify_disclosure import verify_disclosure
from ledger.core.verify_transcript import verify_transcript
from ledger.errors import Refused
from ledger.refusals import Code

GZIP: Final = b"\x1f\x8b"
"""How a packed file begins (RFC 1952)."""


def verify_bytes(
    data: bytes,
    chain: AnchorLookup | None = None,
    *,
    trusted_ledger: bytes | None = None,
    gate: Gate | None = None,
) -> Report:
    """Judge the bytes of a file, which may be packed with gzip: a record's bundle, an account's
    statement, its transcript, what it discloses, a credit report, or an attestation, for the gate
    that asks. Bytes that are no JSON fail the check `format`."""
    try:
        data = unpacked(data)
        if data.startswith(REPORT_BEGINS):
            lines = data.removesuffix(b"\n").split(b"\n")
            return verify_credit_report(lines, chain, trusted_ledger=trusted_ledger)
        value = parse_json(data, FILE_BYTES_MAX)
    except Refused as error:
        run = Run(CHECKS)
        run.note("format", False, f"{error.code.value} {error.detail}".strip())
        return Report("invalid", run.all(), {})
    form = value.get("format") if isinstance(value, dict) else None
    if form == ACCOUNT:
        return verify_account(value, chain, trusted_ledger=trusted_ledger)
    if form == ATTESTATION:
        return verify_attestation(value, gate, trusted_ledger=trusted_ledger)
    if form == DISCLOSURE:
        return verify_disclosure(value, chain, trusted_ledger=trusted_ledger)
    if form == TRANSCRIPT:
        return verify_transcript(value, chain, trusted_ledger=trusted_ledger)
    return verify(value, chain, trusted_ledger=trusted_ledger)


def unpacked(data: bytes) -> bytes:
    """The bytes of a file as they were before gzip, if it is packed. Raises `Refused` for one that
    is broken; of what unpacks to more than a file may have, one byte too many."""
    if not data.startswith(GZIP):
        return data
    unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        found = unpacking.decompress(data, FILE_BYTES_MAX + 1)
    except zlib.error as error:
        raise Refused(Code.NOT_JSON, "gzip") from error
    if len(found) <= FILE_BYTES_MAX and (not unpacking.eof or unpacking.unused_data):
        raise Refused(Code.NOT_JSON, "gzip: cut, or bytes left over")
    return found
