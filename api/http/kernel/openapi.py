"""The OpenAPI document: the schema of records, derived from their declaration, and shorthands.

Bodies are read as bytes by the strict decoder and never by the framework; what the document says
of them is written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI

from api.http.kernel import examples
from api.http.kernel.models import Problem
from api.http.kernel.problems import MEDIA_TYPE
from ledger.core.format.fields import Body, Choice, Field, fields_of
from ledger.core.format.limits import (
    INTEGER_MAX,
    LIST_MAX,
    SHEET_PATH_MAX,
    SIGNATURES_MAX,
    TEXT_MAX,
)
from ledger.core.kinds.registry import KINDS

NDJSON: Final = "application/x-ndjson"
"""One JSON document a line."""

_REF: Final = "#/components/schemas/"
_WORD: Final = {"type": "string", "pattern": "^0x[0-9a-f]{64}$"}
_ADDRESS: Final = {"type": "string", "pattern": "^0x[0-9a-fA-F]{40}$"}
_TITLES: Final = {
    304: "The client has this content already.",
    400: "The input or a parameter cannot be read.",
    401: "Sign in first, or send a token that is valid now.",
    403: "This is not the caller's to do, or the sign-in does not hold.",
    404: "There is no such thing here.",
    409: "A rule refuses this record, for ever.",
    413: "The input is too large.",
    415: "The body is not of a media type that is taken here.",
    422: "A signature, a signer or a rule refuses this record; it may be taken later.",
    429: "Too many requests; Retry-After says when to come again.",
    500: "The server failed; the log knows why.",
    503: "Not now; the same request may succeed later.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: these problems and those that every route may answer with."""
    return {
        status: {
            "description": _TITLES[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": _REF + Problem.__name__}}},
        }
        for status in sorted({*statuses, 401, 403, 429, 500, 503})
    }


def cached(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """As `problems`, for a route that may also answer 304."""
    return {304: {"description": _TITLES[304]}, **problems(*statuses)}


def content(
    description: str, media_type: str, example: str, schema: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A response that is no JSON, with an example."""
    shape = dict(schema or {"type": "string"})
    return {
        "description": description,
        "content": {media_type: {"schema": shape, "example": example}},
    }


def json_body(members: Mapping[str, Any], example: Mapping[str, Any]) -> dict[str, Any]:
    """`openapi_extra` of a route that takes one JSON object with exactly these members."""
    schema = {
        "type": "object",
        "properties": dict(members),
        "required": list(members),
        "additionalProperties": False,
    }
    content = {"application/json": {"schema": schema, "example": dict(example)}}
    return {"requestBody": {"required": True, "content": content}}


RECORD_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "One record as RFC 8259 JSON of at most 32,768 bytes.",
        "content": {
            "application/json": {
                "schema": {"$ref": _REF + "Record"},
                "examples": {"service": {"value": examples.RECORD}},
            }
        },
    }
}
"""`openapi_extra` of a route that takes one record."""


def describe(document: dict[str, Any]) -> dict[str, Any]:
    """Complete the framework's document: add the records, drop the form of errors not used."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for operations in document["paths"].values():
        for operation in operations.values():
            unused = operation["responses"].get("422", {})
            if "HTTPValidationError" in str(unused):
                del operation["responses"]["422"]
    schemas[Problem.__name__] = Problem.model_json_schema()
    submitted = {name: kind.body for name, kind in KINDS.items() if kind.is_submitted}
    schemas |= {f"{body.primary_type}Record": _record(body) for body in submitted.values()}
    names = {kind: f"{_REF}{body.primary_type}Record" for kind, body in submitted.items()}
    schemas["Record"] = {
        "oneOf": [{"$ref": name} for name in names.values()],
        "discriminator": {"propertyName": "kind", "mapping": names},
    }
    schemas["SignatureClaim"] = _SIGNATURE
    return document


class Api(FastAPI):
    """An application whose OpenAPI document is complete."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if not self.openapi_schema:
            describe(super().openapi())
        assert self.openapi_schema
        return self.openapi_schema


def _object(properties: Mapping[str, Any], *optional: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


_SIGNATURE: Final = _object(
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


def _record(body: type[Body]) -> dict[str, Any]:
    claims = {
        "type": "array",
        "maxItems": SIGNATURES_MAX,
        "items": {"$ref": _REF + "SignatureClaim"},
    }
    record = {"kind": {"const": body.kind}, "body": _body(body), "signatures": claims}
    return {**_object(record), "description": " ".join((body.__doc__ or "").split())}


def _body(body: type[Body]) -> dict[str, Any]:
    return _object({name: _field(field) for name, field in fields_of(body).items()})


def _field(field: Field) -> dict[str, Any]:
    if isinstance(field, Choice):
        return {"type": "string", "enum": list(field.words)}
    return _typed(field.solidity, field.structs())


def _typed(name: str, structs: Mapping[str, type[Body]]) -> dict[str, Any]:
    """The schema of a Solidity type; what it cannot say, the decoder refuses all the same."""
    if name.endswith("[]"):
        items = _typed(name.removesuffix("[]"), structs)
        return {"type": "array", "items": items, "maxItems": LIST_MAX, "uniqueItems": True}
    if name.startswith("uint"):
        most = min(2 ** int(name.removeprefix("uint")) - 1, INTEGER_MAX)
        return {"type": "integer", "minimum": 0, "maximum": most}
    if name == "bytes32":
        return _WORD
    if name == "address":
        return _ADDRESS
    if name == "string":
        return {"type": "string", "maxLength": TEXT_MAX}
    return _body(structs[name])
