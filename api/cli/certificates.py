"""Commands about certificates: let the server issue for an organisation, issue, look at, take
back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from api.certificates.issuer import Issuer, Wanted, bind
from api.certificates.issuers import LABEL
from api.certificates.signed import for_other_programs
from api.certificates.stored import fetch_code
from api.cli.arguments import FirstDay, LastDay, address_in, record_of
from api.cli.delegated import delegated_key
from api.cli.hours import As
from api.cli.options import CONSOLE, Dir, Strict, say_where
from api.errors import WrongUse
from api.node.directory import LedgerDir
from api.node.files import write_durably
from api.node.local_days import LocalDays
from api.server.services import Services
from api.terminal.format import counted, hours
from api.words import both
from ledger.core.format.fields import ZERO_HASH
from ledger.core.format.structs import body_to_json, decode_body
from ledger.core.kinds.registry import Void
from ledger.core.records.record import Record
from ledger.core.records.signing import address_of, sign
from ledger.operations.certificates import certificates_numbered, find_certificate

Organisation = Annotated[str, typer.Argument(help="Address of the organisation.")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="Write the credential here.")]


def delegate(
    organisation: Organisation,
    signer: As,
    domain: Annotated[str, typer.Option(help="Host of the organisation's did:web.")] = "",
    strict: Strict = False,
    directory: Dir = None,
) -> None:
    """Delegate an organisation's certificates to a key of this ledger's server."""
    with LedgerDir.at(directory) as home:
        say_where(home.settings, strict=strict)
        address, own, key = delegated_key(home, organisation, signer, LABEL, "certificate")
        bind(home.ledger, Issuer(address, key), own, domain)
    delegate = address_of(key)
    CONSOLE.print(f"Issuer {address}: the key {delegate} acts for it, and may be revoked")


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
    """Issue a certificate of an organisation; write the credential with its proof."""
    with LedgerDir.at(directory) as home:
        registry = Services(home).registry
        say_where(home.settings, strict=strict)
        days = LocalDays.of(home.ledger.policy)
        period = days.period(served_from.date(), served_until.date())
        wanted = Wanted(
            holder=address_in(holder),
            served_from=period.start,
            served_until=period.end,
            purpose=purpose,
            language=language,
            supersedes=record_of(supersedes) if supersedes else ZERO_HASH,
        )
        issued = registry.issue(address_in(organisation), wanted)
        write(home, issued.record, out)
    stated = issued.statement
    CONSOLE.print(f"Certificate {stated.number}, record 0x{issued.record.hex()}", soft_wrap=True)
    CONSOLE.print(
        f"{counted(len(stated.rows), 'service', 'services')}, "
        f"{days.days(period.start, period.end)}: "
        f"{both('Credit hours')} {hours(stated.credit_minutes)}, "
        f"{both('Honour hours')} {hours(stated.honour_minutes)}"
    )


def write_file(
    certificate: Annotated[str, typer.Argument(help="Record id of the certificate.")],
    out: Out,
    plain: Annotated[
        bool,
        typer.Option(
            "--for-other-programs", help="With the issuer's one signature that most of them know."
        ),
    ] = False,
    strict: Strict = False,
    directory: Dir = None,
) -> None:
    """Write the credential again, with the newest proof, or for programs that know no ledger."""
    with LedgerDir.at(directory) as home:
        say_where(home.settings, strict=strict)
        if plain:
            _, stored = Services(home).registry.stored(record_of(certificate))
            _write_json(out, for_other_programs(stored.credential))
        else:
            write(home, record_of(certificate), out)
    CONSOLE.print(f"Written to {out}")


def write(home: LedgerDir, record: bytes, out: Path) -> None:
    """The file of a certificate: JSON, or the paper form where the name ends in `.pdf`."""
    if out.suffix.lower() == ".pdf":
        write_durably(out, Services(home).registry.paper(record))
        return
    _write_json(out, Services(home).registry.file(record))


def _write_json(out: Path, found: Mapping[str, Any]) -> None:
    write_durably(out, json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode())


def code(
    certificate: Annotated[str, typer.Argument(help="Record id of the certificate.")],
    directory: Dir = None,
) -> None:
    """Show the code that opens a certificate's file on the server."""
    with LedgerDir.at(directory) as home:
        registry = Services(home).registry
        _, stored = registry.stored(record_of(certificate))
    CONSOLE.print(fetch_code(stored.salt))


def revoke(
    certificate: Annotated[str, typer.Argument(help="Record id or number of the certificate.")],
    signer: As,
    reason: Annotated[
        str, typer.Option(help="entered_in_error, not_served, duplicate, key_compromised, other.")
    ] = "other",
    directory: Dir = None,
) -> None:
    """Take a certificate back, as its organisation. Its hours stay as they are."""
    with LedgerDir.at(directory) as home:
        ledger = home.ledger
        if certificate.startswith("0x"):
            record = record_of(certificate)
        else:
            numbered = certificates_numbered(ledger, certificate)
            if len(numbered) != 1:
                raise WrongUse("no certificate, or more than one, has this number: name its record")
            record = numbered[0].record
        whose = find_certificate(ledger, record).body.organisation
        body = Void(record, whose, reason, ZERO_HASH, ledger.clock())
        checked = decode_body(Void, body_to_json(body))
        claim = sign(ledger.ledger_id, checked, "organisation", home.keys.demand(signer))
        receipt = ledger.append(Record(checked, (claim,)))
    CONSOLE.print(f"Void 0x{receipt.record_id.hex()}", soft_wrap=True)
