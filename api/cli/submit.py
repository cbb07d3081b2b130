"""The command `submit`: sign a record of any kind, or a sheet of them, and hand it in."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.prompt import Confirm
from rich.table import Table
from rich.text import Text

from api.bodies.moments import Moments
from api.bodies.reading import Background, Opening, label, paths, write
from api.bodies.told import addresses_in
from api.cli.ends import LedgerPin, To, opened
from api.cli.options import CONSOLE, ERRORS, AsJson, Dir
from api.cli.show import kind_words
from api.errors import WrongUse
from api.submit.ends import End, Sent
from api.submit.kept import Kept
from api.submit.keyring import Keyring
from api.submit.sheets import Handover, Outcome
from api.submit.signers import Signer, claims, from_elsewhere, own_fields
from api.terminal.format import counted
from api.terminal.told import told
from api.words import both
from ledger.core.format.structs import Body, decode_body
from ledger.core.kinds.kind import Kind
from ledger.core.kinds.registry import KINDS
from ledger.core.records.record import Record
from ledger.core.records.signing import address_of
from ledger.core.records.typed_data import typed_data
from ledger.operations.ledger import system_clock

Texts = dict[str, list[str]]

KindName = Annotated[
    str, typer.Argument(metavar="KIND", help="Kind of record; alone, it lists its fields.")
]
As = Annotated[
    list[str] | None,
    typer.Option("--as", metavar="[ROLE=]KEY", help="Label or key file; repeat for more."),
]
SheetFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE.csv", help="A row for each record, a column for each field."),
]
KeepFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Keep here what was signed: to run the same again."),
]
Print = Annotated[
    bool, typer.Option("--print", help="Print what a wallet elsewhere is to sign (EIP-712).")
]
TypedFile = Annotated[
    Path | None, typer.Option("--typed-data", metavar="FILE", help="What --print printed.")
]
Signatures = Annotated[
    list[str] | None,
    typer.Option("--signature", metavar="[ROLE=]0x…", help="What a wallet made of it."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before signing.")]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be signed, and how."""

    kind: Kind
    texts: Texts
    signers: Sequence[str]
    signatures: Sequence[str]
    keep: Path | None
    yes: bool
    as_json: bool


def submit(
    ctx: typer.Context,
    kind: KindName,
    signers: As = None,
    sheet: SheetFile = None,
    keep: KeepFile = None,
    printed: Print = False,
    typed: TypedFile = None,
    signatures: Signatures = None,
    yes: Yes = False,
    to: To = None,
    pin: LedgerPin = None,
    as_json: AsJson = False,
    directory: Dir = None,
) -> None:
    """Sign a record of any kind, or a sheet of them, and hand it in, here or elsewhere."""
    declared, texts = _kind(kind), fields_of_arguments(ctx.args)
    if not (texts or sheet or typed or signers or printed):
        _list_fields(declared)
        raise typer.Exit(2)
    asked = Asked(declared, texts, signers or (), signatures or (), keep, yes, as_json)
    with opened(to, pin, directory) as (end, keys):
        if typed is not None:
            _from_outside(asked, typed, end, keys)
            return
        own = [_signer(text, keys) for text in asked.signers]
        moments = Moments(end.days, system_clock())
        background = Background(moments, keys.address_of, own_fields(declared, own))
        if printed:
            _print(asked, end, background)
        elif sheet is not None:
            kept = Kept(keep or sheet.with_name(sheet.name + ".kept"))
            _say_rows(Handover(declared, end, own, background, kept, texts), sheet, as_json=as_json)
        else:
            _one(asked, end, own, background)


def _from_outside(asked: Asked, typed: Path, end: End, keys: Keyring) -> None:
    """Hand in what a wallet signed."""
    body = _typed_body(typed, asked.kind, end)
    own = [_signer(text, keys) for text in asked.signers]
    own += [_elsewhere(text, end.ledger, body) for text in asked.signatures]
    _say([_hand_in(end, body, own, yes=asked.yes)], as_json=asked.as_json)


def _print(asked: Asked, end: End, background: Background) -> None:
    """Print what a wallet is to sign."""
    written = write(asked.kind.body, asked.texts, background)
    _demand_place(written.openings, asked.keep)
    if asked.keep is not None:
        Kept(asked.keep).keep_openings(written.openings)
    CONSOLE.file.write(json.dumps(typed_data(end.ledger, written.body), indent=1) + "\n")


def _one(asked: Asked, end: End, own: Sequence[Signer], background: Background) -> None:
    """Sign one record and hand it in."""
    if asked.keep is None:
        written = write(asked.kind.body, asked.texts, background)
        _demand_place(written.openings, None)
        _say([_hand_in(end, written.body, own, yes=asked.yes)], as_json=asked.as_json)
        return
    handover = Handover(asked.kind, end, own, background, Kept(asked.keep), {})
    signed = handover.sign(asked.texts)
    _ask(end, signed.record.body, yes=asked.yes)
    _say(handover.hand_in([signed]), as_json=asked.as_json)


def fields_of_arguments(arguments: Sequence[str]) -> Texts:
    """`--served-from 2025-01-01 --service.minutes=60` as path → texts. Raises `WrongUse`."""
    found: Texts = {}
    left = list(arguments)
    while left:
        name, joined, value = left.pop(0).partition("=")
        if not name.startswith("--") or (not joined and not left):
            raise WrongUse(f"{both('A field is written as --NAME VALUE:')} {name}")
        path = name[2:].replace("-", "_")
        found.setdefault(path, []).append(value if joined else left.pop(0))
    return found


