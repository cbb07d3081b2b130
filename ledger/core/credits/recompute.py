"""A credit report recomputed: its lines judged anew, one by one, and what that comes to."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ledger.core.credits.evaluate import evaluate
from ledger.core.credits.evidence import Suspension, student_evidence, suspensions_in
from ledger.core.credits.report import (
    LINE_BYTES_MAX,
    MATCHED,
    Head,
    Line,
    evaluation_json,
    parse_line,
)
from ledger.core.records.decode import parse_json
from ledger.core.trees.merkle import leaf_hash, root
from ledger.errors import ProofError, Refused


def json_line(data: bytes, most: int) -> object:
    """The JSON value of a line; raises `ProofError`."""
    try:
        return parse_json(data, most)
    except Refused as error:
        raise ProofError("format", f"{error.code.value} {error.detail}".strip()) from error


class Recomputation:
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
            line = parse_line(json_line(data, LINE_BYTES_MAX))
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
            student, _ = student_evidence(transcript, line.activities, of=self._ledger)
        except ProofError as error:
            raise ProofError("evidence", f"{error.check}: {error.reason}") from error
        university = self._head.statement.organisation
        consent = student.consent(university)
        if transcript["from"] > self._head.rules.history_start():
            raise ProofError("evidence", "the transcript begins after the first period that counts")
        found = evaluate(self._head.rules, student, university, self._suspended)
        if consent is None or found is None or consent[0] != line.consent:
            raise ProofError("evidence", "the consent is not the one that stands")
        again = evaluation_json(found)
        if again != line.evaluation:
            raise ProofError("numbers", _difference(again, line.evaluation or {}))
        self._sums.update(
            matched=1,
            badly_signed=student.badly_signed,
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
        whole = f"{self._sums['matched']} complete transcripts as of batch"
        bad = self._sums["badly_signed"]
        rest = f"; {bad} records in them are not signed as they must be, and count nothing"
        return self._answer(
            "evidence", f"{whole} {self._head.statement.batch}{rest if bad else ''}"
        )

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
