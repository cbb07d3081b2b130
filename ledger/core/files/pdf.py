"""The proof file inside a PDF, by one rule that every verifier follows (docs/spec/proofs.md).

A PDF that a stranger hands in is hostile until shown otherwise, and two readers that forgive
different faults find different files in it. So nothing is forgiven, nothing is looked for but along
references from the end of the file, and everything is bounded.
"""

from __future__ import annotations

import re
from typing import Any, Final

from ledger.core.files.pdf_objects import Broken, Name, Objects, Ref, Stream
from ledger.core.files.pdf_streams import inflated, unpredicted
from ledger.core.files.unreadable import (
    PDF_BROKEN,
    PDF_EMPTY,
    PDF_ENCRYPTED,
    PDF_SEVERAL,
    damaged,
    no_proof,
)
from ledger.core.format.limits import FILE_BYTES_MAX

MAGIC: Final = b"%PDF-"
"""What a PDF file begins with (ISO 32000-1 §7.5.2)."""

PDF_BYTES_MAX: Final = FILE_BYTES_MAX + 16 * 1024 * 1024
"""Longest PDF that is read: the longest proof file, and its pages."""

SECTIONS_MAX: Final = 256
"""Most cross-reference sections: one for each time that a file was saved on top."""

NODES_MAX: Final = 64
"""Most nodes of the tree of names that is searched for attachments; we write one."""

PACK_MAX: Final = 20_000
"""Most objects in one stream of objects."""

REFERENCES_MAX: Final = 8
"""Longest chain of references that one value needs."""

UNPACKED_MAX: Final = 2 * FILE_BYTES_MAX
"""Most bytes that all streams together may become."""

_TAIL: Final = 2048
_START: Final = re.compile(rb"startxref[\0\t\n\f\r ]+([0-9]{1,10})[\0\t\n\f\r ]+%%EOF")
_SUBSECTION: Final = re.compile(rb"([0-9]{1,10})[\t ]+([0-9]{1,10})(?=[\t\r\n ])")
_ENTRY: Final = re.compile(rb"([0-9]{10})[\t ]+([0-9]{5})[\t ]+([nf])(?=[\t\r\n ])")
_FREE: Final = (0, 0, 0)


def attached_file(pdf: bytes) -> bytes:
    """The one file that is attached to a PDF. Raises `Unreadable` where there is none, or more than
    one, or where the PDF cannot be read here."""
    try:
        if len(pdf) > PDF_BYTES_MAX:
            raise Broken
        return _Pdf(pdf).attached()
    except Broken:
        raise damaged(PDF_BROKEN) from None


