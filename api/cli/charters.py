"""Commands about the charter, and about records that several authorities sign one after another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from eth_account import Account

from api.cli.arguments import address_in
from api.cli.options import CONSOLE, AsJson, Dir
from api.errors import WrongUse
from api.node.directory import AUTHORITY, LedgerDir
from api.node.drafts import Draft, draft_of, read_draft
from ledger.core.format.structs import body_to_json
from ledger.core.kinds.registry import AnyCharter, Charter
from ledger.core.records.charters import charter_hash, version_of
from ledger.core.records.decode import parse_json
from ledger.errors import Refused
from ledger.operations.seal import complete

Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the draft is written.")]
DraftFile = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The draft.")
]


def show(as_json: AsJson = False, directory: Dir = None) -> None:
    """Show the charter in force: keys, authorities, anchors, and how many must sign."""
    with LedgerDir.at(directory) as home:
        charter = home.ledger.head().charter
    found = {"version": version_of(charter), "hash": "0x" + charter_hash(charter).hex()}
    found |= {n: v for n, v in body_to_json(charter).items() if n not in ("name", "policy")}
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        text = value if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)
        CONSOLE.print(f"{name}: {text}", soft_wrap=True, markup=False)


def propose(
    out: Out,
    reason: Annotated[str, typer.Option(help="Why, in a few words.")],
    authority: Annotated[
        list[str] | None, typer.Option(help="All authorities from then on, one an option.")
    ] = None,
    threshold: Annotated[int | None, typer.Option(help="How many sign a charter.")] = None,
    certify_threshold: Annotated[int | None, typer.Option(help="How many certify.")] = None,
    new_log_key: Annotated[
        bool, typer.Option("--new-log-key", help="Make a log key, and let the charter name it.")
    ] = False,
    changes: Annotated[
        Path | None,
        typer.Option(
            metavar="JSON", exists=True, dir_okay=False, help="Other members, as an object."
        ),
    ] = None,
    directory: Dir = None,
) -> None:
    """Draft the next charter: the one in force, but for what you say."""
    with LedgerDir.at(directory) as home:
        before = home.ledger.head().charter
        said: dict[str, Any] = _object(changes) if changes else {}
        if authority:
            said["authorities"] = sorted(map(address_in, authority), key=str.lower)
        if threshold is not None:
            said["threshold"] = threshold
        if certify_threshold is not None:
            said["certify_threshold"] = certify_threshold
        if new_log_key:
            made = home.keys.make_log_key().public_key().public_bytes_raw()
            said["log_key"] = "0x" + made.hex()
        body = _next(before, reason, home.clock()) | said
        draft = draft_of(home.ledger.ledger_id, Charter.kind, body)
    draft.write(out)
    CONSOLE.print(f"Charter {body['version']} drafted in {out}", soft_wrap=True)
    _told(draft)


def draft_record(
    kind: Annotated[str, typer.Argument(help="Kind of the record: organisation, policy …")],
    body: Annotated[
        Path,
        typer.Argument(metavar="JSON", exists=True, dir_okay=False, help="Its body, as an object."),
    ],
    out: Out,
    directory: Dir = None,
) -> None:
    """Draft a record that several authorities sign one after another."""
    with LedgerDir.at(directory) as home:
        draft = draft_of(home.ledger.ledger_id, kind, _object(body))
    draft.write(out)
    _told(draft)


def sign_draft(
    file: DraftFile,
    label: Annotated[
        str, typer.Option("--as", metavar="LABEL", help="Key of the keystore that signs.")
    ] = AUTHORITY,
    key_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", exists=True, help="Sign with a key file; no ledger is needed."
        ),
    ] = None,
    passphrase_file: Annotated[
        Path | None, typer.Option(metavar="FILE", exists=True, help="The key file's passphrase.")
    ] = None,
    signer: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Whose wallet made --signature.")
    ] = None,
    signature: Annotated[
        str | None, typer.Option(metavar="HEX", help="What a wallet made of the typed data.")
    ] = None,
    directory: Dir = None,
) -> None:
    """Sign a draft as an authority: by the keystore, a key file, or a wallet's signature."""
    draft = read_draft(file)
    if signature is not None:
        draft = draft.signed_by(address_in(signer or ""), _bytes(signature))
    elif key_file is not None:
        draft = draft.signed(_opened(key_file, passphrase_file))
    else:
        with LedgerDir.at(directory) as home:
            draft = draft.signed(home.keys.demand(label))
    draft.write(file)
    _told(draft)


def submit(file: DraftFile, directory: Dir = None) -> None:
    """Hand in a draft that all who must have signed."""
    draft = read_draft(file)
    with LedgerDir.at(directory) as home:
        if draft.ledger != home.ledger.ledger_id:
            raise WrongUse(f"{file} is of another ledger")
        receipt = home.ledger.append(draft.record)
        if draft.record.kind == Charter.kind:
            # Its batch is closed already: as long as the key for it is at hand, the head is signed.
            complete(home.ledger, home.log_key)
    CONSOLE.print(f"Entry {receipt.index}: record 0x{receipt.record_id.hex()}", soft_wrap=True)


def _next(before: AnyCharter, reason: str, now: int) -> dict[str, Any]:
    same = body_to_json(before)
    left = ("name", "policy", "version", "previous", "chain_lost", "reason", "issued_at")
    return {
        **{name: value for name, value in same.items() if name not in left},
        "version": version_of(before) + 1,
        "previous": "0x" + charter_hash(before).hex(),
        "chain_lost": False,
        "reason": reason,
        "issued_at": now,
    }


def _object(file: Path) -> dict[str, Any]:
    try:
        value = parse_json(file.read_bytes())
    except (OSError, Refused) as error:
        raise WrongUse(f"{file} cannot be read as JSON") from error
    if type(value) is not dict:
        raise WrongUse(f"{file} holds no object")
    return value


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError as error:
        raise WrongUse("a signature is 65 bytes as hex") from error


def _opened(key_file: Path, passphrase_file: Path | None) -> bytes:
    from rich.prompt import Prompt

    if passphrase_file is not None:
        secret = passphrase_file.read_text(encoding="utf-8").rstrip("\n")
    else:
        secret = Prompt.ask("Passphrase of the key file", password=True, console=CONSOLE)
    try:
        return bytes(Account.decrypt(key_file.read_text(encoding="utf-8"), secret))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WrongUse(f"{key_file} cannot be opened with this passphrase") from error


def _told(draft: Draft) -> None:
    who = ", ".join(draft.signers) or "nobody yet"
    CONSOLE.print(f"Signed by {who}", soft_wrap=True)
