"""The alarm: one sentence that names the batch and what differs, and the files that show it."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from api.node.files import write_durably
from ledger.errors import LedgerError

FOLDER: Final = "evidence"
"""Where a mirror keeps what it found, one folder for each alarm."""

SENTENCE: Final = "alarm.txt"
KNOWN: Final = "known-checkpoint"
SHOWN: Final = "shown-checkpoint"
"""The two heads that contradict each other, each a note signed by the log."""


class Alarm(LedgerError):
    """The ledger contradicts what it signed, what it showed before, or a chain."""

    def __init__(self, sentence: str, exhibits: Mapping[str, str | bytes | None]) -> None:
        """`exhibits` are files by name; those that are None do not exist."""
        super().__init__(sentence)
        self.sentence = sentence
        self.exhibits = {
            name: content.encode() if isinstance(content, str) else content
            for name, content in exhibits.items()
            if content is not None
        }


def keep(folder: Path, alarm: Alarm) -> Path:
    """Write an alarm's evidence below a mirror's folder, once; where it lies."""
    files = {SENTENCE: alarm.sentence.encode() + b"\n", **alarm.exhibits}
    digest = sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + sha256(files[name]).digest())
    place = folder / FOLDER / digest.hexdigest()[:16]
    place.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_durably(place / name, content, mode=0o644)
    return place
