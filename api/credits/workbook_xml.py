"""The XML parts of a workbook, element by element, each of them paid for from a budget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Protocol
from xml.parsers.expat import ParserCreate

from api.credits.budget import Budget
from api.errors import WrongUse
from api.words import both

_CHUNK = 1 << 16


class Reader(Protocol):
    """What becomes of elements. Names are without their namespace: transitional and strict files,
    and those of all versions, differ in nothing else that is read here."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """It ends."""

    def text(self, data: str) -> None:
        """Text in it, perhaps in pieces."""


def feed(file: IO[bytes], reader: Reader, budget: Budget) -> Iterator[None]:
    """Hand a part to a reader, a piece at each step. Raises `WrongUse` beyond the budget and for
    a document type, which no workbook has and by which entities would come in; `ExpatError`."""
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        budget.spend()
        reader.start(_local(name), {_local(key): text for key, text in attributes.items()})

    def refuse(*_: object) -> None:
        raise WrongUse(both("the workbook declares a document type"))

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: reader.end(_local(name))
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = refuse
    while chunk := file.read(_CHUNK):
        parser.Parse(chunk)
        yield
    parser.Parse(b"", True)
    yield


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
