"""The field types of record bodies: strict JSON decoding and EIP-712 encoding, declared once."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from eth_hash.auto import keccak

from ledger.core.format.limits import INTEGER_MAX, TEXT_MAX
from ledger.core.format.texts import has_hidden
from ledger.errors import Refused
from ledger.refusals import Code

if TYPE_CHECKING:
    from ledger.core.format.structs import Body

ZERO_ADDRESS: Final = "0x" + "0" * 40
"""Stands for "no address" where a kind allows that."""
ZERO_HASH: Final = bytes(32)
"""Stands for "no record" and "no text" where a kind allows that."""

_HEX32 = re.compile(r"0x[0-9a-f]{64}\Z")
_HEX20 = re.compile(r"0x[0-9a-fA-F]{40}\Z")


def refuse(path: str, why: str) -> Refused:
    """The refusal of a value at a path."""
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
        self.solidity = f"uint{bits}"
        self._range = (minimum, min(2**bits - 1, INTEGER_MAX))

    def described(self) -> dict[str, Any]:
        """With the least value, if it is more than zero."""
        return super().described() | ({"least": self._range[0]} if self._range[0] else {})

    def decode(self, value: object, path: str) -> int:
        """Refuses bool, float, text and anything outside the range."""
        low, high = self._range
        if type(value) is not int or not low <= value <= high:
            raise refuse(path, f"an integer from {low} to {high} is needed")
        return value

    def word(self, value: int) -> bytes:
        """Big-endian in 32 bytes."""
        return value.to_bytes(32, "big")


class Bool(Field):
    """Yes or no."""

    solidity = "bool"

    def decode(self, value: object, path: str) -> bool:
        """Refuses numbers and texts."""
        if type(value) is not bool:
            raise refuse(path, "true or false is needed")
        return value

    def word(self, value: bool) -> bytes:
        """1 or 0 in 32 bytes."""
        return int(value).to_bytes(32, "big")


class UnixTime(UInt):
    """Seconds since 1970-01-01 UTC."""

    def __init__(self) -> None:
        super().__init__(64)

    def described(self) -> dict[str, Any]:
        """As a time, so that a form can ask for a date."""
        return super().described() | {"time": True}


class LocalDay(UInt):
    """A day of the ledger's local calendar: days since 1970-01-01."""

    def __init__(self) -> None:
        super().__init__(32)

    def described(self) -> dict[str, Any]:
        """As a day, so that a form can ask for a date."""
        return super().described() | {"day": True}


class Bytes32(Field):
    """32 bytes as 0x-hex in lower case. `of` says what they are, where a form can help with that: a
    `commitment`, the id of a `record`, or `chance`."""

    solidity = "bytes32"

    def __init__(self, of: str = "") -> None:
        self.of = of

    def described(self) -> dict[str, Any]:
        """With what they are."""
        return super().described() | ({"of": self.of} if self.of else {})

    def decode(self, value: object, path: str) -> bytes:
        """Refuses upper case and any other length."""
        if type(value) is not str or not _HEX32.match(value):
            raise refuse(path, "32 bytes as lower-case 0x-hex are needed")
        return bytes.fromhex(value[2:])

    def to_json(self, value: bytes) -> str:
        """0x-hex in lower case."""
        return "0x" + value.hex()

    def word(self, value: bytes) -> bytes:
        """The bytes as they are."""
        return value


class NonZero32(Bytes32):
    """32 bytes that say something: not all zero, which stands for none."""

    def described(self) -> dict[str, Any]:
        """With the least that it is as a number."""
        return super().described() | {"least": 1}

    def decode(self, value: object, path: str) -> bytes:
        """Refuses 32 zero bytes too."""
        found = super().decode(value, path)
        if not any(found):
            raise refuse(path, "32 zero bytes say nothing")
        return found


class Address(Field):
    """Ethereum address in EIP-55 spelling; the zero address only where the kind says so."""

    solidity = "address"

    def __init__(self, *, zero_allowed: bool = False) -> None:
        self._zero_allowed = zero_allowed

    def described(self) -> dict[str, Any]:
        """With whether the zero address is allowed."""
        return super().described() | ({"empty": True} if self._zero_allowed else {})

    def decode(self, value: object, path: str) -> str:
        """Refuses a wrong checksum and, unless allowed, the zero address."""
        if type(value) is not str or not _HEX20.match(value):
            raise refuse(path, "an address of 20 bytes as 0x-hex is needed")
        if checksum_address(value[2:].lower()) != value:
            raise refuse(path, "the address is not in EIP-55 spelling")
        if value == ZERO_ADDRESS and not self._zero_allowed:
            raise refuse(path, "the zero address is not allowed here")
        return value

    def word(self, value: str) -> bytes:
        """Left-padded to 32 bytes."""
        return bytes.fromhex("0" * 24 + value[2:])


class Text(Field):
    """Text of 1 to `TEXT_MAX` bytes (or another most) without hidden characters."""

    solidity = "string"

    def __init__(self, *, empty_allowed: bool = False, longest: int = TEXT_MAX) -> None:
        self._empty_allowed = empty_allowed
        self._longest = longest

    def described(self) -> dict[str, Any]:
        """With whether the empty text is allowed."""
        return super().described() | ({"empty": True} if self._empty_allowed else {})

    def decode(self, value: object, path: str) -> str:
        """Refuses lone surrogates, hidden characters and long text."""
        if type(value) is not str:
            raise refuse(path, "text is needed")
        try:
            size = len(value.encode())
        except UnicodeEncodeError as error:
            raise refuse(path, "the text has a lone surrogate") from error
        if size > self._longest or (size == 0 and not self._empty_allowed):
            raise refuse(path, f"text of at most {self._longest} bytes is needed")
        if has_hidden(value):
            raise refuse(path, "characters that cannot be seen are not allowed")
        return value

    def word(self, value: str) -> bytes:
        """Keccak-256 of the UTF-8 bytes."""
        return keccak(value.encode())


class Choice(Text):
    """One of a few words: fixed ones, or those of a set that modules add to."""

    def __init__(self, *words: str, more: Callable[[], tuple[str, ...]] | None = None) -> None:
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
            raise refuse(path, "one of " + ", ".join(self.words) + " is needed")
        return value
