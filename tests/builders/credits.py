"""A small campus: two students with hours of several organisations, and a university."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from api.credits.drafting import Drafting, Wanted
from api.credits.matched import Matched
from ledger.core.credits.report import MATCHED, Statement
from ledger.core.credits.rules import RuleSet, parse_rules
from ledger.core.records.record import Record
from tests.builders.bundles import AnchoredLedger
from tests.builders.certificate_records import consent
from tests.builders.credit_services import RULES
from tests.builders.records import DAY, START, address, key

UNIVERSITY = address("university")
TERM = {"name": "2023-2024-1", "from": "2023-11-01", "until": "2024-02-01"}
FIRST = START + 3600
"""When the activity of `settle` begins."""


def rules(**changes: Any) -> RuleSet:
    """Counts all of the winter of 2023, with some members changed."""
    return parse_rules({**RULES, "valid_from": "2023-09-01", "terms": [TERM], **changes})


class CreditLedger(AnchoredLedger):
    """Ann and Bob consent; Eve is enrolled and does not."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder, town = folder, self.town
        for record in (
            town.certify("university"),
            town.grant("university", "registrar", "credit"),
            town.enrol("eve"),
            consent(town, "ann", "university"),
            consent(town, "bob", "university"),
        ):
            self.ledger.append(record)

    def served(self, who: str, day: int, minutes: int = 120, **changes: Any) -> Record:
        """A clocked service, `day` days after the first."""
        start = FIRST + day * DAY
        record = self.town.served(self.ledger, "org", who, self.activity, start, minutes, **changes)
        self.ledger.append(record)
        return record

    def backfilled(self, who: str, day: int, minutes: int = 120, **changes: Any) -> Record:
        """A back-filled service without an activity."""
        record = self.town.honour("org", "second", who, FIRST + day * DAY, minutes, **changes)
        self.ledger.append(record)
        return record

    def draft(
        self,
        rows: Iterable[Matched] | None = None,
        rule_set: RuleSet | None = None,
        out: str = "report.jsonl",
        **changes: Any,
    ) -> tuple[Statement, Path]:
        """A draft of both students; sealed and anchored before."""
        wanted = Wanted(UNIVERSITY, rule_set or rules(), key("roster"), **changes)
        path = self.folder / out
        drafting = Drafting(self.ledger, self._anchors, key("registrar"))
        return drafting.draft(rows or (row(1, "ann"), row(2, "bob")), wanted, path), path


def row(number: int, name: str, **cells: str) -> Matched:
    """The row of a student who was matched."""
    student = {"student_no": f"2023{number:04d}", "name": name, **cells}
    return Matched(number, student, MATCHED, None, address(name))


def lines_of(path: Path) -> list[dict[str, Any]]:
    """A report's lines, the head first."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def excluded(path: Path) -> list[dict[str, int]]:
    """What does not count of each student who was evaluated."""
    return [line["evaluation"]["excluded"] for line in lines_of(path)[1:] if line["evaluation"]]
