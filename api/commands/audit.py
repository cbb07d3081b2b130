"""The command `audit`: replay a ledger, or an export of one, and name every break."""

from __future__ import annotations

import gc
import json
from dataclasses import asdict
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from api import show
from api.audit_engines import cores, dask, local
from api.commands.options import CONSOLE, AsJson, Dir, Rpc
from api.ledger_dir import LedgerDir, chain_reader
from ledger.operations import audit as auditing


class Engine(Enum):
    """Where entries are examined."""

    LOCAL = "local"
    DASK = "dask"


def audit(
    directory: Dir = None,
    rpc: Rpc = None,
    as_json: AsJson = False,
    export: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", exists=True, file_okay=False, help="Audit an export."),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes at once; else all cores.")
    ] = None,
    engine: Annotated[Engine, typer.Option(help="Where entries are examined.")] = Engine.LOCAL,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Of a running Dask cluster.")
    ] = None,
) -> None:
    """Replay a whole ledger from its stored entries alone; exit 1 at the first break.

    With `--export` only the files of an export are read, and the chain by `--rpc`: nothing of the
    operator's is needed but the data.
    """
    # Millions of values that refer to each other in no circle: looking for circles only costs.
    gc.disable()
    count = jobs or cores()
    running = local(count) if engine is Engine.LOCAL else dask(scheduler, count)
    with running as spread:
        if export is not None:
            with chain_reader(rpc, directory) as chain:
                report = auditing.audit_export(export, chain, spread=spread)
        else:
            with LedgerDir.at(directory) as ledger, chain_reader(rpc, ledger.path) as chain:
                report = auditing.audit(
                    ledger.book.engine, chain, ledger.anchors_for, spread=spread
                )
    gc.enable()
    if as_json:
        findings = [asdict(finding) for finding in report.findings]
        answer = {"sound": report.sound, "checked": report.checked, "findings": findings}
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        show.audit(CONSOLE, report)
    if not report.sound:
        raise typer.Exit(1)
