"""JSON schemas of records and of their fields, derived from their declarations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ledger.core.format.fields import Choice, Field
from ledger.core.format.limits import (
    FILE_TEXT_MAX,
    INTEGER_MAX,
    LIST_MAX,
    SHEET_PATH_MAX,
    SIGNATURES_MAX,
    TEXT_MAX,
)
from ledger.core.format.spellings import Lines
from ledger.core.format.structs import Body, fields_of

REF: Final = "#/components/schemas/"
"""Where the OpenAPI document keeps its schemas."""

_WORD: Final = {"type": "string", "pattern": "^0x[0-9a-f]{64}$"}
_ADDRESS: Final = {"type": "string", "pattern": "^0x[0-9a-fA-F]{40}$"}


def _object(properties: Mapping[str, Any], *optional: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


SIGNATURE: Final = _object(
    {
        "role": {"type": "string", "pattern": "^[a-z]{1,16}$"},
        "signer": _ADDRESS,
        "signature": {"type": "string", "pattern": "^0x[0-9a-f]{130}$"},
        "sheet": _object(
            {
                "index": {"type": "integer", "minimum": 0, "maximum": INTEGER_MAX},
                "count": {"type": "integer", "minimum": 1, "maximum": 2**32 - 1},
                "path": {"type": "array", "items": _WORD, "maxItems": SHEET_PATH_MAX},
            }
        ),
    },
    "sheet",
)
"""Of a signature that a record carries."""


def schema_of_record(body: type[Body]) -> dict[str, Any]:
    """Of the records with such a body."""
    claims = {
        "type": "array",
        "maxItems": SIGNATURES_MAX,
        "items": {"$ref": REF + "SignatureClaim"},
    }
    record = {"kind": {"const": body.kind}, "body": _body(body), "signatures": claims}
    return {**_object(record), "description": " ".join((body.__doc__ or "").split())}


def _body(body: type[Body]) -> dict[str, Any]:
    return _object({name: schema_of_field(field) for name, field in fields_of(body).items()})


def schema_of_field(field: Field) -> dict[str, Any]:
    """Of one field; what it cannot say, the decoder refuses all the same."""
    if isinstance(field, Choice):
        return {"type": "string", "enum": list(field.words)}
    if isinstance(field, Lines):
        return {"type": "string", "maxLength": FILE_TEXT_MAX}
    return _typed(field.solidity, field.structs())


def _typed(name: str, structs: Mapping[str, type[Body]]) -> dict[str, Any]:
    if name.endswith("[]"):
        items = _typed(name.removesuffix("[]"), structs)
        return {"type": "array", "items": items, "maxItems": LIST_MAX, "uniqueItems": True}
    if name.startswith("uint"):
        most = min(2 ** int(name.removeprefix("uint")) - 1, INTEGER_MAX)
        return {"type": "integer", "minimum": 0, "maximum": most}
    if name == "bool":
        return {"type": "boolean"}
    if name == "bytes32":
        return _WORD
    if name == "address":
        return _ADDRESS
    if name == "string":
        return {"type": "string", "maxLength": TEXT_MAX}
    return _body(structs[name])
