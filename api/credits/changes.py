"""What is other in the ledger since a report was made: new, amended, voided; student by student."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.credits.drafting import Chunks, Drafting, Wanted
from api.credits.judging import judge_chunk
from api.credits.matched import Matched
from ledger.core.credits.report import MATCHED
from ledger.operations.credits import gathering


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record whose minutes count otherwise than before: `before` and `after` are what counts and
    the reasons for the rest, None where the record was not there."""

    record_id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class StudentChange:
    """A student whose line would be another one; credits in hundredths, None without consent."""

    row: int
    student: Mapping[str, str]
    before: int | None
    after: int | None
    records: tuple[RecordChange, ...]


def rows_of(lines: Iterable[Mapping[str, Any]]) -> Iterator[Matched]:
    """The rows that the lines of a report were made of."""
    for line in lines:
        yield Matched(
            line["row"], line["student"], line["match_status"], line["match_code"], line["account"]
        )


def changes(
    drafting: Drafting,
    lines: Iterable[Mapping[str, Any]],
    wanted: Wanted,
    own_report: bytes | None = None,
) -> tuple[int, list[StudentChange]]:
    """Judge the students of a report anew as of `wanted.as_of` (None: the newest anchored batch);
    that batch, and whose line would be another. Decisions of `own_report` are ignored."""
    old: dict[int, tuple[Mapping[str, str], Mapping[str, Any]]] = {}

    def matched() -> Iterator[Matched]:
        for line in lines:
            if line["match_status"] == MATCHED:
                old[line["row"]] = line["student"], line["evaluation"]
                yield from rows_of([line])

    found = []
    with gathering(
        drafting.ledger, drafting.anchors_within, wanted.university, wanted.as_of
    ) as gatherer:
        chunks = Chunks(gatherer, wanted, {}, own_report)
        for judged in drafting.spread(judge_chunk, chunks.of(matched())):
            for data in judged.lines:
                line = json.loads(data)
                student, before = old.pop(line["row"])
                if line["evaluation"] != before:
                    found.append(_change(line, student, before))
        return gatherer.batch, found


def _change(
    line: Mapping[str, Any], student: Mapping[str, str], before: Mapping[str, Any]
) -> StudentChange:
    after = line["evaluation"]
    old, new = _records(before), _records(after or {})
    records = tuple(
        RecordChange(name, old.get(name), new.get(name))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    )
    credits = None if after is None else after["credit_hundredths"]
    return StudentChange(line["row"], student, before["credit_hundredths"], credits, records)


def _records(evaluation: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {
        record["record_id"]: {
            "counted_minutes": record["counted_minutes"],
            "excluded": record["excluded"],
        }
        for record in evaluation.get("records", ())
    }
