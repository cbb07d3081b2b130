"""Commands about hours: permit back-fill, sign what the clock gave, void what a key signed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from api.attendance.sign_all import sign_all, void_signed
from api.cli.arguments import DAYS, FirstDay, LastDay, address_in, record_of
from api.cli.options import CONSOLE, Dir
from api.node.directory import AUTHORITY, LedgerDir
from api.node.local_days import LocalDays
from api.terminal.format import counted, hours
from ledger.core.format.fields import ZERO_HASH
from ledger.core.format.structs import body_to_json, decode_body
from ledger.core.kinds.registry import Permit
from ledger.core.records.record import Record
from ledger.core.records.signing import sign
from ledger.operations.hours import drafts

As = Annotated[str, typer.Option("--as", metavar="LABEL", help="Key of the keystore that signs.")]
ActivityId = Annotated[str, typer.Argument(metavar="ACTIVITY", help="Record id of the activity.")]


def permit(
    organisation: Annotated[str, typer.Argument(help="Address of the organisation.")],
    served_from: FirstDay,
    served_until: LastDay,
    hours: Annotated[int, typer.Option(help="Most hours that may be back-filled.", min=1)],
    reason: Annotated[str, typer.Option(help="before_platform, outage, dispatched, paper, other.")],
    days: Annotated[int, typer.Option(help="Days from now on which they are entered.", min=1)] = 60,
    directory: Dir = None,
) -> None:
    """Let an organisation back-fill hours, as the authority of the ledger."""
    with LedgerDir.at(directory) as home:
        now, local = home.clock(), LocalDays.of(home.ledger.policy)
        period = local.period(served_from.date(), served_until.date())
        body = Permit(
            organisation=address_in(organisation),
            served_from=period.start,
            served_until=period.end,
            enter_until=now + days * 86400,
            minutes_max=hours * 60,
            reason=reason,
            details=ZERO_HASH,
            issued_at=now,
        )
        # What a person typed must be what the format allows before it is signed.
        checked = decode_body(Permit, body_to_json(body))
        claim = sign(home.ledger.ledger_id, checked, "authority", home.keys.demand(AUTHORITY))
        receipt = home.ledger.append(Record(checked, (claim,)))
    CONSOLE.print(f"Permit 0x{receipt.record_id.hex()}", soft_wrap=True)
    CONSOLE.print(
        f"Services of {local.days(period.start, period.end)}, entered until "
        f"{local.moment(body.enter_until)}"
    )


def list_drafts(activity: ActivityId, directory: Dir = None) -> None:
    """Show the credit hours of an activity that wait for the organisation's signature."""
    table = Table(box=None, padding=(0, 1))
    for name in ("volunteer", "time", "served", "working days left", "note"):
        table.add_column(name, overflow="fold")
    with LedgerDir.at(directory) as home:
        days = LocalDays.of(home.ledger.policy)
        for draft in drafts(home.ledger, record_of(activity)):
            note = draft.refusal.code.value if draft.refusal else draft.answer
            over = f", {draft.over_cap} min need an approval" if draft.over_cap else ""
            table.add_row(
                draft.body.volunteer,
                hours(draft.body.minutes),
                days.moment(draft.body.started_at),
                str(draft.working_days_left),
                note + over,
            )
    CONSOLE.print(table if table.row_count else "Nothing waits to be signed.")


def sign_hours(activity: ActivityId, signer: As, directory: Dir = None) -> None:
    """Sign all credit hours that the clock gave for an activity, with one signature."""
    with LedgerDir.at(directory) as home:
        done = sign_all(home.ledger, record_of(activity), home.keys.demand(signer))
    CONSOLE.print(
        f"{counted(len(done.accepted), 'record', 'records')} signed, {hours(done.minutes)}"
    )
    for refusal in done.refusals:
        CONSOLE.print(f"refused: {refusal.code.value} {refusal.code.en}", style="yellow")
    if done.refusals:
        raise typer.Exit(1)


def void_hours(
    organisation: Annotated[str, typer.Argument(help="Address of the organisation.")],
    stolen: Annotated[str, typer.Option("--signed-by", help="Address of the revoked key.")],
    since: Annotated[
        datetime,
        typer.Option("--since", formats=DAYS, help="First day of it, local to the ledger."),
    ],
    signer: As,
    directory: Dir = None,
) -> None:
    """Void all hours that a key signed since a day, with one signature: for a stolen key."""
    with LedgerDir.at(directory) as home:
        done = void_signed(
            home.ledger,
            address_in(organisation),
            address_in(stolen),
            LocalDays.of(home.ledger.policy).begin(since.date()),
            home.keys.demand(signer),
        )
    CONSOLE.print(
        f"{counted(len(done.accepted), 'record', 'records')} voided, {hours(done.minutes)}"
    )
