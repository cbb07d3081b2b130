"""JSON request bodies: one class a body says its members, their limits, its schema and its example.

A route asks for one with `asked: Sent[TokenRequest]`. The bytes go to the strict decoder of records
(no floats, no repeated names, bounded depth and size) and then to the class; every member must be
there, and no other. What is refused is told by the path of the member and in our own words: never
with what was sent.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Self, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, ValidationError, model_validator
from pydantic import Field as Member
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError, core_schema
from starlette.concurrency import run_in_threadpool

from api.http.kernel import examples
from api.http.kernel.record_schemas import schema_of_field
from api.http.kernel.request_body import demand_media, read_body
from ledger.core.format.fields import Address, Bytes32, Field
from ledger.core.records.decode import parse_json
from ledger.errors import Refused
from ledger.refusals import Code

BYTES_MAX: Final = 8192
"""Longest body, unless its class says more: a sign-in message has at most 2,048 characters."""

_REFUSED: Final = "refused"

_WHY: Final[Mapping[str, str]] = {
    "int_type": "an integer is needed",
    "string_type": "text is needed",
    "list_type": "a list is needed",
    "dict_type": "an object is needed",
    "greater_than_equal": "at least {ge} is needed",
    "less_than_equal": "at most {le} is needed",
    "string_too_short": "at least {min_length} characters are needed",
    "string_too_long": "at most {max_length} characters are taken",
}
"""What pydantic finds, in our words."""


class JsonBody(BaseModel):
    """Base of all JSON bodies: exactly the stated members, each required and of its very type. It
    never prints its members, so they cannot end up in a log."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    bytes_max: ClassVar[int] = BYTES_MAX

    @classmethod
    async def of_request(cls, request: Request) -> Self:
        """The body of a request. Raises `WrongMediaType` and `Refused`."""
        demand_media(request, ("application/json",))
        data = await read_body(request, cls.bytes_max)
        return await run_in_threadpool(cls.read, data)

    @classmethod
    def read(cls, data: bytes) -> Self:
        """The body in some bytes. Raises `Refused`."""
        value = parse_json(data, cls.bytes_max)
        try:
            return cls.model_validate(value)
        except ValidationError as error:
            flaw = error.errors(include_url=False, include_input=False)[0]
        # Outside the handler: what was sent stands in the error, which shall be no cause of ours.
        raise _refusal(flaw)

    @model_validator(mode="before")
    @classmethod
    def _exactly(cls, value: object) -> object:
        names = cls.model_fields.keys()
        if type(value) is not dict or value.keys() != names:
            raise _flaw(Refused(Code.BAD_FORM, f"needed: {', '.join(names)}"))
        return value

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        """None."""
        return []


B = TypeVar("B", bound=JsonBody)

if TYPE_CHECKING:
    Sent = Annotated[B, Depends]
else:

    class Sent:
        """`Sent[X]`: the parameter by which a route is handed its body of the class X."""

        def __class_getitem__(cls, body: type[JsonBody]) -> Any:
            return Annotated[body, Depends(body.of_request)]


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """Makes a member what a decoder makes of it, given the JSON value and a path; its schema."""

    decode: Callable[[object, str], Any]
    schema: Mapping[str, Any]

    @classmethod
    def by(cls, field: Field) -> Decoded:
        """As the fields of records are decoded."""
        return cls(field.decode, schema_of_field(field))

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        """What validates the member."""
        return core_schema.no_info_plain_validator_function(self._validate)

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """What the OpenAPI document says of the member."""
        return dict(self.schema)

    def _validate(self, value: object) -> Any:
        try:
            return self.decode(value, "")
        except Refused as refusal:
            raise _flaw(refusal) from None


def _base64(value: object, path: str) -> bytes:
    try:
        return base64.b64decode(value if isinstance(value, str) else "!", validate=True)
    except (binascii.Error, ValueError):
        raise Refused(Code.BAD_VALUE, f"{path}: base64 is needed") from None


AddressIn = Annotated[str, Decoded.by(Address()), Member(examples=[examples.VOLUNTEER])]
"""An address in EIP-55 spelling, not zero."""

Bytes32In = Annotated[bytes, Decoded.by(Bytes32()), Member(examples=[examples.RECORD_ID])]
"""32 bytes, sent as lower-case 0x-hex."""

Base64In = Annotated[bytes, Decoded(_base64, {"type": "string"})]
"""Bytes, sent in base64."""


def _flaw(refusal: Refused) -> PydanticCustomError:
    return PydanticCustomError(_REFUSED, "refused", {"refusal": refusal})


def _refusal(flaw: ErrorDetails) -> Refused:
    """What is refused, at the path where it stands."""
    path, context = _path(flaw["loc"]), flaw.get("ctx", {})
    if flaw["type"] == _REFUSED:
        found: Refused = context["refusal"]
        code, why = found.code, found.detail.removeprefix(": ")
    else:
        code, why = Code.BAD_VALUE, _WHY.get(flaw["type"], "").format_map(context)
    return Refused(code, ": ".join(part for part in (path, why) if part))


def _path(place: tuple[int | str, ...]) -> str:
    """As the decoder of records writes it: `position.latitude`, `services[3]`."""
    found = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return found.removeprefix(".")
