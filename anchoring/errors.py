"""Errors of the anchoring room.

`Retry` heals by itself or by money (the next tick tries again); `Fatal` needs a person and must
stop anchoring with an alarm. The message says what, expected, got.
"""

from ledger.errors import LedgerError


class AnchorError(LedgerError):
    """Base of all errors about anchors and chains."""


class Retry(AnchorError):
    """The chain cannot be asked or told now; nothing is known to be wrong."""


class Fatal(AnchorError):
    """Chain and ledger, or chain and configuration, contradict each other."""


class NotRelayed(AnchorError):
    """A question to the chain that the relay does not pass on."""
