"""Bodies and the fields that hold others: strict JSON decoding and EIP-712 encoding, declared once.

A body is a frozen dataclass whose fields are `Annotated[python type, Field]`. From that one
declaration come the strict decoder, the JSON form, the EIP-712 type string and the struct hash
(EIP-712 "Definition of hashStruct"). Nothing here knows any kind of record.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, TypeVar, get_args, get_origin, get_type_hints

from eth_hash.auto import keccak

from ledger.core.format.fields import Field, refuse
from ledger.core.format.limits import LIST_MAX
from ledger.errors import Refused
from ledger.refusals import Code


class ListOf(Field):
    """A list of at most `LIST_MAX` items of one type, without repetition."""

    def __init__(self, item: Field, *, minimum: int = 0) -> None:
        self.solidity = item.solidity + "[]"
        self._item = item
        self._minimum = minimum

    def described(self) -> dict[str, Any]:
        """With the item, and the fewest items if there must be some."""
        fewest = {"least": self._minimum} if self._minimum else {}
        return super().described() | {"item": self._item.described()} | fewest

    def decode(self, value: object, path: str) -> tuple[Any, ...]:
        """Refuses other containers, too many items, too few, and repeated ones."""
        if type(value) is not list or not self._minimum <= len(value) <= LIST_MAX:
            raise refuse(path, f"a list of {self._minimum} to {LIST_MAX} items is needed")
        items = tuple(self._item.decode(v, f"{path}[{i}]") for i, v in enumerate(value))
        if len(set(items)) != len(items):
            raise refuse(path, "an item is repeated")
        return items

    def to_json(self, value: tuple[Any, ...]) -> list[Any]:
        """A JSON list."""
        return [self._item.to_json(v) for v in value]

    def word(self, value: tuple[Any, ...]) -> bytes:
        """Keccak-256 of the items' words."""
        return keccak(b"".join(self._item.word(v) for v in value))

    def structs(self) -> dict[str, type[Body]]:
        """Those of the item."""
        return self._item.structs()


class Struct(Field):
    """A body inside a body."""

    def __init__(self, body: type[Body]) -> None:
        self.solidity = body.primary_type
        self._body = body

    def decode(self, value: object, path: str) -> Any:
        """As `decode_body`."""
        return decode_body(self._body, value, path)

    def to_json(self, value: Body) -> dict[str, Any]:
        """As `body_to_json`."""
        return body_to_json(value)

    def word(self, value: Body) -> bytes:
        """The struct hash."""
        return struct_hash(value)

    def structs(self) -> dict[str, type[Body]]:
        """Itself and those of its fields."""
        inner = {self.solidity: self._body}
        for field in fields_of(self._body).values():
            inner |= field.structs()
        return inner


class Body:
    """Base of all record bodies: frozen dataclasses with a primary type of EIP-712."""

    kind: ClassVar[str]
    primary_type: ClassVar[str]
    __slots__ = ()


B = TypeVar("B", bound=Body)

_FIELDS: Final[dict[type[Body], dict[str, Field]]] = {}
_TYPE_HASHES: Final[dict[type[Body], bytes]] = {}


def fields_of(body: type[Body]) -> Mapping[str, Field]:
    """Field name → field type, in the order of declaration."""
    if body in _FIELDS:
        return _FIELDS[body]
    hints = get_type_hints(body, include_extras=True)
    found: dict[str, Field] = {}
    for field in dataclasses.fields(body):  # type: ignore[arg-type]
        hint = hints[field.name]
        if get_origin(hint) is not Annotated or not isinstance(get_args(hint)[1], Field):
            raise TypeError(f"{body.__name__}.{field.name} has no field type")
        found[field.name] = get_args(hint)[1]
    _FIELDS[body] = found
    return found


def decode_body(body: type[B], value: object, path: str = "body") -> B:
    """A body from its JSON object; exactly its fields, each strictly decoded."""
    fields = fields_of(body)
    if type(value) is not dict:
        raise Refused(Code.BAD_FORM, f"{path}: an object is needed")
    if value.keys() != fields.keys():
        odd = sorted(ascii(k)[1:41] for k in value.keys() ^ fields.keys())
        raise Refused(Code.BAD_FORM, f"{path}: missing or unknown fields: {', '.join(odd[:5])}")
    return body(**{k: f.decode(value[k], f"{path}.{k}") for k, f in fields.items()})


def body_to_json(body: Body) -> dict[str, Any]:
    """The JSON object of a body."""
    return {k: f.to_json(getattr(body, k)) for k, f in fields_of(type(body)).items()}


def type_string(body: type[Body]) -> str:
    """EIP-712 `encodeType`: the type with the types that it refers to, sorted by name."""
    inner: dict[str, type[Body]] = {}
    for field in fields_of(body).values():
        inner |= field.structs()
    return _one_type(body) + "".join(_one_type(inner[name]) for name in sorted(inner))


def _one_type(body: type[Body]) -> str:
    members = ",".join(f"{f.solidity} {name}" for name, f in fields_of(body).items())
    return f"{body.primary_type}({members})"


def _type_hash(body: type[Body]) -> bytes:
    if body not in _TYPE_HASHES:
        _TYPE_HASHES[body] = keccak(type_string(body).encode())
    return _TYPE_HASHES[body]


def struct_hash(body: Body) -> bytes:
    """EIP-712 `hashStruct`: 32 bytes."""
    kind = type(body)
    words = [f.word(getattr(body, k)) for k, f in fields_of(kind).items()]
    return keccak(_type_hash(kind) + b"".join(words))
