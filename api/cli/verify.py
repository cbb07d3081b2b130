"""The command `verify`: judge a file that somebody handed in. It loads no database and no server,
and the chain's library only when there is a chain to ask."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, Final

import typer

from api.certificates.checking import ALL
from api.cli.options import CONSOLE, ERRORS, AsJson, At, Dir, Pins, Rpc
from api.errors import WrongUse
from api.node.chain import Node, node_at_hand
from api.terminal import verdict as show
from api.trust.pins import LEDGER, usual_file
from api.trust.trusted import Trusted
from api.words import both
from ledger.core.documents import Asked, verify_file
from ledger.core.verify.attestation import Gate
from ledger.core.verify.checks import EXIT_CODES, Report
from ledger.core.verify.pinned import Pins as NamesLedgers
from ledger.core.verify.pinned import nobody

PART_BYTES: Final = 1024 * 1024
"""A file is read in parts of so many bytes."""


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    rpc: Rpc = None,
    as_json: AsJson = False,
    trusted: Annotated[
        str | None, typer.Option("--ledger", metavar="ID", help="Trust this ledger, and no other.")
    ] = None,
    audience: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of an attestation: the gate's name.")
    ] = None,
    nonce: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What the gate gave out for this visit.")
    ] = None,
    final: Annotated[
        bool, typer.Option("--final", help="Not while its anchor may still be taken back.")
    ] = False,
    directory: Dir = None,
    pins: Pins = None,
    online: Annotated[
        bool, typer.Option("--online", help="Ask the ledger's home: is it its, and what is new.")
    ] = False,
    at: At = None,
) -> None:
    """Check a proof file, or the PDF that holds one.

    The chain is the one of --rpc, of HOURLEDGER_RPC, or of the ledger in --dir; the ledgers that
    you trust are those of `hourledger trust`; nothing beside FILE is read. Exit 0: valid; 1:
    invalid, broken or void; 3: cannot be said (yet), nobody named its ledger, or no proof in it.
    """
    if file.is_dir():
        raise WrongUse(f"{file} is a folder: name the proof file in it")
    if not os.access(file, os.R_OK):
        raise WrongUse(f"there is no file {file} that can be read")
    if trusted is not None and not LEDGER.match(trusted):
        raise WrongUse("a ledger id is 32 bytes as lower-case 0x-hex")
    if (audience is None) != (nonce is None):
        raise WrongUse("a gate has both: --audience and --nonce")
    gate = None
    if audience is not None and nonce is not None:
        gate = Gate(audience, nonce, int(time.time()))
    named = bytes.fromhex(trusted[2:]) if trusted else None
    whom = Trusted(pins or usual_file(), named, _online().asking(at) if online else None)
    newest = partial(_online().by_newest, at=at) if online else None
    report, node = judge(file, rpc, directory, whom, gate, newest, final=final)
    if as_json:
        typer.echo(json.dumps(as_object(report, node), ensure_ascii=False))
    else:
        show.verdict(CONSOLE, report, node)
    _keep(whom, report)
    raise typer.Exit(EXIT_CODES[report.verdict])


def _online() -> ModuleType:
    # What asks others is loaded only where somebody wants that.
    from api.cli import online

    return online


def _keep(whom: Trusted, report: Report) -> None:
    """What this file showed of its log, for the next one; where that fails the verdict stands."""
    try:
        whom.remember(report)
        place = whom.evidence(report)
    except (WrongUse, OSError) as error:
        ERRORS.print(str(error), style="yellow", markup=False, highlight=False)
        return
    if place is not None:
        said = both("Two heads that contradict each other, as evidence: {place}", place=place)
        ERRORS.print(said, soft_wrap=True, markup=False, highlight=False)


def judge(
    file: Path,
    rpc: str | None,
    directory: Path | None,
    pins: NamesLedgers = nobody,
    gate: Gate | None = None,
    newest: Callable[[Path, Report, Asked], Report] | None = None,
    *,
    final: bool = False,
) -> tuple[Report, Node | None]:
    """The verdict on a file, by what is `newest` of it where somebody asks for that, and the node
    that was asked. Only `rpc`, the environment, or the
    ledger of `directory` name one: what lies beside the file is as strange as the file."""
    with node_at_hand(rpc, directory, final=final) as node, file.open("rb") as opened:
        asked = Asked(node, pins, gate, int(time.time()))
        report = verify_file(iter(partial(opened.read, PART_BYTES), b""), asked, ALL)
        if newest is not None:
            report = newest(file, report, asked)
    return report, node if node is not None and node.asked else None


def as_object(report: Report, node: Node | None) -> dict[str, Any]:
    """A report as one JSON object, with the node that was asked."""
    return {
        "verdict": report.verdict,
        "within": report.within,
        "document": report.document,
        "node": node and {"at": node.at, "demonstration": node.demonstration},
        "checks": [asdict(check) for check in report.checks],
        "facts": dict(report.facts),
    }
