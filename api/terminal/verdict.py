"""What a person sees in the terminal: verdicts, imports, accounts, audits. Formatting only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from api.node.chain_names import WARNING, rests_on_demonstration
from api.terminal import changes as show_changes
from api.terminal.certificate import certificate
from api.terminal.credits import credit_report
from api.terminal.disclosure import condition, hours_by_category
from api.terminal.format import Times, counted, hours, named, span
from api.terminal.sentences import VALID, since
from api.terminal.verdict_words import VERDICTS
from api.words import both, chinese, mark
from ledger.core.state.flags import FLAGS
from ledger.core.verify.checks import Report

if TYPE_CHECKING:
    # Whoever only verifies a file loads no database.
    from api.attendance.files import Tally
    from api.node.chain import Node
    from ledger.operations.audit_report import AuditReport
    from ledger.operations.read import AccountView

_MARKS: Final = {True: ("✔", "green"), False: ("✘", "red"), None: ("–", "yellow")}


def verdict(console: Console, report: Report, node: Node | None = None) -> None:
    """One verdict, its checks, the node that was asked, and what stands beside the verdict."""
    colour, said = VERDICTS[report.verdict]
    if report.verdict == "valid":
        said = VALID.get(report.document or "", said)
    if report.verdict == "pending" and "claimed" in report.facts:
        said = show_changes.UNSIGNED
    title = Text(
        f"{report.verdict.upper().replace('_', ' ')}  {chinese(said)}", style=f"bold {colour}"
    )
    sentence = Text("\n".join([*_whose(report), said]))
    if rests_on_demonstration(report.checks):
        sentence.append("\n" + both(WARNING), style="bold yellow")
    # Of a forged file nothing is shown as a fact.
    facts = {} if report.verdict == "invalid" else report.facts
    sentence.append("".join(f"\n{part}" for part in show_changes.says(facts) or ()))
    sentence.append("".join(f"\n{line}" for line in since(report)))
    if "hour_class" in facts and report.verdict != "unpinned":
        sentence.append("\n" + _hours_line(facts), style="bold")
    checks = Table(box=None, padding=(0, 1), show_header=False)
    for check in report.checks:
        mark, mark_colour = _MARKS[check.ok]
        checks.add_row(Text(mark, style=mark_colour), check.name, Text(check.reason))
    parts: list[Any] = [title, sentence, Text(), checks]
    if report.verdict not in ("no_proof", "damaged"):
        parts += [Text(), Text(_asked(node))]
    if facts:
        parts += [Text(), *_TABLES[report.document or "record"](facts)]
        parts += [Text(), Text(both("What this does not prove"), style="bold")]
        parts += [Text(f"· {s['zh']} {s['en']}") for s in facts["does_not_prove"]]
    console.print(Panel(Group(*parts), border_style=colour, padding=(1, 2)))


def _whose(report: Report) -> Iterator[str]:
    """Whose the file is, and of an unknown ledger what its own word comes to."""
    if report.verdict == "invalid" or "ledger" not in report.facts:
        return
    yield named(report.facts["ledger"])
    if report.within is not None:
        word = report.within.upper().replace("_", " ")
        yield both("By the word of that ledger alone it would be: {word}", word=word)


def _asked(node: Node | None) -> str:
    if node is None:
        return both("No chain was asked.")
    if node.demonstration:
        return both("Chain asked: {node}, which nobody else witnesses.", node=node.at)
    return both("Chain asked through {node}", node=node.at)


def _facts(facts: Mapping[str, Any]) -> Table:
    times = Times.of(facts)
    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("ledger", named(facts["ledger"]))
    if "hour_class" in facts:
        table.add_row("served from", times.moment(facts["started_at"]))
        table.add_row("until", times.moment(facts["ended_at"]))
        _add(table, show_changes.entered(facts, times, _delay(facts)))
        table.add_row("evidence", str(facts["evidence_count"]))
        for basis in facts["basis"]:
            table.add_row(*_basis(basis, times))
        for flag in facts["flags"] or ():
            says = f"{flag}  {both(FLAGS[flag]) if flag in FLAGS else ''}".rstrip()
            table.add_row(Text(both("flag"), style="yellow"), Text(says, style="yellow"))
    else:
        table.add_row("kind", facts["kind"])
        _add(table, show_changes.entered(facts, times))
    if "issuer_name" in facts:
        table.add_row("issuer", f"{facts['issuer_name']}  {facts['issuer']}")
    for signer in facts["signers"]:
        table.add_row("signed by", f"{signer['role']}  {signer['signer']}")
    table.add_row("anchored", times.moment(facts["anchored_at"]))
    if facts["as_of"]:
        as_of = facts["as_of"]
        table.add_row("as of", f"batch {as_of['batch']}, sealed {times.moment(as_of['time'])}")
    if "amends" in facts:
        table.add_row("amends", facts["amends"])
    _add(table, show_changes.rows(facts, times))
    return table


def _delay(facts: Mapping[str, Any]) -> str | None:
    """How long after the service it was entered; None where the log does not say when."""
    late = facts["delay_seconds"]
    return None if late is None else f"{span(late)} after the service"


def _add(table: Table, rows: Iterable[tuple[str, str]]) -> None:
    for row in rows:
        table.add_row(*row)


def _basis(basis: Mapping[str, Any], times: Times) -> tuple[str, str]:
    """What an hour rests on: a clock event, what the recipient said, or the permit."""
    if basis["kind"] == "clock":
        shown = ", ".join(basis["methods"])
        where = "" if basis["distance"] == "unknown" else f", {basis['distance']}"
        return (
            f"clock {basis['direction']}",
            f"{times.moment(basis['clocked_at'])}, by {shown}{where}",
        )
    if basis["kind"] == "confirmation":
        return "recipient", f"{basis['answer']}  {basis['recipient']}"
    return "permit", f"{basis['reason']}, at most {hours(basis['minutes_max'])}"


def _totals(facts: Mapping[str, Any]) -> Table:
    times = Times.of(facts)
    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("ledger", named(facts["ledger"]))
    table.add_row("account", facts["account"])
    totals = facts["totals"]
    if totals is None:
        table.add_row("", both("nothing concerns this address"))
    else:
        table.add_row(both("Credit hours"), hours(totals["credit_minutes"]))
        table.add_row(both("Honour hours"), hours(totals["honour_minutes"]))
        table.add_row(both("Voided"), hours(totals["voided_minutes"]))
        table.add_row(both("Yibi"), str(totals["minted"] + totals["received"] - totals["sent"]))
        table.add_row("entries", f"{totals['entries']}, chained to {totals['head']}")
    as_of = facts["as_of"]
    table.add_row("as of", f"batch {as_of['batch']}, sealed {times.moment(as_of['time'])}")
    table.add_row("anchored", times.moment(facts["anchored_at"]))
    return table


def _receipt(facts: Mapping[str, Any]) -> Table:
    times = Times.of(facts)
    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("ledger", named(facts["ledger"]))
    table.add_row("record", facts["record_id"])
    table.add_row("entered", f"{times.moment(facts['accepted_at'])}, index {facts['index']}")
    table.add_row("in the log by", times.moment(facts["sealed_by"]))
    for signer in facts["signers"]:
        table.add_row("signed by", f"{signer['role']}  {signer['signer']}")
    if facts["as_of"]:
        as_of = facts["as_of"]
        table.add_row("as of", f"batch {as_of['batch']}, sealed {times.moment(as_of['time'])}")
    table.add_row("anchored", times.moment(facts["anchored_at"]))
    return table


def _services(facts: Mapping[str, Any]) -> Group:
    """The services of a transcript; minutes of the two classes are never added up."""
    times = Times.of(facts)
    table = Table(box=None, padding=(0, 1))
    for name in (f"began ({times.zone})", "class", "time", "status", "entered after"):
        table.add_column(name)
    for service in facts["services"]:
        table.add_row(
            times.local(service["started_at"]),
            service["hour_class"],
            hours(service["minutes"]),
            " ".join((service["status"], *service["flags"])),
            span(service["delay_seconds"]),
        )
    sums = ", ".join(f"{word} {hours(minutes)}" for word, minutes in facts["minutes"].items())
    return Group(Text(), table, Text(f"counting in this period: {sums}", style="bold"))


def _hours_line(facts: Mapping[str, Any]) -> str:
    if facts["mints"]:
        kind = mark("Credit hours: clocked in and out before a station, signed by the organisation")
    else:
        kind = mark("Honour hours: back-filled by the organisation, mints no yibi")
    return f"{hours(facts['minutes'])}  {both(kind)}"


def imported(console: Console, tally: Tally) -> None:
    """How many rows became what. Minutes of the two classes are never added up."""
    title = f"{counted(tally.rows.total(), 'row', 'rows')}, each accounted for"
    table = Table(title=title, title_justify="left")
    table.add_column("outcome")
    table.add_column("class or code")
    table.add_column("rows", justify="right")
    table.add_column("time", justify="right")
    for (outcome, what), count in sorted(tally.rows.items()):
        time = hours(tally.minutes[what]) if what in tally.minutes else ""
        table.add_row(outcome, what, f"{count:,}", time)
    console.print(table)


def account(console: Console, view: AccountView) -> None:
    """Hours by class, coins and where they came from."""
    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_row(both("Credit hours"), hours(view.credit_minutes))
    table.add_row(both("Honour hours"), hours(view.honour_minutes))
    table.add_row(both("Voided"), hours(view.voided_minutes))
    table.add_row(both("Yibi"), str(view.balance))
    detail = f"{view.minted} minted + {view.received} received - {view.sent} sent"
    table.add_row("", Text(detail, style="dim"))
    table.add_row(both("Stars"), "★" * view.stars or "–")
    table.add_row("entries", str(view.entries))
    console.print(Panel(table, title=view.address, title_align="left"))


def audit(console: Console, report: AuditReport) -> None:
    """What was checked, and every break."""
    table = Table(box=None, padding=(0, 1), show_header=False)
    for name, count in report.checked.items():
        table.add_row(name, f"{count:,}")
    console.print(table)
    for finding in report.findings:
        line = f"✘ {finding.check}: {finding.where}: {finding.reason}"
        console.print(Text(line, style="bold red"))
    if report.sound:
        console.print(Text("✔ sound: the entries explain everything that is kept", style="green"))


_TABLES: Final[Mapping[str, Callable[[Mapping[str, Any]], Sequence[RenderableType]]]] = {
    "record": lambda facts: (_facts(facts),),
    "account": lambda facts: (_totals(facts),),
    "transcript": lambda facts: (_totals(facts), _services(facts)),
    "certificate": lambda facts: (certificate(facts),),
    "disclosure": lambda facts: (hours_by_category(facts),),
    "attestation": lambda facts: (condition(facts),),
    "receipt": lambda facts: (_receipt(facts),),
    "credit_report": lambda facts: (credit_report(facts),),
}
"""Kind of document → what its facts look like."""
