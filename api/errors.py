"""What only the edge can get wrong: a command that cannot be carried out as it was given; and how
everything that is refused has a stable code."""

from __future__ import annotations

import enum

from ledger.errors import LedgerError


class ProblemCode(enum.Enum):
    """Base of the codes beside those of `ledger.refusals`. A member is declared once: its code,
    public and never renamed or reused; its HTTP status; its English sentence, the message by which
    those of other languages are found; and its source."""

    status: int
    en: str
    source: str

    def __new__(cls, code: str, status: int, en: str, source: str) -> ProblemCode:
        """Make one member whose value is the code alone."""
        member = object.__new__(cls)
        member._value_ = code
        member.status, member.en, member.source = status, en, source
        return member


class WrongUse(LedgerError):
    """The command, a setting or a file it names is not usable; the text says what to do."""
