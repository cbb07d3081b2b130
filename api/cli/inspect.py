"""The command `inspect`: show the ledger or one thing of it, and write proofs."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from api.cli.options import CONSOLE, Dir
from api.errors import WrongUse
from api.node.directory import LedgerDir
from api.node.files import write_durably
from api.terminal import verdict as show
from api.terminal.format import moment
from ledger.core.format.structs import body_to_json
from ledger.core.records.charters import version_of
from ledger.core.trees.notes import vkey
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
    with LedgerDir.at(directory) as home:
        if chainpoint is not None:
            receipt = export(home.ledger, _record_id(thing), home.anchors_within)
            write_json(receipt, chainpoint)
            CONSOLE.print(f"Receipt written to {chainpoint}")
            return
        if proof is not None:
            if thing is not None and _ADDRESS.match(thing):
                write_json(statement(home.ledger, thing, home.anchors_within), proof)
            else:
                write_proof(home, _record_id(thing), proof)
            CONSOLE.print(f"Proof written to {proof}")
        elif thing is None:
            CONSOLE.print_json(data=_overview(home))
        elif _RECORD.match(thing):
            CONSOLE.print_json(data=_record(home, bytes.fromhex(thing[2:])))
        elif _ADDRESS.match(thing):
            show.account(CONSOLE, read.account(home.ledger, thing))
        elif thing.isascii() and thing.isdigit() and len(thing) < 16:
            CONSOLE.print_json(data=_batch(home, int(thing)))
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


def write_proof(home: LedgerDir, record_id: bytes, file: Path) -> dict[str, Any]:
    """Write the proof bundle of a record. Raises `NotFound`."""
    found = bundle(home.ledger, record_id, home.anchors_within)
    write_json(found, file)
    return found


def _overview(home: LedgerDir) -> dict[str, Any]:
    ledger = home.ledger
    genesis, charter = ledger.genesis, ledger.head().charter
    last = read.latest_batch(ledger)
    return {
        "name": genesis.name,
        "ledger_id": "0x" + ledger.ledger_id.hex(),
        "origin": charter.origin,
        "charter": version_of(charter),
        "log_vkey": vkey(charter.origin, charter.log_key),
        "authorities": list(charter.authorities),
        "entries": ledger.size,
        "batches": last.number if last else 0,
        "not_sealed": waiting(ledger),
        "chain": "embedded demonstration chain" if home.settings.rpc is None else "by RPC",
        "policy": body_to_json(ledger.policy),
    }


def _record(home: LedgerDir, record_id: bytes) -> dict[str, Any]:
    entry, batch = read.find_record(home.ledger, record_id)
    service = read.find_service(home.ledger, record_id)
    return {
        "entry": entry.to_json(),
        "batch": batch and batch.number,
        "status": service.status if service else "recorded",
        "changed_by": "0x" + service.changed_by.hex() if service and service.changed_by else None,
        "flags": flags_of(home.ledger, entry, service) if service else [],
    }


def _batch(home: LedgerDir, number: int) -> dict[str, Any]:
    batch = read.batch(home.ledger, number)
    return {
        "number": batch.number,
        "first_index": batch.first_index,
        "size": batch.size,
        "root": "0x" + batch.root.hex(),
        "sealed_at": moment(batch.sealed_at),
        "checkpoint": batch.checkpoint,
        "anchors": home.anchors_for(batch.size),
    }
