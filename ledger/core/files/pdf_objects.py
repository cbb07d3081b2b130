"""The objects of a PDF file as values (ISO 32000-1 §7.3): a strict reader of hostile bytes.

null, true, false and integers are None, bool and int; a real number is NaN, and a string is empty
bytes, for no rule asks what they say. Names are `Name`, arrays `list`, dictionaries `dict`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import nan
from typing import Any, Final

DEPTH_MAX: Final = 32
"""Deepest nesting of arrays and dictionaries."""

_SPACE: Final = re.compile(rb"(?:[\0\t\n\f\r ]|%[^\r\n]*)*")
_NAME: Final = re.compile(rb"/([^\0\t\n\f\r ()<>\[\]{}/%]*)")
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})?")
_REF: Final = re.compile(
    rb"([0-9]{1,10})[\0\t\n\f\r ]+([0-9]{1,5})[\0\t\n\f\r ]+R(?![^\0\t\n\f\r ()<>\[\]{}/%])"
)
_WORD: Final = re.compile(rb"[^\0\t\n\f\r ()<>\[\]{}/%]+")
_INTEGER: Final = re.compile(rb"[+-]?[0-9]{1,15}\Z")
_REAL: Final = re.compile(rb"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)\Z")
_HEX: Final = re.compile(rb"<[0-9A-Fa-f\0\t\n\f\r ]*>")
_TEXT: Final = re.compile(rb"[()]|\\.?", re.DOTALL)
_HEADER: Final = re.compile(
    rb"([0-9]{1,10})[\0\t\n\f\r ]+([0-9]{1,5})[\0\t\n\f\r ]+obj(?![^\0\t\n\f\r ()<>\[\]{}/%])"
)
_WORDS: Final[dict[bytes, Any]] = {b"null": None, b"true": True, b"false": False}


class Broken(Exception):
    """The bytes are no PDF that is read here."""


class Name(str):
    """A name, without its slash and with its escapes resolved."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to an object: its number and generation."""

    number: int
    generation: int


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream: its dictionary, and the place where its bytes begin."""

    about: dict[str, Any]
    start: int


class Objects:
    """Reads values at `at`, and leaves `at` behind them. Raises `Broken`."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        if not 0 <= at <= len(data):
            raise Broken
        self.data = data
        self.at = at

    def skip(self) -> None:
        """Pass white space and comments."""
        found = _SPACE.match(self.data, self.at)
        assert found is not None
        self.at = found.end()

    def word(self, word: bytes) -> bool:
        """Pass this word if it comes next."""
        self.skip()
        found = _WORD.match(self.data, self.at)
        if found is None or found[0] != word:
            return False
        self.at = found.end()
        return True

    def take(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """Pass what matches here, if it does."""
        found = pattern.match(self.data, self.at)
        if found is not None:
            self.at = found.end()
        return found

    def indirect(self) -> tuple[Ref, Any]:
        """An object with its number, and no more than that: a value, or a `Stream`."""
        self.skip()
        header = self.take(_HEADER)
        if header is None:
            raise Broken
        value = self.value()
        if type(value) is dict and self.word(b"stream"):
            end = self.data[self.at : self.at + 2]
            if end != b"\r\n" and not end.startswith(b"\n"):
                raise Broken
            value = Stream(value, self.at + (2 if end == b"\r\n" else 1))
        elif not self.word(b"endobj"):
            raise Broken
        return Ref(int(header[1]), int(header[2])), value

    def value(self, depth: int = 0) -> Any:
        """One value."""
        if depth > DEPTH_MAX:
            raise Broken
        self.skip()
        first = self.data[self.at : self.at + 2]
        if first == b"<<":
            return self._dictionary(depth)
        kind = first[:1]
        if kind == b"[":
            return self._array(depth)
        if kind == b"/":
            return self._name()
        if kind == b"(":
            return self._text()
        if kind == b"<":
            if self.take(_HEX) is None:
                raise Broken
            return b""
        reference = self.take(_REF)
        if reference is not None:
            return Ref(int(reference[1]), int(reference[2]))
        return self._plain()

    def _plain(self) -> Any:
        found = self.take(_WORD)
        if found is None:
            raise Broken
        if _INTEGER.match(found[0]):
            return int(found[0])
        if _REAL.match(found[0]):
            return nan
        if found[0] not in _WORDS:
            raise Broken
        return _WORDS[found[0]]

    def _dictionary(self, depth: int) -> dict[str, Any]:
        self.at += 2
        found: dict[str, Any] = {}
        while True:
            self.skip()
            if self.data.startswith(b">>", self.at):
                self.at += 2
                return found
            name = self._name()
            # Two readers may take different ones.
            if name in found:
                raise Broken
            found[name] = self.value(depth + 1)

    def _array(self, depth: int) -> list[Any]:
        self.at += 1
        found = list[Any]()
        while True:
            self.skip()
            if self.data.startswith(b"]", self.at):
                self.at += 1
                return found
            found.append(self.value(depth + 1))

    def _name(self) -> Name:
        found = self.take(_NAME)
        if found is None:
            raise Broken
        return Name(_ESCAPED.sub(_unescaped, found[1]).decode("latin-1"))

    def _text(self) -> bytes:
        self.at += 1
        depth = 1
        while depth:
            found = _TEXT.search(self.data, self.at)
            if found is None:
                raise Broken
            depth += {b"(": 1, b")": -1}.get(found[0], 0)
            self.at = found.end()
        return b""


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1] is None:
        raise Broken
    return bytes.fromhex(found[1].decode())
