"""What `valid` says of files that are of no single record, since each kind proves something else;
and what came of asking for the newest proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from api.terminal.format import Times
from api.words import both, mark
from ledger.core.verify.checks import Report

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

NEWS: Final[Mapping[str, str]] = {
    "same": mark("The ledger's own site holds nothing newer that changes it."),
    "newer": mark(
        "The file is older. The ledger's own site holds a newer proof of the same; it was checked, "
        "and this is its verdict."
    ),
    "missing": mark("The ledger's own site holds no newer proof: this is of the file's own day."),
    "unfit": mark(
        "What the ledger's own site gave as the newest does not hold, or is about something else: "
        "this is of the file's own day."
    ),
    "silent": mark(
        "The ledger's own site does not answer what became of it since: this is of the file's own "
        "day."
    ),
}
"""What came of asking for the newest proof → sentence."""


def since(report: Report) -> Iterator[str]:
    """What is known of what came after the batch of a file: what its ledger's home said, if it was
    asked; else that a file which holds is of its day."""
    facts = report.facts
    if "news" in facts:
        yield both(NEWS[facts["news"]])
    if report.verdict == "valid" and facts.get("news") not in ("same", "newer"):
        time = Times.of(facts).moment(facts["as_of"]["time"])
        yield both("As of {time}: the file does not know what came after.", time=time)
