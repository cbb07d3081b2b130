"""A credit report on paper: who, by which rules, what of each student; for a clerk's file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from api.credits.roster_codes import CODES
from api.errors import WrongUse
from api.node.local_days import LocalDays
from api.pdf.printed import Printed
from api.pdf.report_pdf import Group, Report, report_pdf
from api.pdf.table import Cell, Column
from api.words import Words, both, words
from ledger.core.credits.reasons import REASONS
from ledger.core.credits.report import FINAL
from ledger.core.credits.rules import parse_rules

ROWS_MAX: Final = 2000
"""Most students on paper: some hundred pages. Larger reports are workbooks."""


def print_report(
    head: Mapping[str, Any],
    lines: Iterable[Mapping[str, Any]],
    issuer: str,
    language: str,
    report_id: str,
) -> Printed:
    """A report as PDF. Raises `WrongUse` for a language that there is none of, or too many rows."""
    say, stated = words(language), head["statement"]
    if stated["count"] > ROWS_MAX:
        raise WrongUse(both("a printed report has at most {count} rows", count=ROWS_MAX))
    rules = parse_rules(head["rules"])
    title = rules.title.zh if language.startswith("zh") else rules.title.en
    stage = say("Final") if stated["stage"] == FINAL else say("Draft")
    facts = (
        (say("Rules"), f"{rules.scheme} · {rules.version}"),
        (say("Stage"), stage),
        (say("As of batch"), str(stated["batch"])),
        (say("Number of students"), f"{stated['matched']} / {stated['count']}"),
        (say("Credit hours counted"), _hours(stated["credit_minutes"])),
        (say("Honour hours counted"), _hours(stated["honour_minutes"])),
        (say("Made at"), _moment(stated["issued_at"], rules.utc_offset_minutes)),
        (say("Hash of the rules"), stated["rules"][:18] + "…"),
        (say("Hash of the roster"), stated["roster"][:18] + "…"),
    )
    return report_pdf(
        Report(
            title=say("Evaluation of practice credits"),
            subtitle=title,
            issuer=issuer,
            language=language,
            number=report_id[:16],
            issued_at=stated["issued_at"],
            facts=facts,
            columns=(
                Column(say("Student number"), 30),
                Column(say("Name"), 26),
                Column(say("Credit hours"), 20, "right"),
                Column(say("Honour hours"), 20, "right"),
                Column(say("Credits"), 16, "right"),
                Column(say("What does not count"), 62),
            ),
            groups=(Group(tuple(_row(line, say) for line in lines)),),
            notes=(
                say("Credit hours and honour hours are shown apart; the rules weigh each class."),
                say(
                    "The signed report file holds all proofs; anybody can recompute the "
                    "report from it."
                ),
                say("It shows who recorded what and when, not that a person served."),
            ),
            signatures=(say("Handled by"), say("In charge (seal)")),
        )
    )


def _row(line: Mapping[str, Any], say: Words) -> tuple[Cell, ...]:
    student, found = line["student"], line["evaluation"]
    who = (Cell(student.get("student_no", "")), Cell(student.get("name", "")))
    if found is None:
        why = say(CODES.get(line["match_code"], ""))
        return (*who, Cell("—"), Cell("—"), Cell("—"), Cell(why))
    excluded = (f"{_hours(m)} {say(REASONS[c])}" for c, m in found["excluded"].items())
    return (
        *who,
        Cell(_hours(found["credit_minutes"])),
        Cell(_hours(found["honour_minutes"])),
        Cell(
            f"{found['credit_hundredths'] / 100:.2f}", "" if found["passed"] else say("not passed")
        ),
        Cell(" ".join(excluded)),
    )


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.2f}"


def _moment(time: int, utc_offset_minutes: int) -> str:
    return f"{LocalDays(utc_offset_minutes).local(time):%Y-%m-%d %H:%M}"
