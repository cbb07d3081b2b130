"""How a verifier begins: the file is of its form, and a part of another of that one's ledger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from ledger.core.kinds.registry import Genesis
from ledger.core.records.record import ledger_id
from ledger.core.verify.checks import Run
from ledger.errors import ProofError


class Founded(Protocol):
    """A parsed file: it says by its genesis which ledger it is of."""

    @property
    def genesis(self) -> Genesis:
        """The body of the ledger's first record."""


File = TypeVar("File", bound=Founded)


def open_document(
    run: Run,
    parse: Callable[[], File],
    noun: str,
    *,
    whole: str | None = None,
    of: bytes | None = None,
) -> tuple[File, bytes] | None:
    """The check `format`: the parsed file and its ledger's id; None where the check fails, which is
    `invalid`. `noun` and `whole` name the file in the reasons; `of` is the ledger of the file that
    it is a part of."""
    try:
        parsed = parse()
    except ProofError as error:
        run.note("format", False, error.reason)
        return None
    ledger = ledger_id(parsed.genesis)
    if of is not None and ledger != of:
        run.note("format", False, f"the {noun} is of another ledger than the file around it")
        return None
    run.note("format", True, f"{whole or f'a complete {noun}'}, every value in its one spelling")
    return parsed, ledger
