"""Commands that only look: verify, inspect."""

from __future__ import annotations

import gzip
import json
import os
import re
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from api.certificates.checking import ALL
from api.cli.options import CONSOLE, AsJson, Dir, Rpc
from api.errors import WrongUse
from api.node.chain import Node, node_at_hand
from api.node.directory import LedgerDir
from api.node.files import write_durably
from api.terminal import verdict as show
from api.terminal.format import moment
from ledger.core.documents import Asked, verify_file
from ledger.core.format.fields import body_to_json
from ledger.core.trees.notes import vkey
from ledger.core.verify.attestation import Gate
from ledger.core.verify.checks import EXIT_CODES, Report
from ledger.operations import read
from ledger.operations.chainpoint import export
from ledger.operations.hours import flags_of
from ledger.operations.prove import bundle
from ledger.operations.prove_account import statement
from ledger.operations.seal import waiting

PART_BYTES: Final = 1024 * 1024
"""A file is read in parts of so many bytes."""

_RECORD = re.compile(r"0x[0-9a-f]{64}\Z")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}\Z")


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    rpc: Rpc = None,
    as_json: AsJson = False,
    trusted: Annotated[
        str | None, typer.Option("--ledger", metavar="ID", help="Accept this ledger's proofs only.")
    ] = None,
    audience: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of an attestation: the gate's name.")
    ] = None,
    nonce: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What the gate gave out for this visit.")
    ] = None,
    directory: Dir = None,
) -> None:
    """Check a proof file, or the PDF that holds one.

    The chain is the one of --rpc, of HOURLEDGER_RPC, or of the ledger in --dir; nothing beside FILE
    is read. Exit 0: valid; 1: invalid or void; 3: cannot be said (yet), or no proof in it.
    """
    if file.is_dir():
        raise WrongUse(f"{file} is a folder: name the proof file in it")
    if not os.access(file, os.R_OK):
        raise WrongUse(f"there is no file {file} that can be read")
    if trusted is not None and not _RECORD.match(trusted):
        raise WrongUse("a ledger id is 32 bytes as lower-case 0x-hex")
    if (audience is None) != (nonce is None):
        raise WrongUse("a gate has both: --audience and --nonce")
    ledger = bytes.fromhex(trusted[2:]) if trusted else None
    gate = None
    if audience is not None and nonce is not None:
        gate = Gate(audience, nonce, int(time.time()))
    report, node = judge(file, rpc, directory, ledger, gate)
    if as_json:
        typer.echo(json.dumps(as_object(report, node), ensure_ascii=False))
    else:
        show.verdict(CONSOLE, report, node)
    raise typer.Exit(EXIT_CODES[report.verdict])


def judge(
    file: Path,
    rpc: str | None,
    directory: Path | None,
    trusted: bytes | None = None,
    gate: Gate | None = None,
) -> tuple[Report, Node | None]:
    """The verdict on a file, and the node that was asked. Only `rpc`, the environment, or the
    ledger of `directory` name one: what lies beside the file is as strange as the file."""
    with node_at_hand(rpc, directory) as node, file.open("rb") as opened:
        asked = Asked(node, trusted, gate)
        report = verify_file(iter(partial(opened.read, PART_BYTES), b""), asked, ALL)
    return report, node if node is not None and node.asked else None


def as_object(report: Report, node: Node | None) -> dict[str, Any]:
    """A report as one JSON object, with the node that was asked."""
    return {
        "verdict": report.verdict,
        "document": report.document,
        "node": node and {"at": node.at, "demonstration": node.demonstration},
        "checks": [asdict(check) for check in report.checks],
        "facts": dict(report.facts),
    }


def inspect(
    thing: Annotated[
        str | None, typer.Argument(help="A record id, an address or a batch number.")
    ] = None,
    proof: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Write the proof of a record or an account.")
    ] = None,
    chainpoint: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Write the record's Chainpoint receipt.")
    ] = None,
    directory: Dir = None,
) -> None:
    """Show the ledger, or one thing of it."""
    with LedgerDir.at(directory) as ledger:
        if chainpoint is not None:
            receipt = export(ledger.book, _record_id(thing), ledger.anchors_for)
            write_json(receipt, chainpoint)
            CONSOLE.print(f"Receipt written to {chainpoint}")
            return
        if proof is not None:
            if thing is not None and _ADDRESS.match(thing):
                write_json(statement(ledger.book, thing, ledger.anchors_for), proof)
            else:
                write_proof(ledger, _record_id(thing), proof)
            CONSOLE.print(f"Proof written to {proof}")
        elif thing is None:
            CONSOLE.print_json(data=_overview(ledger))
        elif _RECORD.match(thing):
            CONSOLE.print_json(data=_record(ledger, bytes.fromhex(thing[2:])))
        elif _ADDRESS.match(thing):
            show.account(CONSOLE, read.account(ledger.book, thing))
        elif thing.isascii() and thing.isdigit() and len(thing) < 16:
            CONSOLE.print_json(data=_batch(ledger, int(thing)))
        else:
            raise WrongUse("give a record id, an address or a batch number")


def _record_id(thing: str | None) -> bytes:
    if thing is None or not _RECORD.match(thing):
        raise WrongUse("a record id is needed: 32 bytes as lower-case 0x-hex")
    return bytes.fromhex(thing[2:])


def write_json(value: dict[str, Any], file: Path) -> None:
    """Write a JSON file that people can read too, or a packed one where its name ends in `.gz`."""
    if file.suffix == ".gz":
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        write_durably(file, gzip.compress(text.encode(), mtime=0), mode=0o644)
        return
    text = json.dumps(value, ensure_ascii=False, indent=1)
    write_durably(file, text.encode() + b"\n", mode=0o644)


def write_proof(ledger: LedgerDir, record_id: bytes, file: Path) -> dict[str, Any]:
    """Write the proof bundle of a record. Raises `NotFound`."""
    found = bundle(ledger.book, record_id, ledger.anchors_for)
    write_json(found, file)
    return found


def _overview(ledger: LedgerDir) -> dict[str, Any]:
    book = ledger.book
    genesis = book.genesis
    last = read.latest_batch(book)
    return {
        "name": genesis.name,
        "ledger_id": "0x" + book.ledger_id.hex(),
        "origin": genesis.origin,
        "log_vkey": vkey(genesis.origin, genesis.log_key),
        "authorities": list(genesis.authorities),
        "entries": book.size,
        "batches": last.number if last else 0,
        "not_sealed": waiting(book),
        "chain": "embedded demonstration chain" if ledger.settings.rpc is None else "by RPC",
        "policy": body_to_json(book.policy),
    }


def _record(ledger: LedgerDir, record_id: bytes) -> dict[str, Any]:
    entry, batch = read.find_record(ledger.book, record_id)
    service = read.find_service(ledger.book, record_id)
    return {
        "entry": entry.to_json(),
        "batch": batch and batch.number,
        "status": service.status if service else "recorded",
        "changed_by": "0x" + service.changed_by.hex() if service and service.changed_by else None,
        "flags": flags_of(ledger.book, entry, service) if service else [],
    }


def _batch(ledger: LedgerDir, number: int) -> dict[str, Any]:
    batch = read.batch(ledger.book, number)
    return {
        "number": batch.number,
        "first_index": batch.first_index,
        "size": batch.size,
        "root": "0x" + batch.root.hex(),
        "sealed_at": moment(batch.sealed_at),
        "checkpoint": batch.checkpoint,
        "anchors": ledger.anchors_for(batch.size),
    }
