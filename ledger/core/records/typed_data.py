"""EIP-712 typed data: what a wallet is handed to sign a record (`eth_signTypedData_v4`)."""

from __future__ import annotations

from typing import Any, Final

from ledger.core.format.structs import Body, body_to_json, fields_of
from ledger.core.records.record import DOMAIN_NAME, DOMAIN_VERSION

_DOMAIN: Final = (("name", "string"), ("version", "string"), ("salt", "bytes32"))


def types_of(body: type[Body]) -> dict[str, list[dict[str, str]]]:
    """Struct → its members, in order: the domain, the body and what it holds."""
    found = {body.primary_type: body}
    for field in fields_of(body).values():
        found |= field.structs()
    members = {
        name: [{"name": name, "type": field.solidity} for name, field in fields_of(of).items()]
        for name, of in found.items()
    }
    return {"EIP712Domain": [{"name": n, "type": t} for n, t in _DOMAIN], **members}


def domain_of(ledger: bytes) -> dict[str, str]:
    """The domain of one ledger."""
    return {"name": DOMAIN_NAME, "version": DOMAIN_VERSION, "salt": "0x" + ledger.hex()}


def typed_data(ledger: bytes, body: Body) -> dict[str, Any]:
    """What is signed of a body under a ledger: its EIP-712 digest is the id of the record."""
    return {
        "types": types_of(type(body)),
        "primaryType": body.primary_type,
        "domain": domain_of(ledger),
        "message": body_to_json(body),
    }
