"""Who names ledgers to somebody at a command line, and what is remembered of the heads they saw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from api.mirror.evidence import KNOWN, SHOWN, Alarm, keep
from api.trust.pins import Pinned, change_pins, read_pins
from ledger.core.verify.checks import Report
from ledger.core.verify.pinned import HAND, NOBODY, Pin, only, two_heads

Ask = Callable[[bytes, str], Pin | str]
"""Asks the site of a host whether a ledger is its own."""


class Trusted:
    """The pins of a file; or one ledger alone, named for this once; and where neither names a
    ledger, its home, if that may be asked. A port of `ledger.core.verify.pinned`."""

    def __init__(self, file: Path, named: bytes | None = None, ask: Ask | None = None) -> None:
        """Raises `WrongUse` for a file that is none of pins."""
        self._file, self._named, self._ask = file, named, ask
        self._pins = {pinned.ledger: pinned for pinned in read_pins(file)}
        self._found: Pinned | None = None

    def __call__(self, ledger: bytes, home: str) -> Pin | str:
        """The pin of a ledger, or why there is none."""
        self._found = known = self._pins.get(ledger)
        newest = known.newest if known else None
        if self._named is not None:
            pin = only(self._named)(ledger, home)
            return pin if isinstance(pin, str) else Pin(HAND, newest=newest)
        if known is not None:
            return Pin(known.by, known.host, newest)
        return NOBODY if self._ask is None else self._ask(ledger, home)

    def remember(self, report: Report) -> None:
        """Keep the head of a report, if its ledger is in the file and the head is the newest seen.
        Raises `WrongUse`."""
        known, head = self._found, report.head
        if known is None or head is None or report.verdict in ("invalid", "unpinned"):
            return
        if known.newest is not None and head.size <= known.newest.size:
            return

        def newer(pinned: Pinned) -> Pinned:
            if pinned.ledger != known.ledger or (
                pinned.newest is not None and pinned.newest.size >= head.size
            ):
                return pinned
            return replace(pinned, newest=head)

        change_pins(self._file, lambda pins: [newer(pinned) for pinned in pins])

    def evidence(self, report: Report) -> Path | None:
        """Where the two notes lie, written out, if a report has another head of a size than the one
        that was seen; None if it has not."""
        known, head = self._found, report.head
        if known is None or known.newest is None or head is None:
            return None
        if report.verdict != "invalid" or not two_heads(known.newest, head):
            return None
        sentence = f"the log of 0x{known.ledger.hex()} signed two heads of {head.size} entries"
        notes = {KNOWN: known.newest.note, SHOWN: head.note}
        return keep(self._file.parent, Alarm(sentence, notes))
