"""What was signed, kept in a file before it is handed in: so that a second run hands in the same
record and not another, and so that what was committed to can be shown.

A line of JSON for each record: what was asked for (a hash), the record, and what opens its
commitments. A line is on disk before its record leaves; a line that a crash cut short is none.
Where the ledger refused a record, a line says so, and the next run signs anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from api.bodies.reading import Opening
from api.errors import WrongUse
from api.words import both
from ledger.core.records.decode import decode_record
from ledger.core.records.record import Record, jcs, record_to_json
from ledger.errors import Refused


@dataclass(frozen=True, slots=True)
class Signed:
    """A record for what was asked for, and what opens its commitments."""

    asked: str
    record: Record
    openings: tuple[Opening, ...]


def name_of(kind: str, texts: Mapping[str, Sequence[str]], signers: Iterable[str]) -> str:
    """The name of what is asked for: a kind, what was written, and who signs."""
    written = {path: list(given) for path, given in texts.items()}
    return sha256(jcs([kind, written, list(signers)])).hexdigest()


class Kept:
    """One such file. Raises `WrongUse` for a file that is another's."""

    def __init__(self, path: Path) -> None:
        """Read what the file has; it need not be there yet."""
        self._path = path
        self._known: dict[str, Signed] = {}
        data = path.read_bytes() if path.exists() else b""
        self._whole = data.rfind(b"\n") + 1
        for line in data[: self._whole].splitlines():
            self._take(line)

    def find(self, asked: str) -> Signed | None:
        """What was signed for this already and not refused."""
        return self._known.get(asked)

    def add(self, signed: Sequence[Signed]) -> None:
        """Keep, durably, what was signed."""
        self._append({"asked": s.asked, **_to_json(s)} for s in signed)
        self._known |= {s.asked: s for s in signed}

    def keep_openings(self, openings: Sequence[Opening]) -> None:
        """Keep what opens the commitments of a body that is signed elsewhere."""
        self._append([{"openings": [asdict(opening) for opening in openings]}])

    def refused(self, asked: Sequence[str]) -> None:
        """Note what the ledger refused: it is in no ledger."""
        self._append({"asked": one, "refused": True} for one in asked)
        for one in asked:
            self._known.pop(one, None)

    def _append(self, lines: Iterable[Mapping[str, Any]]) -> None:
        data = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)
        if not data:
            return
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            file.truncate(self._whole)
            file.seek(self._whole)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        self._whole += len(data)

    def _take(self, line: bytes) -> None:
        try:
            found = json.loads(line)
            if found.keys() == {"openings"}:
                return
            if found.get("refused"):
                self._known.pop(found["asked"], None)
                return
            openings = tuple(Opening(**one) for one in found["openings"])
            signed = Signed(found["asked"], decode_record(found["record"]), openings)
        except (ValueError, KeyError, TypeError, AttributeError, Refused):
            raise WrongUse(
                f"{self._path}: {both('This file holds something else: name another by --keep.')}"
            ) from None
        self._known[signed.asked] = signed


def _to_json(signed: Signed) -> dict[str, Any]:
    return {
        "record": record_to_json(signed.record),
        "openings": [asdict(opening) for opening in signed.openings],
    }
