"""The field types of record bodies: strict JSON decoding and EIP-712 encoding, declared once.

A body is a frozen dataclass whose fields are `Annotated[python type, Field]`. From that one
declaration come the strict decoder, the JSON form, the EIP-712 type string and the struct hash
(EIP-712 "Definition of hashStruct"). Nothing here knows any kind of record.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Final, TypeVar, get_args, get_origin, get_type_hints

from eth_hash.auto import keccak

from ledger.core.format.limits import INTEGER_MAX, LIST_MAX, TEXT_MAX
from ledger.errors import Refused
from ledger.refusals import Code

ZERO_ADDRESS: Final = "0x" + "0" * 40
"""Stands for "no address" where a kind allows that."""

_HEX32 = re.compile(r"0x[0-9a-f]{64}\Z")
_HEX20 = re.compile(r"0x[0-9a-fA-F]{40}\Z")


def _refuse(path: str, why: str) -> Refused:
    return Refused(Code.BAD_VALUE, f"{path}: {why}")


@lru_cache(maxsize=65536)
def checksum_address(lower_hex: str) -> str:
    """EIP-55 spelling of a lower-case 40-digit hex address without prefix."""
    digest = keccak(lower_hex.encode()).hex()
    pairs = zip(lower_hex, digest, strict=False)
    return "0x" + "".join(c.upper() if int(d, 16) > 7 else c for c, d in pairs)


class Field:
    """One field type: its Solidity name, strict decoder, JSON form and 32-byte word."""

    solidity: str

    def decode(self, value: object, path: str) -> Any:
        """The Python value of a JSON value; `Refused(BAD_VALUE)` for anything unexpected."""
        raise NotImplementedError

    def to_json(self, value: Any) -> Any:
        """The JSON form of a decoded value."""
        return value

    def word(self, value: Any) -> bytes:
        """EIP-712 `encodeData` of the value: 32 bytes."""
        raise NotImplementedError

    def structs(self) -> dict[str, type[Body]]:
        """Struct types that this field's type string refers to."""
        return {}

    def described(self) -> dict[str, Any]:
        """What other programs must know to check a value: as `verifier/kinds.json` has it."""
        return {"type": self.solidity}


class UInt(Field):
    """Unsigned integer of `bits` bits, never above 2^53 - 1."""

    def __init__(self, bits: int, *, minimum: int = 0) -> None:
        """Of `bits` bits and at least `minimum`."""
        self.solidity = f"uint{bits}"
        self._range = (minimum, min(2**bits - 1, INTEGER_MAX))

    def described(self) -> dict[str, Any]:
        """With the least value, if it is more than zero."""
        return super().described() | ({"least": self._range[0]} if self._range[0] else {})

    def decode(self, value: object, path: str) -> int:
        """Refuses bool, float, text and anything outside the range."""
        low, high = self._range
        if type(value) is not int or not low <= value <= high:
            raise _refuse(path, f"an integer from {low} to {high} is needed")
        return value

    def word(self, value: int) -> bytes:
        """Big-endian in 32 bytes."""
        return value.to_bytes(32, "big")


class UnixTime(UInt):
    """Seconds since 1970-01-01 UTC."""

    def __init__(self) -> None:
        """Of 64 bits, as all times."""
        super().__init__(64)

    def described(self) -> dict[str, Any]:
        """As a time, so that a form can ask for a date."""
        return super().described() | {"time": True}


class Bytes32(Field):
    """32 bytes as 0x-hex in lower case."""

    solidity = "bytes32"

    def decode(self, value: object, path: str) -> bytes:
        """Refuses upper case and any other length."""
        if type(value) is not str or not _HEX32.match(value):
            raise _refuse(path, "32 bytes as lower-case 0x-hex are needed")
        return bytes.fromhex(value[2:])

    def to_json(self, value: bytes) -> str:
        """0x-hex in lower case."""
        return "0x" + value.hex()

    def word(self, value: bytes) -> bytes:
        """The bytes as they are."""
        return value


class Address(Field):
    """Ethereum address in EIP-55 spelling; the zero address only where the kind says so."""

    solidity = "address"

    def __init__(self, *, zero_allowed: bool = False) -> None:
        """With or without the zero address."""
        self._zero_allowed = zero_allowed

    def described(self) -> dict[str, Any]:
        """With whether the zero address is allowed."""
        return super().described() | ({"empty": True} if self._zero_allowed else {})

    def decode(self, value: object, path: str) -> str:
        """Refuses a wrong checksum and, unless allowed, the zero address."""
        if type(value) is not str or not _HEX20.match(value):
            raise _refuse(path, "an address of 20 bytes as 0x-hex is needed")
        if checksum_address(value[2:].lower()) != value:
            raise _refuse(path, "the address is not in EIP-55 spelling")
        if value == ZERO_ADDRESS and not self._zero_allowed:
            raise _refuse(path, "the zero address is not allowed here")
        return value

    def word(self, value: str) -> bytes:
        """Left-padded to 32 bytes."""
        return bytes.fromhex("0" * 24 + value[2:])


class Text(Field):
    """NFC text of 1 to `TEXT_MAX` bytes without control characters."""

    solidity = "string"

    def __init__(self, *, empty_allowed: bool = False) -> None:
        """With or without the empty text."""
        self._empty_allowed = empty_allowed

    def described(self) -> dict[str, Any]:
        """With whether the empty text is allowed."""
        return super().described() | ({"empty": True} if self._empty_allowed else {})

    def decode(self, value: object, path: str) -> str:
        """Refuses lone surrogates, control characters, other normal forms and long text."""
        if type(value) is not str:
            raise _refuse(path, "text is needed")
        try:
            size = len(value.encode())
        except UnicodeEncodeError as error:
            raise _refuse(path, "the text has a lone surrogate") from error
        if size > TEXT_MAX or (size == 0 and not self._empty_allowed):
            raise _refuse(path, f"text of at most {TEXT_MAX} bytes is needed")
        if any(unicodedata.category(c) in ("Cc", "Cf", "Cn", "Co") for c in value):
            raise _refuse(path, "control, format and unassigned characters are not allowed")
        if not unicodedata.is_normalized("NFC", value):
            raise _refuse(path, "the text is not in normal form C")
        return value

    def word(self, value: str) -> bytes:
        """Keccak-256 of the UTF-8 bytes."""
        return keccak(value.encode())


class Choice(Text):
    """One of a few words: fixed ones, or those of a set that modules add to."""

    def __init__(self, *words: str, more: Callable[[], tuple[str, ...]] | None = None) -> None:
        """Of these words, or of those that `more` gives when it is asked."""
        super().__init__()
        self._words = words
        self._more = more

    @property
    def words(self) -> tuple[str, ...]:
        """The words."""
        return self._more() if self._more else self._words

    def described(self) -> dict[str, Any]:
        """With the words."""
        return super().described() | {"words": list(self.words)}

    def decode(self, value: object, path: str) -> str:
        """Refuses every other word."""
        if type(value) is not str or value not in self.words:
            raise _refuse(path, "one of " + ", ".join(self.words) + " is needed")
        return value


class ListOf(Field):
    """A list of at most `LIST_MAX` items of one type, without repetition."""

    def __init__(self, item: Field, *, minimum: int = 0) -> None:
        """Of `item`, with at least `minimum` of them."""
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
            raise _refuse(path, f"a list of {self._minimum} to {LIST_MAX} items is needed")
        items = tuple(self._item.decode(v, f"{path}[{i}]") for i, v in enumerate(value))
        if len(set(items)) != len(items):
            raise _refuse(path, "an item is repeated")
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
        """Of that body type."""
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
