"""What all verifiers share: named checks, the report, the verdict, exit codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.errors import ProofError, Refused

if TYPE_CHECKING:
    from ledger.core.verify.anchor import AnchorFinding

EXIT_CODES: Final[Mapping[str, int]] = {
    "valid": 0,
    "invalid": 1,
    "unpinned": 3,
    "broken": 1,
    "void": 1,
    "pending": 3,
    "unchecked": 3,
    "unknown": 3,
    "no_proof": 3,
    "damaged": 3,
    "disputed": 3,
    "amended": 3,
    "disowned": 3,
}
"""Verdict → exit code of `hourledger verify`."""


DOCUMENTS: Final = (
    "record",
    "account",
    "transcript",
    "certificate",
    "disclosure",
    "attestation",
    "receipt",
    "credit_report",
)
"""The kinds of document that there are verifiers for."""


@dataclass(frozen=True, slots=True)
class Check:
    """One named check: held (True), failed (False) or could not be made (None), and why."""

    name: str
    ok: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head of the log, and what its key signed to say so: a note."""

    size: int
    root: bytes
    note: str


@dataclass(frozen=True, slots=True)
class Report:
    """The one verdict, the checks behind it, what stands beside it, and which kind of document it
    is about: one of `DOCUMENTS`; None where the file could not be read as one. `within` is what an
    `unpinned` file would be, `head` the head that the file shows, if the log's key signed one."""

    verdict: str
    checks: tuple[Check, ...]
    facts: Mapping[str, Any]
    document: str | None = None
    within: str | None = None
    head: SignedHead | None = None


class Run:
    """Collects checks; a check that depends on a failed one is not made."""

    def __init__(self, names: tuple[str, ...], document: str | None = None) -> None:
        self.names = names
        self.document = document
        self.checks: dict[str, Check] = {}
        self.head: SignedHead | None = None

    def make(self, name: str, check: Callable[[], str]) -> bool:
        """Run one check: its reason on success; a `ProofError` or `Refused` fails it."""
        try:
            self.checks[name] = Check(name, True, check())
        except ProofError as error:
            self.checks[name] = Check(name, False, error.reason)
        except Refused as error:
            self.checks[name] = Check(name, False, f"{error.code.value} {error.detail}".strip())
        return self.checks[name].ok is True

    def note(self, name: str, ok: bool | None, reason: str) -> None:
        """Set one check by hand."""
        self.checks[name] = Check(name, ok, reason)

    def all(self) -> tuple[Check, ...]:
        """All in order; one that was not reached says so."""
        missing = "not reached: an earlier check failed"
        return tuple(self.checks.get(name, Check(name, None, missing)) for name in self.names)

    def report(self, verdict: str, facts: Mapping[str, Any] | None = None) -> Report:
        """The report with a verdict; facts beside it where there are any."""
        return Report(verdict, self.all(), facts or {}, self.document, head=self.head)


def verdict_of(
    checks: Iterable[Check],
    anchors: Sequence[Mapping[str, Any]],
    finding: AnchorFinding | None,
    status: str | None = None,
) -> str:
    """The verdict that the checks come to. `status`: what became of the subject of the file, None
    where it has no status of its own or none was proved."""
    held = [check.ok for check in checks]
    if False in held:
        return "invalid"
    if status not in (None, "recorded"):
        return str(status)
    if finding is not None and finding.state == "disowned":
        return "disowned"
    if not anchors or (finding is not None and finding.state in ("mined", "absent")):
        return "pending"
    return "valid" if all(held) else "unchecked"
