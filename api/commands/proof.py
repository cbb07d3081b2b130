"""Commands that only look: verify, inspect."""

from __future__ import annotations

import gzip
import json
import re
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from io import BufferedIOBase
from pathlib import Path
from typing import Annotated, Any

import typer

from api import show
from api.certificates.checking import verify_any
from api.chain_at_hand import chain_reader
from api.commands.options import CONSOLE, AsJson, Dir, Rpc
from api.documents.attachment import MAGIC, PDF_BYTES_MAX, extract_attachment
from api.errors import WrongUse
from api.files import write_durably
from api.ledger_dir import LedgerDir, is_ledger
from api.show_words import moment
from ledger.core.attestation import Gate
from ledger.core.checks import EXIT_CODES, Report, Run
from ledger.core.credit_report import BEGINS as REPORT_BEGINS
from ledger.core.credit_report import LINE_BYTES_MAX
from ledger.core.fields import body_to_json
from ledger.core.notes import vkey
from ledger.core.verify import CHECKS
from ledger.core.verify_credit_report import verify_credit_report
from ledger.core.verify_file import GZIP
from ledger.errors import ProofError
from ledger.operations import read
from ledger.operations.chainpoint import export
from ledger.operations.hours import flags_of
from ledger.operations.prove import bundle
from ledger.operations.prove_account import statement
from ledger.operations.seal import waiting

_RECORD = re.compile(r"0x[0-9a-f]{64}\Z")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}\Z")


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
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

    Exit 0: valid; 1: invalid or void; 3: cannot be said (yet).
    """
    if trusted is not None and not _RECORD.match(trusted):
        raise WrongUse("a ledger id is 32 bytes as lower-case 0x-hex")
    if (audience is None) != (nonce is None):
        raise WrongUse("a gate has both: --audience and --nonce")
    ledger = bytes.fromhex(trusted[2:]) if trusted else None
    gate = None
    if audience is not None and nonce is not None:
        gate = Gate(audience, nonce, int(time.time()))
    report = judge(file, rpc, directory, ledger, gate)
    if as_json:
        typer.echo(json.dumps(as_object(report), ensure_ascii=False))
    else:
        show.verdict(CONSOLE, report)
    raise typer.Exit(EXIT_CODES[report.verdict])


def judge(
    file: Path,
    rpc: str | None,
    directory: Path | None,
    trusted: bytes | None = None,
    gate: Gate | None = None,
) -> Report:
    """The verdict on a file, or on the one inside a PDF, with the chain that is at hand: `rpc`, or
    the one of the ledger's directory, or the one of the directory that the file lies in."""
    home = directory or (file.parent if is_ledger(file.parent) else None)
    with chain_reader(rpc, home) as chain, credit_report(file) as lines:
        if lines is not None:
            return verify_credit_report(lines, chain, trusted_ledger=trusted)
    with file.open("rb") as opened:
        data = opened.read(PDF_BYTES_MAX + 1)
    if data.startswith(MAGIC):
        try:
            data = extract_attachment(data)
        except ProofError as error:
            run = Run(CHECKS)
            run.note(error.check, False, error.reason)
            return Report("invalid", run.all(), {})
    with chain_reader(rpc, home) as chain:
        return verify_any(data, chain, trusted_ledger=trusted, gate=gate)


@contextmanager
def credit_report(file: Path) -> Iterator[Iterator[bytes] | None]:
    """The lines of a credit report, packed or not, which may be longer than memory; None for any
    other file."""
    with file.open("rb") as opened:
        packed = opened.read(len(GZIP)) == GZIP
    with gzip.open(file) if packed else file.open("rb") as opened:
        try:
            begins = opened.read(len(REPORT_BEGINS)) == REPORT_BEGINS
        except (OSError, EOFError, zlib.error):
            begins = False
        if begins:
            opened.seek(0)
            yield read_lines(opened)
        else:
            yield None


def read_lines(file: BufferedIOBase) -> Iterator[bytes]:
    """The lines of a report's file. One that is too long, or that is cut, is a bad one."""
    try:
        while line := file.readline(LINE_BYTES_MAX + 1):
            yield line.removesuffix(b"\n")
    except (OSError, EOFError, zlib.error):
        yield b""


def as_object(report: Report) -> dict[str, Any]:
    """A report as one JSON object."""
    return {
        "verdict": report.verdict,
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
