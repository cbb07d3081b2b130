"""Commands of a witness: init, serve."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import CONSOLE, ERRORS
from api.node.settings import load
from api.witness.founding import found, opened
from api.witness.keeping import LOGS
from ledger.operations.ledger import system_clock

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from api.http.kernel.context import Front

Folder = Annotated[
    Path, typer.Option("--dir", metavar="DIR", file_okay=False, help="Where the witness lives.")
]


def init(
    folder: Folder,
    name: Annotated[str, typer.Option(help="Its name, as witness.example.org/w1.")],
) -> None:
    """Make a witness: its name, its key, and the list of logs that it will cosign."""
    cosigner, in_file = found(folder, name, load(None))
    CONSOLE.print(cosigner.vkey(), soft_wrap=True, highlight=False, markup=False)
    ERRORS.print(f"Name the logs that it cosigns in {folder / LOGS}, then serve it.")
    if in_file:
        ERRORS.print(
            f"[yellow]The passphrase lies in {folder / 'passphrase'}, beside the key that it "
            "protects: fine for a try only.[/]"
        )


def serve_witness(
    folder: Folder,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Its port.")] = None,
) -> None:
    """Cosign the checkpoints of the listed logs, as long as they only grow (C2SP tlog-witness)."""
    from api.http.kernel.serving import serve
    from api.witness.serving import create_app

    settings = load(None)
    where = {"host": host, "port": port}
    settings = settings.model_copy(update={k: v for k, v in where.items() if v is not None})
    with opened(folder, settings, system_clock) as witnessing:

        def make(_: Front) -> Starlette:
            return create_app(witnessing)

        serve(make, settings, lambda at: CONSOLE.print(f"Witnessing at {at}", soft_wrap=True))