class _Pdf:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._places: dict[int, tuple[int, int, int]] = {}
        self._packs: dict[int, tuple[bytes, list[tuple[int, int]]]] = {}
        self._unpacked = 0
        self._depth = 0
        self._root: Any = None
        self._read_sections()

    def attached(self) -> bytes:
        files = self._files()
        if not files:
            raise no_proof(PDF_EMPTY)
        if len(files) > 1:
            raise damaged(PDF_SEVERAL)
        held = _dictionary(self._get(_dictionary(self._resolved(files[0])), "EF"))
        if "UF" in held and held["UF"] != held.get("F"):
            raise damaged(PDF_SEVERAL)
        stream = self._get(held, "F")
        if not isinstance(stream, Stream):
            raise Broken
        return self._unpack(stream)

    def _files(self) -> list[Any]:
        """The file specifications in the tree of names (§7.9.6), the second of which is enough."""
        names = self._get(_dictionary(self._resolved(self._root)), "Names")
        tree = None if names is None else self._get(_dictionary(names), "EmbeddedFiles")
        waiting, found = [] if tree is None else [tree], list[Any]()
        for _ in range(NODES_MAX):
            if not waiting or len(found) > 1:
                return found
            node = _dictionary(self._resolved(waiting.pop()))
            waiting += _array(self._get(node, "Kids"))
            pairs = _array(self._get(node, "Names"))
            if len(pairs) % 2:
                raise Broken
            found += pairs[1::2]
        raise Broken

    def _read_sections(self) -> None:
        """Where the objects stand (§7.5.4, §7.5.8): what was written last counts."""
        last = self._data.rfind(b"startxref", max(0, len(self._data) - _TAIL))
        start = _START.match(self._data, last) if last >= 0 else None
        if start is None:
            raise Broken
        at: int | None = int(start[1])
        seen = set[int]()
        while at is not None:
            if at in seen or len(seen) == SECTIONS_MAX:
                raise Broken
            seen.add(at)
            trailer = self._read_section(at)
            if trailer.get("Encrypt") is not None:
                raise damaged(PDF_ENCRYPTED)
            if len(seen) == 1:
                self._root = trailer.get("Root")
            earlier = trailer.get("Prev")
            if earlier is not None and type(earlier) is not int:
                raise Broken
            at = earlier

    def _read_section(self, at: int) -> dict[str, Any]:
        objects = Objects(self._data, at)
        if not objects.word(b"xref"):
            return self._read_stream_section(at)
        found = {}
        while not objects.word(b"trailer"):
            head = objects.take(_SUBSECTION)
            if head is None:
                raise Broken
            for number in range(int(head[1]), int(head[1]) + int(head[2])):
                objects.skip()
                entry = objects.take(_ENTRY)
                if entry is None:
                    raise Broken
                used = entry[3] == b"n"
                found[number] = (1, int(entry[1]), int(entry[2])) if used else _FREE
        trailer = _dictionary(objects.value())
        # What a file for older readers too keeps from them stands in a stream, and counts first.
        if "XRefStm" in trailer:
            if type(trailer["XRefStm"]) is not int:
                raise Broken
            self._read_stream_section(trailer["XRefStm"])
        self._places = found | self._places
        return trailer

    def _read_stream_section(self, at: int) -> dict[str, Any]:
        _, stream = Objects(self._data, at).indirect()
        if not isinstance(stream, Stream) or stream.about.get("Type") != Name("XRef"):
            raise Broken
        about = stream.about
        widths = about.get("W")
        if type(widths) is not list or len(widths) != 3:
            raise Broken
        if not all(type(width) is int and 0 <= width <= 8 for width in widths):
            raise Broken
        ranges = about.get("Index", [0, about.get("Size")])
        if type(ranges) is not list or len(ranges) % 2:
            raise Broken
        if not all(type(number) is int and number >= 0 for number in ranges):
            raise Broken
        rows, place, found = self._unpack(stream), 0, {}
        for first, count in zip(ranges[::2], ranges[1::2], strict=True):
            for number in range(first, first + count):
                if sum(widths) == 0 or place + sum(widths) > len(rows):
                    raise Broken
                fields = []
                for width in widths:
                    fields.append(int.from_bytes(rows[place : place + width]))
                    place += width
                kind = fields[0] if widths[0] else 1
                found[number] = (kind, fields[1], fields[2]) if kind in (1, 2) else _FREE
        self._places = found | self._places
        return about

    def _get(self, held: dict[str, Any], name: str) -> Any:
        return self._resolved(held.get(name))

    def _resolved(self, value: Any) -> Any:
        """What a reference leads to: null where there is nothing; any other value as it is."""
        if not isinstance(value, Ref):
            return value
        kind, where, which = self._places.get(value.number, _FREE)
        if kind == 0:
            return None
        # A length may stand in a stream whose length stands in a stream …
        if self._depth == REFERENCES_MAX:
            raise Broken
        self._depth += 1
        read, found = self._packed(where, which) if kind == 2 else self._plain(where)
        self._depth -= 1
        if read != value or isinstance(found, Ref) or (kind == 1 and which != value.generation):
            raise Broken
        return found

    def _plain(self, at: int) -> tuple[Ref, Any]:
        return Objects(self._data, at).indirect()

    def _packed(self, pack: int, index: int) -> tuple[Ref, Any]:
        """An object in a stream of objects (§7.5.7)."""
        if pack not in self._packs:
            self._packs[pack] = self._read_pack(pack)
        data, places = self._packs[pack]
        if index >= len(places):
            raise Broken
        number, at = places[index]
        return Ref(number, 0), Objects(data, at).value()

    def _read_pack(self, number: int) -> tuple[bytes, list[tuple[int, int]]]:
        kind, _, generation = self._places.get(number, _FREE)
        stream = self._resolved(Ref(number, generation)) if kind == 1 else None
        if not isinstance(stream, Stream) or stream.about.get("Type") != Name("ObjStm"):
            raise Broken
        count, first = (self._get(stream.about, name) for name in ("N", "First"))
        if type(count) is not int or type(first) is not int:
            raise Broken
        if not 0 <= count <= PACK_MAX or first < 0:
            raise Broken
        data = self._unpack(stream)
        head, places = Objects(data), []
        for _ in range(count):
            number, at = head.value(), head.value()
            if type(number) is not int or type(at) is not int or number < 0 or at < 0:
                raise Broken
            places.append((number, first + at))
        return data, places

    def _unpack(self, stream: Stream) -> bytes:
        """The bytes of a stream: as they stand, or packed once, with zlib."""
        about = stream.about
        length = self._get(about, "Length")
        if type(length) is not int or length < 0 or "F" in about:
            raise Broken
        end = stream.start + length
        if end > len(self._data) or not Objects(self._data, end).word(b"endstream"):
            raise Broken
        data = self._data[stream.start : end]
        names, settings = (_one(self._get(about, name)) for name in ("Filter", "DecodeParms"))
        if names is not None:
            if names != Name("FlateDecode"):
                raise Broken
            data = inflated(data)
        self._unpacked += len(data)
        if self._unpacked > UNPACKED_MAX:
            raise Broken
        settings = self._resolved(settings)
        return data if settings is None else unpredicted(data, _dictionary(settings))


def _one(value: Any) -> Any:
    """What a list of one holds; nothing for an empty one; a value that is no list as it is."""
    if type(value) is not list:
        return value
    if len(value) > 1:
        raise Broken
    return value[0] if value else None


def _dictionary(value: Any) -> dict[str, Any]:
    if type(value) is not dict:
        raise Broken
    return value


def _array(value: Any) -> list[Any]:
    if value is None:
        return []
    if type(value) is not list:
        raise Broken
    return value
