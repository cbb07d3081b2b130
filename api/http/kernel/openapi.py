"""The OpenAPI document: the schemas of records and of JSON bodies, derived from their declarations,
and shorthands.

Bodies are read as bytes by the strict decoder and never by the framework, so the framework does not
know of them: `ApiRoute` tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.http.kernel import examples
from api.http.kernel.json_body import JsonBody
from api.http.kernel.models import Problem
from api.http.kernel.problems import MEDIA_TYPE
from api.http.kernel.record_schemas import REF, SIGNATURE, schema_of_record
from ledger.core.kinds.registry import KINDS

NDJSON: Final = "application/x-ndjson"
"""One JSON document a line."""

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
            "content": {MEDIA_TYPE: {"schema": {"$ref": REF + Problem.__name__}}},
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


RECORD_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "One record as RFC 8259 JSON of at most 32,768 bytes.",
        "content": {
            "application/json": {
                "schema": {"$ref": REF + "Record"},
                "examples": {"service": {"value": examples.RECORD}},
            }
        },
    }
}
"""`openapi_extra` of a route that takes one record."""


class ApiRoute(APIRoute):
    """A route whose JSON body, if it asks for one, stands in the OpenAPI document."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """As the framework does, and with what the parameter `Sent[…]` says of the body."""
        super().__init__(path, endpoint, **options)
        for need in self.dependant.dependencies:
            body = getattr(need.call, "__self__", None)
            if isinstance(body, type) and issubclass(body, JsonBody):
                self.openapi_extra = {**(self.openapi_extra or {}), **_json_body(body)}


def _json_body(body: type[JsonBody]) -> dict[str, Any]:
    schema = body.model_json_schema(ref_template=REF + "{model}")
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def describe(document: dict[str, Any]) -> dict[str, Any]:
    """Complete the framework's document: add the records, keep every schema in one place, drop the
    form of errors not used."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for operations in document["paths"].values():
        for operation in operations.values():
            unused = operation["responses"].get("422", {})
            if "HTTPValidationError" in str(unused):
                del operation["responses"]["422"]
            for body in operation.get("requestBody", {}).get("content", {}).values():
                _lift(body, schemas)
    schemas[Problem.__name__] = Problem.model_json_schema()
    submitted = {name: kind.body for name, kind in KINDS.items() if kind.is_submitted}
    schemas |= {f"{body.primary_type}Record": schema_of_record(body) for body in submitted.values()}
    names = {kind: f"{REF}{body.primary_type}Record" for kind, body in submitted.items()}
    schemas["Record"] = {
        "oneOf": [{"$ref": name} for name in names.values()],
        "discriminator": {"propertyName": "kind", "mapping": names},
    }
    schemas["SignatureClaim"] = SIGNATURE
    return document


def _lift(body: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Lay the schema of a body, if it has a name, beside the others under that name. Its example is
    the first one of each member: made here, since the framework drops what is null in examples."""
    schema = dict(body["schema"])
    if "title" in schema:
        schemas |= {**schema.pop("$defs", {}), schema["title"]: schema}
        body["schema"] = {"$ref": REF + schema["title"]}
        members = schema["properties"].items()
        body["example"] = {name: member["examples"][0] for name, member in members}


def operation_id(route: APIRoute) -> str:
    """What a generated client calls an operation: as its route is called, which is said once."""
    return route.name


class Api(FastAPI):
    """An application whose OpenAPI document is complete."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if not self.openapi_schema:
            describe(super().openapi())
        assert self.openapi_schema
        return self.openapi_schema
