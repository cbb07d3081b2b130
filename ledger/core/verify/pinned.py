"""The check `ledger`: whether somebody whom the verifier trusts has named the ledger of a file.

A genesis names its own keys, so anybody can found a ledger that proves whatever he likes under any
name. A file of a ledger that nobody named is `unpinned`, whatever else it would be but `invalid`.
And a ledger has one head of a size: with two of them, both signed, its log key shows two histories.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from ledger.core.verify.checks import Check, Report, SignedHead

HAND: Final = "hand"
"""Somebody named the id itself."""

SITE: Final = "site"
"""The site of a host named the id, and the genesis names that host."""

NOBODY: Final = "nobody whom you trust has named this ledger"
"""Why a ledger is not pinned, where nothing more is known."""

_UNPINNED_STAYS: Final = ("invalid", "no_proof", "damaged")
"""What a file is by itself, whoever's it is."""


@dataclass(frozen=True, slots=True)
class Pin:
    """By whom a ledger was named, `HAND` or `SITE`, that with its host; and the newest of its heads
    that was seen, whose signature was checked then."""

    by: str
    host: str = ""
    newest: SignedHead | None = None


Pins = Callable[[bytes, str], Pin | str]
"""The port to whoever names ledgers: an id, and the host that its genesis calls its home or "" →
the pin, or why there is none."""


def nobody(ledger: bytes, home: str) -> Pin | str:
    """Pins of whoever trusts no ledger."""
    return NOBODY


def only(trusted: bytes) -> Pins:
    """Pins of whoever trusts the one ledger with this id."""
    return lambda ledger, home: Pin(HAND) if ledger == trusted else NOBODY


def with_ledger(report: Report, pins: Pins) -> Report:
    """The report on a file with the check `ledger` before all others, and the verdict with it."""
    known: dict[str, Any] | None = report.facts.get("ledger")
    if report.verdict in _UNPINNED_STAYS or known is None:
        return report
    pin = pins(bytes.fromhex(known["id"][2:]), known["home"])
    if isinstance(pin, str):
        return _placed(report, Check("ledger", None, pin), None, "unpinned", report.verdict)
    if two_heads(pin.newest, report.head):
        assert report.head is not None
        reason = f"the log's key signed two heads of {report.head.size} entries"
        failed = Check("ledger", False, reason)
        return replace(report, verdict="invalid", checks=(failed, *report.checks), facts={})
    named = {HAND: "its id was named by hand", SITE: f"the ledger of {pin.host}, by its own site"}
    return _placed(report, Check("ledger", True, named[pin.by]), pin, report.verdict, None)


def two_heads(known: SignedHead | None, shown: SignedHead | None) -> bool:
    """Whether two heads are of one size and contradict each other."""
    if known is None or shown is None or known.size != shown.size:
        return False
    return known.root != shown.root


def _placed(
    report: Report, check: Check, pin: Pin | None, verdict: str, within: str | None
) -> Report:
    named = pin and {"by": pin.by, "host": pin.host}
    facts = {**report.facts, "ledger": {**report.facts["ledger"], "named": named}}
    checks = (check, *report.checks)
    return replace(report, verdict=verdict, within=within, checks=checks, facts=facts)
