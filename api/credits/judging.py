"""One student's line of a report, made from the evidence: done anywhere, chunk by chunk."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass
from typing import Any

from api.credits.matched import Matched
from ledger.core.credits.evaluate import evaluate
from ledger.core.credits.evidence import Suspension, student_evidence
from ledger.core.credits.report import MATCHED, NO_CONSENT, evaluation_json, evidence_of
from ledger.core.credits.rules import RuleSet
from ledger.core.format.structs import body_to_json
from ledger.errors import Damaged, ProofError
from ledger.operations.credits import Evidence


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows with their evidence, and what they are judged by; decisions that name `own_report` are
    ignored."""

    rules: RuleSet
    university: str
    suspensions: tuple[Suspension, ...]
    rows: tuple[tuple[Matched, Evidence | None], ...]
    own_report: bytes | None = None


@dataclass(frozen=True, slots=True)
class JudgedChunk:
    """The lines (bytes), and their sums."""

    lines: tuple[bytes, ...]
    sums: Counter[str]


def judge_chunk(chunk: Chunk) -> JudgedChunk:
    """Make the lines. Raises `Damaged` if the ledger's own evidence does not hold."""
    sums: Counter[str] = Counter()
    lines = tuple(
        json.dumps(_line(chunk, row, evidence, sums), ensure_ascii=False, separators=(",", ":"))
        for row, evidence in chunk.rows
    )
    return JudgedChunk(tuple(line.encode() for line in lines), sums)


def _line(
    chunk: Chunk, row: Matched, evidence: Evidence | None, sums: Counter[str]
) -> dict[str, Any]:
    line: dict[str, Any] = {
        "row": row.row,
        "student": dict(row.student),
        "match_status": row.status,
        "match_code": row.code,
        "account": None,
        "consent": None,
        "evaluation": None,
        "salt": b64encode(secrets.token_bytes(32)).decode(),
        "evidence": None,
        "activities": [],
    }
    if row.status != MATCHED:
        return line
    if evidence is not None:
        line |= _evaluated(chunk, row, evidence, sums)
    if line["evaluation"] is None:
        line |= {"match_status": NO_CONSENT, "match_code": "NO_CONSENT"}
    return line


def _evaluated(
    chunk: Chunk, row: Matched, evidence: Evidence, sums: Counter[str]
) -> dict[str, Any]:
    try:
        student, _ = student_evidence(evidence.transcript, evidence.activities)
    except ProofError as error:
        raise Damaged(error.check, f"account {row.account}: {error.reason}") from error
    consent = student.consent(chunk.university)
    found = evaluate(chunk.rules, student, chunk.university, chunk.suspensions, chunk.own_report)
    if consent is None or found is None:
        return {}
    sums.update(
        matched=1,
        credit_minutes=found.credit_minutes,
        honour_minutes=found.honour_minutes,
        credit_hundredths=found.credit_hundredths,
    )
    return {
        "account": row.account,
        "consent": "0x" + consent[0].hex(),
        "evaluation": evaluation_json(found),
        "evidence": evidence_of(evidence.transcript),
        "activities": [body_to_json(activity) for activity in evidence.activities],
    }
