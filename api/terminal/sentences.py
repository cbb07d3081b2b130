"""What `valid` says of files that are of no single record: each kind proves something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.words import mark

CERTIFICATE: Final = mark(
    "The recording unit issued it, and every hour in it stands in the ledger."
)
TRANSCRIPT: Final = mark(
    "The ledger holds these entries of the account, no more and no fewer. Which organisations were "
    "certified, and whom they let sign, is not shown here."
)
TOTALS: Final = mark("The ledger committed to these totals, the same for everybody.")
HOURS: Final = mark("The ledger committed to these hours of these months, by class and category.")
ATTESTATION: Final = mark("The ledger says yes: the condition is met, as of the batch shown.")
RECEIPT: Final = mark(
    "The ledger keeps its promise: the record stands in its log. What became of it since, its "
    "proof says."
)
CREDITS: Final = mark(
    "The figures follow from the rules and the complete records enclosed: they were recomputed."
)


VALID: Final[Mapping[str, str]] = {
    "certificate": CERTIFICATE,
    "transcript": TRANSCRIPT,
    "account": TOTALS,
    "disclosure": HOURS,
    "attestation": ATTESTATION,
    "receipt": RECEIPT,
    "credit_report": CREDITS,
}
"""Kind of document → sentence; the proof of a single record has that of its verdict."""