def _kind(name: str) -> Kind:
    found = KINDS.get(name.replace("-", "_"))
    if found is None or not found.is_submitted:
        listed = ", ".join(sorted(name for name, kind in KINDS.items() if kind.is_submitted))
        raise WrongUse(f"{both('There is no such kind of record. There are:')} {listed}")
    return found


def _list_fields(kind: Kind) -> None:
    table = Table(box=None, padding=(0, 1), show_header=False)
    for path in paths(kind.body):
        said, _, name = label(kind.body, path).rpartition(" (")
        table.add_row(Text(f"--{name.rstrip(')').replace('_', '-')}"), Text(said))
    CONSOLE.print(table)


def _signer(text: str, keys: Keyring) -> Signer:
    role, joined, name = text.partition("=")
    if not joined:
        role, name = "", text
    secret = keys.secret(name)
    return Signer(role, address_of(secret), secret=secret)


def _elsewhere(text: str, ledger: bytes, body: Body) -> Signer:
    role, _, digits = text.rpartition("=")
    try:
        signature = bytes.fromhex(digits.removeprefix("0x"))
    except ValueError:
        raise WrongUse(both("A signature is 0x and 130 hexadecimal digits.")) from None
    # Some wallets say v as 0 or 1.
    if len(signature) == 65 and signature[64] < 2:
        signature = signature[:64] + bytes((signature[64] + 27,))
    return from_elsewhere(ledger, body, role, signature)


def _typed_body(file: Path, kind: Kind, end: End) -> Body:
    try:
        found: Any = json.loads(file.read_bytes())
        body = decode_body(kind.body, found["message"])
    except (OSError, ValueError, KeyError, TypeError):
        raise WrongUse(f"{file}: {both('This is not what --print printed.')}") from None
    if found != typed_data(end.ledger, body):
        raise WrongUse(f"{file}: {both('This is of another ledger or of another kind.')}")
    return body


def _hand_in(end: End, body: Body, own: Sequence[Signer], *, yes: bool) -> Sent:
    signed = claims(end.ledger, body, own, end.authorities)
    _ask(end, body, yes=yes)
    (sent,) = end.send([Record(body, signed)])
    return sent


def _ask(end: End, body: Body, *, yes: bool) -> None:
    """Show what is signed, and ask whoever sits there."""
    title = f"{kind_words(body.kind)}  {end.name}  0x{end.ledger.hex()}"
    ERRORS.print(title, highlight=False, markup=False, soft_wrap=True)
    told(ERRORS, body, end.days, end.names(addresses_in(body)))
    if sys.stdin.isatty() and not yes and not Confirm.ask(both("Sign this and hand it in?")):
        raise typer.Exit(1)


def _demand_place(openings: Sequence[Opening], keep: Path | None) -> None:
    """What is said is said once: it must be kept. Raises `WrongUse`."""
    if openings and keep is None:
        said = both(
            "What you say here is kept off the ledger, under a salt: without it nobody can ever "
            "show what you said. Name a file for it by --keep."
        )
        raise WrongUse(said)


def _say(sent: Sequence[Sent], *, as_json: bool) -> None:
    if as_json:
        CONSOLE.print_json(data=[_told(one) for one in sent])
    for one in sent:
        if one.code:
            ERRORS.print(one.said, style="red", markup=False, highlight=False, soft_wrap=True)
        elif not as_json:
            word = both("It was in the ledger before.") if one.known else both("It is taken in.")
            CONSOLE.print(f"0x{one.record_id.hex()}  {word}", soft_wrap=True, highlight=False)
    if any(one.code for one in sent):
        raise typer.Exit(1)


def _say_rows(handover: Handover, sheet: Path, *, as_json: bool) -> None:
    outcomes: list[Outcome] = []
    for one in handover.run(sheet):
        outcomes.append(one)
        wrong = one.wrong or (one.sent.said if one.sent else "")
        if wrong and not as_json:
            where = both("row {n}", n=one.row)
            ERRORS.print(f"{where}: {wrong}", style="yellow", markup=False, soft_wrap=True)
    taken = [one.sent for one in outcomes if one.taken and one.sent]
    known = sum(sent.known for sent in taken)
    if as_json:
        data = [
            {"row": o.row, "wrong": o.wrong, **(_told(o.sent) if o.sent else {})} for o in outcomes
        ]
        CONSOLE.print_json(data=data)
    else:
        CONSOLE.print(
            f"{counted(len(taken), 'record', 'records')} in the ledger, {known} of them before; "
            f"{counted(len(outcomes) - len(taken), 'row', 'rows')} not taken"
        )
    if len(taken) < len(outcomes):
        raise typer.Exit(1)


def _row(one: Outcome) -> dict[str, Any]:
    return {"row": one.row, "wrong": one.wrong, **(_told(one.sent) if one.sent else {})}


def _told(sent: Sent) -> dict[str, Any]:
    return {
        "record_id": "0x" + sent.record_id.hex(),
        "known": sent.known,
        "code": sent.code,
        "said": sent.said,
    }
