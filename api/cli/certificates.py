"""Commands about certificates: set up an organisation's desk, issue, look at, take back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from api.certificates.issuer import NOTHING, Desk, Wanted, bind
from api.certificates.issuers import LABEL
from api.certificates.stored import fetch_code
from api.cli.arguments import FirstDay, LastDay, address_in, record_of
from api.cli.desks import open_desk
from api.cli.hours import As
from api.cli.options import CONSOLE, Dir, Strict, say_where
from api.errors import WrongUse
from api.node.directory import LedgerDir
from api.node.files import write_durably
from api.node.local_days import LocalDays
from api.server.services import Services
from api.terminal.format import hours
from api.words import both
from ledger.core.format.structs import body_to_json, decode_body
from ledger.core.kinds.registry import Void
from ledger.core.records.record import Record
from ledger.core.records.signing import address_of, sign
from ledger.operations.certificates import certificates_numbered, find_certificate

Organisation = Annotated[str, typer.Argument(help="Address of the organisation.")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="Write the credential here.")]


def desk(
    organisation: Organisation,
    signer: As,
    domain: Annotated[str, typer.Option(help="Host of the organisation's did:web.")] = "",
    strict: Strict = False,
    directory: Dir = None,
) -> None:
    """Let this ledger's server issue an organisation's certificates, by leave of its own key."""
    with LedgerDir.at(directory) as ledger:
        say_where(ledger.settings, strict=strict)
        address, own, key = open_desk(ledger, organisation, signer, LABEL, "certificate")
        bind(ledger.book, Desk(address, key), own, domain)
    delegate = address_of(key)
    CONSOLE.print(f"Desk of {address}: its key {delegate} acts for it, and may be revoked")


def issue(
    holder: Annotated[str, typer.Argument(help="Address of the volunteer.")],
    organisation: Annotated[str, typer.Option("--organisation", help="Who recorded the hours.")],
    served_from: FirstDay,
    served_until: LastDay,
    purpose: Annotated[str, typer.Option(help="What it is for.")],
    out: Out,
    language: Annotated[str, typer.Option(help="zh-Hans, zh-Hant or en.")] = "zh-Hans",
    supersedes: Annotated[
        str | None, typer.Option(metavar="RECORD", help="The certificate that it replaces.")
    ] = None,
    strict: Strict = False,
    directory: Dir = None,
) -> None:
    """Issue a certificate from an organisation's desk; write the credential with its proof."""
    with LedgerDir.at(directory) as ledger:
        office = Services(ledger).office
        say_where(ledger.settings, strict=strict)
        days = LocalDays.of(ledger.book.policy)
        period = days.period(served_from.date(), served_until.date())
        wanted = Wanted(
            holder=address_in(holder),
            served_from=period.start,
            served_until=period.end,
            purpose=purpose,
            language=language,
            supersedes=record_of(supersedes) if supersedes else NOTHING,
        )
        issued = office.issue(address_in(organisation), wanted)
        write(ledger, issued.record, out)
    stated = issued.statement
    CONSOLE.print(f"Certificate {stated.number}, record 0x{issued.record.hex()}", soft_wrap=True)
    CONSOLE.print(
        f"{len(stated.rows)} services, {days.days(period.start, period.end)}: "
        f"{both('Credit hours')} {hours(stated.credit_minutes)}, "
        f"{both('Honour hours')} {hours(stated.honour_minutes)}"
    )


def write_file(
    certificate: Annotated[str, typer.Argument(help="Record id of the certificate.")],
    out: Out,
    strict: Strict = False,
    directory: Dir = None,
) -> None:
    """Write the credential again, with the newest proof."""
    with LedgerDir.at(directory) as ledger:
        say_where(ledger.settings, strict=strict)
        write(ledger, record_of(certificate), out)
    CONSOLE.print(f"Written to {out}")


def write(ledger: LedgerDir, record: bytes, out: Path) -> None:
    """The file of a certificate: JSON, or the paper form where the name ends in `.pdf`."""
    if out.suffix.lower() == ".pdf":
        write_durably(out, Services(ledger).office.paper(record))
        return
    found = Services(ledger).office.file(record)
    write_durably(out, json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode())


def code(
    certificate: Annotated[str, typer.Argument(help="Record id of the certificate.")],
    directory: Dir = None,
) -> None:
    """Show the code that opens a certificate's file on the server."""
    with LedgerDir.at(directory) as ledger:
        office = Services(ledger).office
        _, kept = office.kept(record_of(certificate))
    CONSOLE.print(fetch_code(kept.salt))


def revoke(
    certificate: Annotated[str, typer.Argument(help="Record id or number of the certificate.")],
    signer: As,
    reason: Annotated[
        str, typer.Option(help="entered_in_error, not_served, duplicate, key_compromised, other.")
    ] = "other",
    directory: Dir = None,
) -> None:
    """Take a certificate back, as its organisation. Its hours stay as they are."""
    with LedgerDir.at(directory) as ledger:
        book = ledger.book
        if certificate.startswith("0x"):
            record = record_of(certificate)
        else:
            numbered = certificates_numbered(book, certificate)
            if len(numbered) != 1:
                raise WrongUse("no certificate, or more than one, has this number: name its record")
            record = numbered[0].record
        whose = find_certificate(book, record).body.organisation
        body = Void(record, whose, reason, NOTHING, book.clock())
        checked = decode_body(Void, body_to_json(body))
        claim = sign(book.ledger_id, checked, "organisation", ledger.keys.demand(signer))
        receipt = book.append(Record(checked, (claim,)))
    CONSOLE.print(f"Void 0x{receipt.record_id.hex()}", soft_wrap=True)
