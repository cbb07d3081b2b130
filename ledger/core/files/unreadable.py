"""Files from which no proof can be read: there is none in them, or they are damaged.

Neither says anything of what the file is about. Both verifiers give the same reason in the same
words; pages translate them.
"""

from __future__ import annotations

from typing import Final

from ledger.errors import LedgerError

EMPTY: Final = "the file is empty"
FOREIGN: Final = "the file is of another kind"
NEWER: Final = "its form is not known here; a newer program may know it"
BARE: Final = "a certificate without the ledger's proof: what is checked here is the whole file"
TOO_LONG: Final = "it is longer than any proof file"
PDF_EMPTY: Final = "there is no proof file in this PDF: was it printed, encrypted or saved anew?"

CUT: Final = "it begins like a proof file, and is cut, or was changed by an editor"
UTF_16: Final = "an editor saved it as UTF-16"
GZIP: Final = "it is packed with gzip, and cut, or something stands behind its end"
PDF_BROKEN: Final = "this PDF is cut, or was changed by another program"
PDF_SEVERAL: Final = "there are several proof files in this PDF: it cannot be said which counts"


class Unreadable(LedgerError):
    """A file from which no proof can be read: its verdict, `no_proof` or `damaged`, and why."""

    def __init__(self, verdict: str, reason: str) -> None:
        super().__init__(reason)
        self.verdict = verdict
        self.reason = reason


def no_proof(reason: str) -> Unreadable:
    """There is no proof of ours in the file."""
    return Unreadable("no_proof", reason)


def damaged(reason: str) -> Unreadable:
    """The file may hold a proof of ours, which cannot be read as the file is."""
    return Unreadable("damaged", reason)
