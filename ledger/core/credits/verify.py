"""The verifier of credit reports: a second clerk's recomputation, from the report and a chain
alone.

     1 format      head and lines are what they should be, every value in its one spelling
     2 signature   the statement is signed by the address that claims it
     3 authority   a record in the ledger lets that address act for the university
     4 rules       the rule set has the hash that was signed
     5 checkpoint  the log key that the genesis names signed the head of the batch
     6 anchor      a chain holds that root for that size
     7 times       the seal lies between what it follows and the block, the statement behind it
     8 suspensions the suspensions that are shown are in the log
     9 lines       the lines are those that were signed, no more, no fewer, no row twice
    10 evidence    every student's transcript is complete and holds, as of the one batch; of records
                   that are not signed as their kind demands, none counts
    11 numbers     judged anew by the rule set, every line comes to the same
    12 totals      the sums that were signed are those of the lines

Pure, as `ledger.core.verify.record`. One line is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ledger.core.credits.evidence import suspensions_in
from ledger.core.credits.recompute import Recomputation, json_line
from ledger.core.credits.report import Head, parse_head
from ledger.core.format.limits import FILE_BYTES_MAX, SKEW_SECONDS
from ledger.core.kinds.registry import Delegation, Organisation, Seal
from ledger.core.proofs.bundle import parse_bundle
from ledger.core.records.record import digest
from ledger.core.records.signing import check_claim
from ledger.core.trees.notes import Checkpoint
from ledger.core.verify import log_checks
from ledger.core.verify.anchor import AnchorFinding, AnchorLookup, ask_chain
from ledger.core.verify.checks import Report, Run, SignedHead, verdict_of
from ledger.core.verify.facts import as_of, ledger_fact
from ledger.core.verify.not_proved import not_proved
from ledger.core.verify.opening import open_document
from ledger.core.verify.record import verify
from ledger.core.verify.signers import certifies, grants
from ledger.core.verify.times import check_times
from ledger.errors import ProofError

CHECKS: Final = (
    "format",
    "signature",
    "authority",
    "rules",
    "checkpoint",
    "anchor",
    "times",
    "suspensions",
    "lines",
    "evidence",
    "numbers",
    "totals",
)
"""The checks, in order."""


def verify_credit_report(lines: Iterable[bytes], chain: AnchorLookup | None = None) -> Report:
    """Judge a report by its lines (bytes without their line feeds): `valid`, `pending`, `unchecked`
    or `invalid`."""
    run, feed = Run(CHECKS, "credit_report"), iter(lines)
    try:
        first = json_line(next(feed, b""), FILE_BYTES_MAX)
    except ProofError as error:
        run.note("format", False, error.reason)
        return run.report("invalid")
    opened = open_document(run, first, parse_head, "report")
    if isinstance(opened, Report):
        return opened
    head, ledger = opened
    run.make("signature", lambda: _signature(head, ledger))
    run.make("authority", lambda: _authority(head, ledger, chain))
    run.make("rules", lambda: _rules(head))
    checkpoint = _checkpoint(run, head)
    finding = ask_chain(run, head.anchors, head.root, ledger, checkpoint, chain)
    run.make("times", lambda: _times(head, finding))
    if checkpoint is not None:
        run.make("suspensions", lambda: _suspensions(head, checkpoint))
    recomputation = Recomputation(head, ledger)
    for line in feed:
        recomputation.take(line)
    for name in ("format", "lines", "evidence", "numbers", "totals"):
        run.make(name, getattr(recomputation, name))
    verdict = verdict_of(run.all(), head.anchors, finding)
    if verdict == "invalid":
        return run.report(verdict)
    return run.report(verdict, _facts(head, ledger, finding.block_time if finding else None))


def _signature(head: Head, ledger: bytes) -> str:
    check_claim(ledger, digest(ledger, head.statement), head.signature)
    return f"signed by {head.signature.signer}"


def _authority(head: Head, ledger: bytes, chain: AnchorLookup | None) -> str:
    report = verify(head.authority, chain, of=ledger)
    broken = next((check for check in report.checks if check.ok is False), None)
    if broken is not None:
        raise ProofError("authority", f"{broken.name}: {broken.reason}")
    entry = parse_bundle(head.authority).record.entry
    stated, signer = head.statement, head.signature.signer
    whose, time = stated.organisation, stated.issued_at
    body = entry.record.body
    if isinstance(body, Organisation) and signer == whose and certifies(entry, whose, time, time):
        return f"{whose} is certified and signed itself"
    if isinstance(body, Delegation) and grants(entry, whose, signer, "credit", time):
        return f"{whose} lets {signer} decide on credits"
    raise ProofError("authority", "the record does not let the signer act for the university")


def _rules(head: Head) -> str:
    if head.rules.hash() != head.statement.rules or head.rules.scheme != head.statement.scheme:
        raise ProofError("rules", "the statement names other rules")
    return f"{head.rules.scheme}, version {head.rules.version}"


def _checkpoint(run: Run, head: Head) -> Checkpoint | None:
    found, proof, entry = list[Checkpoint](), head.seal.proof, head.seal.entry
    assert proof is not None

    def check() -> str:
        found.append(log_checks.opened(proof, head.root))
        body, note = entry.record.body, found[0]
        log_checks.demand_unsigned(entry)
        log_checks.demand_sealed(head.root, entry)
        log_checks.demand_charters(head.root, note)
        if not isinstance(body, Seal) or body.batch != head.statement.batch:
            raise ProofError("checkpoint", "the seal is not that of the batch that was signed")
        if proof.index != entry.index or not log_checks.is_last(entry, note):
            raise ProofError("checkpoint", "the seal is not the last entry of the checkpoint")
        log_checks.demand_included(entry, proof, note)
        run.head = SignedHead(note.size, note.root, proof.checkpoint)
        return (
            f"{note.origin} signed the head of {note.size} entries, the end of batch {body.batch}"
        )

    return found[0] if run.make("checkpoint", check) else None


def _times(head: Head, finding: AnchorFinding | None) -> str:
    seal = head.seal.entry
    if seal.accepted_at - head.statement.issued_at > SKEW_SECONDS:
        raise ProofError("times", "the statement is older than the batch that it is about")
    return check_times(head.root.genesis, head.suspensions, seal, finding)


def _suspensions(head: Head, checkpoint: Checkpoint) -> str:
    shown = head.suspensions
    if not len(shown) == len({entry.index for entry in shown}) == len(suspensions_in(shown)):
        raise ProofError("suspensions", "an entry is given twice, or suspends nobody")
    log_checks.demand_all_included(shown, head.path, checkpoint)
    return f"{len(shown)} suspensions are in the log"


def _facts(head: Head, ledger: bytes, anchored_at: int | None) -> dict[str, Any]:
    stated = head.statement
    return {
        "ledger": ledger_fact(head.root.genesis, ledger),
        "organisation": stated.organisation,
        "scheme": {"name": stated.scheme, "version": head.rules.version},
        "rules": "0x" + stated.rules.hex(),
        "roster": "0x" + stated.roster.hex(),
        "stage": stated.stage,
        "rows": stated.count,
        "matched": stated.matched,
        "credit_minutes": stated.credit_minutes,
        "honour_minutes": stated.honour_minutes,
        "credit_hundredths": stated.credit_hundredths,
        "objections_until": stated.objections_until,
        "issued_at": stated.issued_at,
        "report_id": "0x" + digest(ledger, stated).hex(),
        "as_of": as_of(head.seal.entry),
        "anchored_at": anchored_at,
        "does_not_prove": not_proved("credit_report"),
    }
