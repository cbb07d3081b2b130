"""Commands of a registrar: from a roster to credits, and to decisions in the ledger."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli.arguments import DAYS, FirstDay, LastDay, address_in
from api.cli.delegated import delegated_key
from api.cli.hours import As
from api.cli.options import CONSOLE, Dir, Strict, say_where
from api.credits.exported import Exported
from api.credits.registrar import LABEL, Upload
from api.credits.runs import Run
from api.credits.sheets import rejected_csv
from api.node.directory import LedgerDir
from api.node.files import write_durably
from api.node.local_days import LocalDays
from api.node.public_url import public_url
from api.server.services import Services
from api.terminal import credits as show_credits
from api.terminal.format import counted
from ledger.core.credits.report import Statement
from ledger.core.credits.rules import read_rules
from ledger.core.format.structs import body_to_json, decode_body
from ledger.core.kinds.certificates import PURPOSE
from ledger.core.kinds.registry import Consent
from ledger.core.records.record import Record
from ledger.core.records.signing import address_of, sign

University = Annotated[str, typer.Option("--university", help="Address of the university.")]
Name = Annotated[str, typer.Argument(metavar="RUN", help="Name of the run.")]


def delegate(
    university: Annotated[str, typer.Argument(help="Address of the university.")],
    signer: As,
    directory: Dir = None,
) -> None:
    """Delegate a university's decisions on credits to a key of this ledger's server."""
    with LedgerDir.at(directory) as home:
        address, _, key = delegated_key(home, university, signer, LABEL, "credit")
    delegate = address_of(key)
    CONSOLE.print(f"Registrar of {address}: its key {delegate} acts for it, and may be revoked")


def give_consent(
    university: Annotated[str, typer.Argument(help="Address of the university.")],
    signer: As,
    served_from: FirstDay,
    served_until: LastDay,
    valid_until: Annotated[
        datetime,
        typer.Option("--valid-until", formats=DAYS, help="Last day on which it may be used."),
    ],
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take it back instead.")] = False,
    directory: Dir = None,
) -> None:
    """As a student: let a university see and count the hours of a period."""
    with LedgerDir.at(directory) as home:
        own, ledger = home.keys.demand(signer), home.ledger
        days = LocalDays.of(ledger.policy)
        period = days.period(served_from.date(), served_until.date())
        body = Consent(
            volunteer=address_of(own),
            grantee=address_in(university),
            action="withdraw" if withdraw else "grant",
            purpose=PURPOSE,
            served_from=period.start,
            served_until=period.end,
            valid_until=days.end(valid_until.date()),
            issued_at=ledger.clock(),
        )
        checked = decode_body(Consent, body_to_json(body))
        claim = sign(ledger.ledger_id, checked, "volunteer", own)
        receipt = ledger.append(Record(checked, (claim,)))
    CONSOLE.print(f"Consent 0x{receipt.record_id.hex()}", soft_wrap=True)
    if not withdraw:
        CONSOLE.print(
            f"Hours of {days.days(period.start, period.end)}, to be seen until "
            f"{valid_until:%Y-%m-%d}, that day included"
        )


def preview(
    roster: Annotated[Path, typer.Argument(metavar="ROSTER", exists=True, dir_okay=False)],
    university: University,
    rejected: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the rows that are not matched here.")
    ] = None,
    directory: Dir = None,
) -> None:
    """Read a roster and say what each row comes to; nothing is kept."""
    with LedgerDir.at(directory) as home:
        registrar = Services(home).registrar
        upload = Upload(roster.name, roster.read_bytes())
        file, rows = registrar.read(address_in(university), upload)
        compared = registrar.compared(address_in(university), rows)
    CONSOLE.print(
        f"{roster.name}: {file.form}, {counted(len(rows), 'row', 'rows')}", soft_wrap=True
    )
    if file.unknown:
        CONSOLE.print(f"Columns that are not used: {', '.join(file.unknown)}", soft_wrap=True)
    show_credits.notes(CONSOLE, file.notes)
    show_credits.rows(CONSOLE, rows)
    if compared is not None:
        show_credits.roster_changes(CONSOLE, *compared)
    if rejected is not None:
        write_durably(rejected, b"".join(rejected_csv(rows)))


def evaluate(
    roster: Annotated[Path, typer.Argument(metavar="ROSTER", exists=True, dir_okay=False)],
    rules: Annotated[Path, typer.Option("--rules", metavar="FILE", exists=True, dir_okay=False)],
    university: University,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FOLDER", help="Write report, tables and PDF here."),
    ] = None,
    as_of: Annotated[
        int | None, typer.Option("--as-of", metavar="BATCH", help="Default: newest anchored.")
    ] = None,
    confirm: Annotated[
        list[str] | None,
        typer.Option(metavar="STUDENT_NO", help="The account is this student's; repeat at will."),
    ] = None,
    strict: Strict = False,
    directory: Dir = None,
) -> None:
    """Make a draft: what counts of every student of a roster, and why the rest does not."""
    rule_set = read_rules(rules.read_bytes())
    with LedgerDir.at(directory) as home:
        registrar = Services(home).registrar
        if out is not None:
            say_where(home.settings, strict=strict)
        upload = Upload(roster.name, roster.read_bytes(), frozenset(confirm or ()))
        with CONSOLE.status("0") as status:
            run = registrar.draft(
                address_in(university),
                upload,
                rule_set,
                as_of,
                lambda done: status.update(counted(done, "row", "rows")),
            )
        show_credits.rows(CONSOLE, registrar.rows(run.name))
        statement = decode_body(Statement, registrar.runs.head(run)["statement"])
        show_credits.run(CONSOLE, run, statement)
        if out is not None:
            _write(home, run, out)


def list_runs(university: University, directory: Dir = None) -> None:
    """List the runs of a university, the newest first."""
    with LedgerDir.at(directory) as home:
        registrar = Services(home).registrar
        found = registrar.runs.of(address_in(university))
        show_credits.runs(CONSOLE, found, LocalDays.of(home.ledger.policy))


def publish(
    name: Name,
    days: Annotated[int, typer.Option(min=0, max=365, help="Days in which to object.")] = 7,
    directory: Dir = None,
) -> None:
    """Show a draft to its students, who can object."""
    with LedgerDir.at(directory) as home:
        registrar = Services(home).registrar
        until = home.ledger.clock() + days * 86400
        run = registrar.publish(name, until)
        told = LocalDays.of(home.ledger.policy).moment(until)
    CONSOLE.print(f"Published {run.name}; objections until {told}")


def objections(name: Name, directory: Dir = None) -> None:
    """Show what students said of a run."""
    with LedgerDir.at(directory) as home:
        registrar = Services(home).registrar
        runs = registrar.runs
        for number, said in enumerate(runs.objections(runs.find(name)), 1):
            answer = said.answer or "–"
            CONSOLE.print(f"{number}. {said.student_no}: {said.text}\n   {answer}", markup=False)


def answer(
    name: Name,
    number: Annotated[int, typer.Argument(min=1)],
    text: Annotated[str, typer.Argument()],
    directory: Dir = None,
) -> None:
    """Answer an objection."""
    with LedgerDir.at(directory) as home:
        registrar = Services(home).registrar
        registrar.answer(name, number, text)


def diff(
    name: Name,
    as_of: Annotated[int | None, typer.Option("--as-of", metavar="BATCH")] = None,
    directory: Dir = None,
) -> None:
    """List whose credits would be others by now: new, amended, voided records."""
    with LedgerDir.at(directory) as home:
        registrar = Services(home).registrar
        batch, found = registrar.changes(name, as_of)
    CONSOLE.print(f"As of batch {batch}: {counted(len(found), 'student', 'students')} changed")
    for change in found:
        show_credits.change(CONSOLE, change)


def finalise(name: Name, directory: Dir = None) -> None:
    """Sign the final report and record its decisions; again, what is missing of them."""
    with LedgerDir.at(directory) as home:
        registrar = Services(home).registrar
        run = registrar.finalise(name)
    CONSOLE.print(f"Final: report 0x{run.final_id}", soft_wrap=True)


def export_run(
    name: Name,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER")],
    strict: Strict = False,
    directory: Dir = None,
) -> None:
    """Write the signed report, the tables and the PDF of a run."""
    with LedgerDir.at(directory) as home:
        registrar = Services(home).registrar
        say_where(home.settings, strict=strict)
        runs = registrar.runs
        run = runs.find(name)
        _write(home, run, out)


def forget(name: Name, directory: Dir = None) -> None:
    """Delete a run with all names in it; what it recorded in the ledger stays."""
    with LedgerDir.at(directory) as home:
        registrar = Services(home).registrar
        runs = registrar.runs
        runs.forget(runs.find(name))


def _write(home: LedgerDir, run: Run, out: Path) -> None:
    exported = Exported(home.ledger, Services(home).registrar.runs, run, public_url(home.settings))
    CONSOLE.print(f"{out}: {', '.join(exported.write_all(out))}", soft_wrap=True)
