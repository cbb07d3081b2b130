"""What a row of a roster came to, before anything is evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matched:
    """A row (numbered from 1 after the header), its cells by column, and what it came to: one of
    `ledger.core.credits.report.STATUSES` with a code that says why; the account where it is
    `matched`."""

    row: int
    student: Mapping[str, str]
    status: str
    code: str | None = None
    account: str | None = None
