"""What only the counter can get wrong: a command that cannot be carried out as it was given."""

from __future__ import annotations

from ledger.errors import LedgerError


class WrongUse(LedgerError):
    """The command, a setting or a file it names is not usable; the text says what to do."""
