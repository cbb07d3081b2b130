"""What can go wrong in the ledger, as one tree.

    LedgerError
      · Refused       a record or input breaks a rule; carries a stable code
      · Damaged       stored data contradicts itself: stop and look
      · Unavailable   not now; try again
          · Busy      too much waits already; try again later
      · NotFound      there is no such thing in the ledger
      · ProofError    a proof that does not hold; carries the name of the failed check

No error here knows HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.refusals import Code


class LedgerError(Exception):
    """Base of everything that the ledger raises on purpose."""


class Refused(LedgerError):
    """A record or input breaks the rule named by `code`; `detail` says where."""

    def __init__(self, code: Code, detail: str = "") -> None:
        """Refuse with a code and an optional detail without personal data."""
        super().__init__(f"{code.value}: {code.en} {detail}".rstrip())
        self.code = code
        self.detail = detail


class Damaged(LedgerError):
    """Stored data contradicts itself; `check` names what was looked at."""

    def __init__(self, check: str, reason: str) -> None:
        super().__init__(f"{check}: {reason}")
        self.check = check
        self.reason = reason


class Unavailable(LedgerError):
    """The ledger cannot answer now; the same call may succeed later."""


class Busy(Unavailable):
    """Too much waits already. Nothing of the call was taken in."""


class NotFound(LedgerError):
    """There is no such thing in the ledger."""


class ProofError(LedgerError):
    """A proof does not hold; `check` is the name of the verifier's check that failed."""

    def __init__(self, check: str, reason: str) -> None:
        super().__init__(f"{check}: {reason}")
        self.check = check
        self.reason = reason
