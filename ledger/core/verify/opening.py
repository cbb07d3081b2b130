"""How a verifier begins: the file is of its form and of a charter whose modules this program knows,
and a part of another of that one's ledger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from ledger.core.kinds.registry import MODULES
from ledger.core.proofs.roots import parse_root
from ledger.core.records.charters import Root, check_charters, version_of
from ledger.core.records.record import ledger_id
from ledger.core.verify.checks import Report, Run
from ledger.core.verify.facts import ledger_fact
from ledger.errors import ProofError, Refused


class Founded(Protocol):
    """A parsed file: it says by its genesis its ledger, and has the charters."""

    @property
    def root(self) -> Root:
        """The genesis and the charters."""


File = TypeVar("File", bound=Founded)


def open_document(
    run: Run,
    value: object,
    parse: Callable[[object], File],
    noun: str,
    *,
    whole: str | None = None,
    of: bytes | None = None,
) -> tuple[File, bytes] | Report:
    """The check `format`: the parsed file and its ledger's id; the report where it does not go on
    from here. `noun` and `whole` name the file in the reasons; `of` is the ledger of the file that
    it is a part of.

    The charters are judged before anything else is read: what they say decides which kinds of
    records there are, and of a module that is not known here nothing can be called wrong.
    """
    try:
        root = parse_root(value)
        ledger = ledger_id(root.genesis)
        check_charters(root, ledger)
        strange = unknown_module(root)
        parsed = None if strange else parse(value)
    except ProofError as error:
        run.note("format", False, error.reason)
        return run.report("invalid")
    except Refused as error:
        run.note("format", False, f"{error.code.value}: {error.detail}")
        return run.report("invalid")
    if of is not None and ledger != of:
        run.note("format", False, f"the {noun} is of another ledger than the file around it")
        return run.report("invalid")
    if parsed is None:
        run.note("format", None, strange or "")
        return run.report("unchecked", {"ledger": ledger_fact(root.genesis, ledger)})
    run.note("format", True, f"{whole or f'a complete {noun}'}, every value in its one spelling")
    return parsed, ledger


def unknown_module(root: Root) -> str | None:
    """What is said of the first charter that names a module which this program does not know."""
    for charter in (root.genesis, *(e.record.body for e in root.charters)):
        for module in charter.modules:  # type: ignore[attr-defined]
            if module not in MODULES:
                version = version_of(charter)  # type: ignore[arg-type]
                return f"charter {version} names {module}, which this program does not know"
    return None
