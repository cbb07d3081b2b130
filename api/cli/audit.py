"""The command `audit`: replay a ledger, or an export of one, and name every break."""

from __future__ import annotations

import gc
import json
from collections.abc import Sequence
from dataclasses import asdict
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.options import CONSOLE, AsJson, Dir, Rpc
from api.errors import WrongUse
from api.node.chain import node_at_hand
from api.node.directory import LedgerDir
from api.node.files import write_durably
from api.node.parallel import cores, dask, local
from api.terminal import verdict as show
from api.terminal.audit import show_findings
from api.terminal.audit_html import Sample, page, sample_of
from api.words import chinese
from ledger.operations import audit as auditing
from ledger.operations.audit_report import AuditReport
from ledger.operations.red_flags import RedFlag, Watcher


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
    flags: Annotated[bool, typer.Option("--flags", help="List red flags too.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write all of it as one page.")
    ] = None,
    sample: Annotated[int, typer.Option(min=0, help="Draw so many entries.")] = 0,
    sample_organisations: Annotated[
        int, typer.Option(min=0, help="Draw so many organisations.")
    ] = 0,
    seed: Annotated[str | None, typer.Option(help="What the sample is drawn by.")] = None,
) -> None:
    """Replay a whole ledger from its stored entries alone; exit 1 at the first break.

    With `--export` only the files of an export are read, and the chain by `--rpc`: nothing of the
    operator's is needed but the data.
    """
    if (sample or sample_organisations) and not seed:
        raise WrongUse("a sample needs a seed that was stated before: --seed TEXT")
    watcher = Watcher() if flags or html else None
    watch = watcher.observe if watcher else None
    # Millions of values that refer to each other in no circle: looking for circles only costs.
    gc.disable()
    count = jobs or cores()
    running = local(count) if engine is Engine.LOCAL else dask(scheduler, count)
    with running as spread:
        if export is not None:
            with node_at_hand(rpc, directory) as chain:
                report = auditing.audit_export(export, chain, spread=spread, watch=watch)
        else:
            with LedgerDir.at(directory) as home, node_at_hand(rpc, home.path) as chain:
                report = auditing.audit(
                    home.ledger.engine, chain, home.anchors_for, spread=spread, watch=watch
                )
    gc.enable()
    found = watcher.flags() if watcher else []
    drawn = sample_of(report, seed, sample, sample_organisations) if seed else None
    if html is not None:
        subject = str(export or directory)
        write_durably(html, page(subject, report, found, drawn).encode())
    if as_json:
        typer.echo(json.dumps(_answer(report, found, drawn), ensure_ascii=False))
    else:
        show.audit(CONSOLE, report)
        show_findings(CONSOLE, found, drawn)
    if not report.sound:
        raise typer.Exit(1)


def _answer(report: AuditReport, flags: Sequence[RedFlag], sample: Sample | None) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "sound": report.sound,
        "checked": report.checked,
        "findings": [asdict(finding) for finding in report.findings],
        "size": report.size,
        "root": "0x" + report.root.hex(),
        "flags": [{**asdict(flag), "zh": chinese(flag.en), "en": flag.en} for flag in flags],
    }
    if sample is not None:
        answer["sample"] = asdict(sample)
    return answer
