"""What a registrar reads in a terminal: rows of a roster, runs, changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from api.credits.roster_codes import CODES, NOTES, SHORT_STUDENT_NO, Note
from api.terminal.format import Times, counted, hours, named
from api.words import both

if TYPE_CHECKING:
    from api.credits.changes import StudentChange
    from api.credits.matched import Matched
    from api.credits.roster import RosterChanges
    from api.credits.runs import Run
    from api.node.local_days import LocalDays
    from ledger.core.credits.report import Statement

ROWS_SHOWN = 20
"""Most rows with a problem that are shown one by one."""


def notes(console: Console, found: Iterable[Note]) -> None:
    """What is worth a look in a file."""
    for note in found:
        console.print(f"  {both(NOTES[note.code])} {note.about}".rstrip(), markup=False)


def rows(console: Console, found: Sequence[Matched]) -> None:
    """How many rows came to what; and the first ones that were not matched."""
    # The verdict on a file is printed by this module too, and needs no reader of rosters.
    from api.credits.roster import short_student_numbers

    for status, count in Counter(row.status for row in found).most_common():
        console.print(f"  {status:14} {count}")
    odd = [row for row in found if row.code is not None]
    for row in odd[:ROWS_SHOWN]:
        why = both(CODES.get(row.code or "", "")).strip()
        who = row.student.get("student_no", "")
        console.print(f"  row {row.row} {who}: {row.code} {why}", markup=False)
    if len(odd) > ROWS_SHOWN:
        console.print(f"  … and {len(odd) - ROWS_SHOWN} more")
    if short := short_student_numbers(found):
        console.print(f"  {both(SHORT_STUDENT_NO)} {', '.join(short[:5])}", markup=False)


def roster_changes(console: Console, before: Run, found: RosterChanges) -> None:
    """What is other than in the roster of an earlier run."""
    console.print(f"Against {before.file_name} of run {before.name}:", markup=False, soft_wrap=True)
    for word, numbers in (("new", found.new), ("gone", found.gone)):
        console.print(f"  {word:8} {len(numbers)} {', '.join(numbers[:5])}", markup=False)
    changed = [f"{number} ({', '.join(columns)})" for number, columns in found.changed.items()]
    console.print(f"  changed  {len(changed)} {'; '.join(changed[:5])}", markup=False)


def run(console: Console, found: Run, statement: Statement) -> None:
    """A run and the sums of its report."""
    console.print(f"Run {found.name} ({found.stage}), {found.scheme} {found.version}", markup=False)
    console.print(
        f"As of batch {statement.batch}: {statement.matched} of {statement.count} evaluated; "
        f"{both('Credit hours')} {hours(statement.credit_minutes)}, "
        f"{both('Honour hours')} {hours(statement.honour_minutes)}, "
        f"{statement.credit_hundredths / 100:.2f} credits",
        soft_wrap=True,
    )


def credit_report(facts: Mapping[str, Any]) -> Table:
    """What a checked report says; the two classes are never added up."""
    times = Times.of(facts)
    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_row("ledger", named(facts["ledger"]))
    table.add_row("university", facts["organisation"])
    scheme = facts["scheme"]
    table.add_row("rules", f"{scheme['name']} {scheme['version']}  {facts['rules']}")
    table.add_row("roster", facts["roster"])
    table.add_row("stage", f"{facts['stage']}, signed {times.moment(facts['issued_at'])}")
    table.add_row("evaluated", f"{facts['matched']} of {counted(facts['rows'], 'row', 'rows')}")
    table.add_row(both("Credit hours"), hours(facts["credit_minutes"]))
    table.add_row(both("Honour hours"), hours(facts["honour_minutes"]))
    table.add_row("credits", f"{facts['credit_hundredths'] / 100:.2f}")
    as_of = facts["as_of"]
    anchored = f", anchored {times.moment(facts['anchored_at'])}" if facts["anchored_at"] else ""
    table.add_row(
        "as of", f"batch {as_of['batch']}, sealed {times.moment(as_of['time'])}{anchored}"
    )
    return table


def runs(console: Console, found: Sequence[Run], days: LocalDays) -> None:
    """Runs as a table."""
    table = Table()
    table.add_column("run", no_wrap=True)
    for title in ("scheme", "stage", "roster", "made", "objections until"):
        table.add_column(title)
    for one in found:
        until = days.moment(one.objections_until) if one.objections_until else "–"
        made = days.moment(one.made_at)
        table.add_row(one.name, one.scheme, one.stage, one.file_name, made, until)
    console.print(table)


def change(console: Console, found: StudentChange) -> None:
    """A student whose credits would be others, and the records why."""
    before, after = ("–" if c is None else f"{c / 100:.2f}" for c in (found.before, found.after))
    who = f"{found.student.get('student_no', '')} {found.student.get('name', '')}"
    console.print(f"{who}: {before} → {after} credits", markup=False)
    for record in found.records:
        console.print(f"  {record.record_id}", markup=False, soft_wrap=True)
        for word, state in (("before", record.before), ("now", record.after)):
            told = "not there" if state is None else f"{state['counted_minutes']} min"
            reasons = " ".join(f"{c} {m}" for c, m in (state or {}).get("excluded", {}).items())
            console.print(f"    {word}: {told} {reasons}".rstrip(), markup=False)
