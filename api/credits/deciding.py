"""The decisions of a final report, as records of the ledger."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ledger.core.credits.report import Statement, details_of
from ledger.core.format.limits import LIST_MAX
from ledger.core.kinds.registry import CreditDecision
from ledger.core.records.record import Record, digest
from ledger.core.records.signing import sign


def decisions(
    ledger: bytes, statement: Statement, lines: Iterable[Mapping[str, Any]], key: bytes
) -> Iterator[Record]:
    """The decisions on all students of whom something counts. They follow from the report alone, so
    that writing them again changes nothing. A student with many services has several: the first
    one states the credits, each the minutes of its own services."""
    report = digest(ledger, statement)
    for line in lines:
        evaluation = line["evaluation"]
        if evaluation is None:
            continue
        counted = [r for r in evaluation["records"] if r["counted_minutes"]]
        salt = base64.b64decode(line["salt"])
        details = details_of(salt, line["student"]["student_no"], evaluation)
        for start in range(0, len(counted), LIST_MAX):
            part = counted[start : start + LIST_MAX]
            body = CreditDecision(
                organisation=statement.organisation,
                volunteer=line["account"],
                scheme=statement.scheme,
                rules=statement.rules,
                report=report,
                services=tuple(bytes.fromhex(r["record_id"][2:]) for r in part),
                minutes=sum(r["counted_minutes"] for r in part),
                credit_hundredths=0 if start else evaluation["credit_hundredths"],
                details=details,
                issued_at=statement.issued_at,
            )
            yield Record(body, (sign(ledger, body, "organisation", key),))
