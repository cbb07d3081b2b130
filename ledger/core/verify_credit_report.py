"""The verifier of credit reports: a second clerk's reckoning, from the report and a chain alone.

     1 format      head and lines are what they should be, every value in its one spelling
     2 signature   the statement is signed by the address that claims it
     3 authority   a record in the ledger lets that address act for the university
     4 rules       the rule set has the hash that was signed
     5 checkpoint  the log key that the genesis names signed the head of the batch
     6 anchor      a chain holds that root for that size
     7 suspensions the suspensions that are shown are in the log
     8 lines       the lines are those that were signed, no more, no fewer, no row twice
     9 evidence    every student's transcript is complete and holds, as of the one batch
    10 numbers     judged anew by the rule set, every line comes to the same
    11 totals      the sums that were signed are those of the lines

Pure, as `ledger.core.verify`. One line is in memory at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from ledger.core.bodies import Delegation, Organisation, Seal
from ledger.core.bundle import parse_bundle
from ledger.core.checks import AnchorLookup, Report, Run, ask_chain
from ledger.core.credit_evaluation import evaluate
from ledger.core.credit_report import (
    LINE_BYTES_MAX,
    MATCHED,
    Head,
    Line,
    evaluation_json,
    parse_head,
    parse_line,
)
from ledger.core.credit_told import Suspension, suspensions_in, tell
from ledger.core.encoding import parse_json
from ledger.core.limits import FILE_BYTES_MAX
from ledger.core.merkle import leaf_hash, root, verify_inclusion, verify_inclusions
from ledger.core.notes import Checkpoint, open_checkpoint
from ledger.core.records import digest, ledger_id
from ledger.core.signing import check_claim
from ledger.core.standing import certifies, grants
from ledger.core.verify import verify
from ledger.core.verify_account import verdict_of
from ledger.errors import ProofError, Refused

CHECKS: Final = (
    "format",
    "signature",
    "authority",
    "rules",
    "checkpoint",
    "anchor",
    "suspensions",
    "lines",
    "evidence",
    "numbers",
    "totals",
)
"""The checks, in order."""

NOT_PROVED: Final = (
    (
        "所列数字由所附规则与完整记录算出，可由任何人重算；不能证明学生确实到场服务。",
        "The figures follow from the rules and the complete records that are enclosed, for anybody "
        "to reckon again; that the students served they do not show.",
    ),
    (
        "学号与姓名由学校名单提供，账户由标识符对应，账本不核验姓名。",
        "Student numbers and names are the roster's; accounts are found by identifier, and the "
        "ledger does not vouch for names.",
    ),
    (
        "未列出的组织暂停与所示批次之后的更正不在其中。",
        "Suspensions of organisations that are not shown, and what changed after the batch, are "
        "not among it.",
    ),
)
"""(zh, en) sentences that are shown with every verdict."""


def verify_credit_report(
    lines: Iterable[bytes],
    chain: AnchorLookup | None = None,
    *,
    trusted_ledger: bytes | None = None,
) -> Report:
    """Judge a report by its lines (bytes without their line feeds): `valid`, `pending`, `unchecked`
    or `invalid`."""
    run, feed = Run(CHECKS), iter(lines)
    try:
        head = parse_head(_json(next(feed, b""), FILE_BYTES_MAX))
    except ProofError as error:
        run.note("format", False, error.reason)
        return Report("invalid", run.all(), {})
    ledger = ledger_id(head.genesis)
    if trusted_ledger is not None and ledger != trusted_ledger:
        run.note("format", False, "the report is of another ledger than the one trusted")
        return Report("invalid", run.all(), {})
    run.make("signature", lambda: _signature(head, ledger))
    run.make("authority", lambda: _authority(head, ledger, chain))
    run.make("rules", lambda: _rules(head))
    checkpoint = _checkpoint(run, head)
    finding = ask_chain(run, head.anchors, ledger, checkpoint, chain)
    if checkpoint is not None:
        run.make("suspensions", lambda: _suspensions(head, checkpoint))
    reckoning = _Reckoning(head, ledger)
    for line in feed:
        reckoning.take(line)
    for name in ("format", "lines", "evidence", "numbers", "totals"):
        run.make(name, getattr(reckoning, name))
    verdict = verdict_of(run.all(), head.anchors, finding)
    if verdict == "invalid":
        return Report(verdict, run.all(), {})
    return Report(verdict, run.all(), _facts(head, ledger, finding.block_time if finding else None))


def _json(data: bytes, most: int) -> object:
    try:
        return parse_json(data, most)
    except Refused as error:
        raise ProofError("format", f"{error.code.value} {error.detail}".strip()) from error


def _signature(head: Head, ledger: bytes) -> str:
    check_claim(ledger, digest(ledger, head.statement), head.signature)
    return f"signed by {head.signature.signer}"


def _authority(head: Head, ledger: bytes, chain: AnchorLookup | None) -> str:
    report = verify(head.authority, chain, trusted_ledger=ledger)
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
        found.append(open_checkpoint(proof.checkpoint, head.genesis.origin, head.genesis.log_key))
        body, note = entry.record.body, found[0]
        if not isinstance(body, Seal) or body.batch != head.statement.batch:
            raise ProofError("checkpoint", "the seal is not that of the batch that was signed")
        if proof.index != entry.index or entry.index != note.size - 1:
            raise ProofError("checkpoint", "the seal is not the last entry of the checkpoint")
        verify_inclusion(entry.leaf(), entry.index, note.size, proof.path, note.root)
        return (
            f"{note.origin} signed the head of {note.size} entries, the end of batch {body.batch}"
        )

    return found[0] if run.make("checkpoint", check) else None


def _suspensions(head: Head, checkpoint: Checkpoint) -> str:
    leaves = {entry.index: entry.leaf() for entry in head.suspensions}
    if len(leaves) != len(head.suspensions) or len(suspensions_in(head.suspensions)) != len(leaves):
        raise ProofError("suspensions", "an entry is given twice, or suspends nobody")
    if leaves:
        verify_inclusions(leaves, checkpoint.size, head.path, checkpoint.root)
    elif head.path:
        raise ProofError("suspensions", "the path is of no entry")
    return f"{len(leaves)} suspensions are in the log"


class _Reckoning:
    """Takes the lines one by one; then answers for each check that needs all of them."""

    def __init__(self, head: Head, ledger: bytes) -> None:
        self._head, self._ledger = head, ledger
        self._suspended: tuple[Suspension, ...] = suspensions_in(head.suspensions)
        self._leaves: list[bytes] = []
        self._sums: Counter[str] = Counter()
        self._seen: set[tuple[str, object]] = set()
        self._broken: dict[str, str] = {}

    def take(self, data: bytes) -> None:
        """One more line."""
        self._leaves.append(leaf_hash(data))
        row = len(self._leaves)
        try:
            line = parse_line(_json(data, LINE_BYTES_MAX))
            self._once(line)
            if line.match_status == MATCHED:
                self._judge(line)
        except ProofError as error:
            self._broken.setdefault(error.check, f"line {row}: {error.reason}")

    def _once(self, line: Line) -> None:
        names: list[tuple[str, object]] = [("row", line.row)]
        if line.match_status == MATCHED:
            names += [("account", line.account), ("student", line.student.get("student_no", ""))]
        for name in names:
            if name in self._seen:
                raise ProofError("lines", f"{name[0]} {name[1]} is there twice")
            self._seen.add(name)

    def _judge(self, line: Line) -> None:
        transcript = line.transcript(self._head.plain)
        try:
            told, _ = tell(transcript, line.activities, trusted_ledger=self._ledger)
        except ProofError as error:
            raise ProofError("evidence", f"{error.check}: {error.reason}") from error
        university = self._head.statement.organisation
        consent = told.consent(university)
        if transcript["from"] > self._head.rules.told_from():
            raise ProofError("evidence", "the transcript begins after the first period that counts")
        found = evaluate(self._head.rules, told, university, self._suspended)
        if consent is None or found is None or consent[0] != line.consent:
            raise ProofError("evidence", "the consent is not the one that stands")
        again = evaluation_json(found)
        if again != line.evaluation:
            raise ProofError("numbers", _difference(again, line.evaluation or {}))
        self._sums.update(
            matched=1,
            credit_minutes=found.credit_minutes,
            honour_minutes=found.honour_minutes,
            credit_hundredths=found.credit_hundredths,
        )

    def _answer(self, check: str, reason: str) -> str:
        if check in self._broken:
            raise ProofError(check, self._broken[check])
        return reason

    def format(self) -> str:
        """Check 1."""
        return self._answer("format", "a complete report, every value in its one spelling")

    def lines(self) -> str:
        """Check 8."""
        stated = self._head.statement
        if len(self._leaves) != stated.count or root(self._leaves) != stated.lines:
            raise ProofError("lines", "the lines are not those that were signed")
        return self._answer("lines", f"{stated.count} lines, as signed")

    def evidence(self) -> str:
        """Check 9."""
        told = f"{self._sums['matched']} complete transcripts as of batch"
        return self._answer("evidence", f"{told} {self._head.statement.batch}")

    def numbers(self) -> str:
        """Check 10."""
        return self._answer("numbers", f"{self._sums['matched']} lines come to the same again")

    def totals(self) -> str:
        """Check 11."""
        for name in ("matched", "credit_minutes", "honour_minutes", "credit_hundredths"):
            if getattr(self._head.statement, name) != self._sums[name]:
                raise ProofError("totals", f"{name} of the lines is {self._sums[name]}")
        return "the sums are those of the lines"


def _difference(again: dict[str, Any], stated: Any) -> str:
    for name, value in again.items():
        if stated.get(name) != value:
            return (
                f"{name} is {value} by the rules" if type(value) is not list else f"{name} differ"
            )
    return "there is more than the rules give"


def _facts(head: Head, ledger: bytes, anchored_at: int | None) -> dict[str, Any]:
    stated, seal = head.statement, head.seal.entry.record.body
    assert isinstance(seal, Seal)
    return {
        "ledger": {"name": head.genesis.name, "id": "0x" + ledger.hex()},
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
        "as_of": {"batch": seal.batch, "size": head.seal.entry.index + 1, "time": seal.sealed_at},
        "anchored_at": anchored_at,
        "does_not_prove": [{"zh": zh, "en": en} for zh, en in NOT_PROVED],
    }


def lines_of(data: bytes) -> Iterator[bytes]:
    """The lines of a report's bytes."""
    return iter(data.removesuffix(b"\n").split(b"\n"))
