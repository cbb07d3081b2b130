"""A record on its way from one signer to the next: a file that goes by mail or on a stick.

Nobody needs the ledger to sign it. `typed_data` is what a wallet is asked to sign (EIP-712, the
JSON of `eth_signTypedData_v4`); it follows from the body and is compared whenever a file is read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from api.errors import WrongUse
from api.node.files import write_durably
from ledger.core.format.structs import decode_body
from ledger.core.kinds.kind import KINDS
from ledger.core.records.decode import decode_record, parse_json
from ledger.core.records.quorum import AUTHORITY
from ledger.core.records.record import (
    Record,
    SignatureClaim,
    record_id,
    record_to_json,
)
from ledger.core.records.signing import check_signatures, sign
from ledger.core.records.typed_data import typed_data
from ledger.errors import Refused

FORMAT: Final = "hourledger-draft/v2"
BYTES_MAX: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Draft:
    """A record of authorities, signed by some of them, and its ledger (32 bytes)."""

    ledger: bytes
    record: Record

    @property
    def signers(self) -> tuple[str, ...]:
        """Who has signed."""
        return tuple(claim.signer for claim in self.record.signatures)

    def signed(self, key: bytes) -> Draft:
        """With the signature of a private key (32 bytes)."""
        return self._with(sign(self.ledger, self.record.body, AUTHORITY, key))

    def signed_by(self, signer: str, signature: bytes) -> Draft:
        """With a signature that a wallet made. Raises `WrongUse` where it is not the signer's."""
        return self._with(SignatureClaim(AUTHORITY, signer, signature))

    def _with(self, claim: SignatureClaim) -> Draft:
        others = [c for c in self.record.signatures if c.signer != claim.signer]
        claims = sorted([*others, claim], key=lambda one: one.signer.lower())
        found = replace(self, record=Record(self.record.body, tuple(claims)))
        found.demand_signed()
        return found

    def demand_signed(self) -> None:
        """Every signature holds. Raises `WrongUse`."""
        try:
            check_signatures(self.ledger, self.record)
        except Refused as error:
            raise WrongUse(f"{error.code.value} {error.detail}") from error

    def write(self, file: Path) -> None:
        """The file, durably."""
        value = {
            "format": FORMAT,
            "ledger": "0x" + self.ledger.hex(),
            "record_id": "0x" + record_id(self.ledger, self.record.body).hex(),
            "record": record_to_json(self.record),
            "typed_data": typed_data(self.ledger, self.record.body),
        }
        text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        write_durably(file, text.encode(), mode=0o644)


def draft_of(ledger: bytes, kind: str, body: object) -> Draft:
    """A draft that nobody has signed, of a kind that authorities sign. Raises `WrongUse`."""
    declared = KINDS.get(kind)
    roles = {role for signers in declared.signed_by for role in signers.roles} if declared else ()
    if declared is None or AUTHORITY not in roles:
        raise WrongUse(f"authorities sign no {kind}")
    try:
        return Draft(ledger, Record(decode_body(declared.body, body), ()))
    except Refused as error:
        raise WrongUse(f"{error.code.value} {error.detail}") from error


def read_draft(file: Path) -> Draft:
    """A draft from its file. Raises `WrongUse` for every other file, and where a signature does not
    hold."""
    try:
        value = parse_json(file.read_bytes(), BYTES_MAX)
        assert type(value) is dict
        ledger = bytes.fromhex(value["ledger"][2:])
        found = Draft(ledger, decode_record(value["record"]))
        same = value["typed_data"] == typed_data(ledger, found.record.body)
        whole = value["format"] == FORMAT and len(ledger) == 32 and same
    except (OSError, Refused, AssertionError, KeyError, TypeError, ValueError) as error:
        raise WrongUse(f"{file} is no draft of a record") from error
    if not whole:
        raise WrongUse(f"{file} is no draft, or asks a wallet to sign another record")
    found.demand_signed()
    return found
