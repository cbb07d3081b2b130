"""Commands that run something: demo, serve."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api import demo as demonstration
from api.commands.options import CONSOLE, Dir, Rpc, Strict, say_where
from api.ledger_dir import LedgerDir

if TYPE_CHECKING:
    from fastapi import FastAPI

DEMO: Path = Path("build/demo")


def demo(directory: Dir = None, rpc: Rpc = None) -> None:
    """Play the whole job on a month of a small town: import, seal, anchor, prove, tamper."""
    demonstration.run(CONSOLE, directory or DEMO, rpc)


def serve(
    directory: Dir = None,
    rpc: Rpc = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", max=65535)] = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Take nothing in and sign nothing: needs no keys.")
    ] = False,
    strict: Strict = False,
) -> None:
    """Serve the HTTP API; seal and anchor in the background."""
    import uvicorn

    from api.serving import Listening, described

    with LedgerDir.at(directory, rpc=rpc, host=host, port=port) as ledger:
        if not read_only:
            say_where(ledger.settings, strict=strict)
        lines = list(described(ledger, read_only))
        config = uvicorn.Config(
            _reading(ledger) if read_only else _writing(ledger),
            host=ledger.settings.host,
            port=ledger.settings.port,
            log_level="warning",
            access_log=False,  # a path may hold a record id, which opens its entry
        )
        # Plain and whole at once: a program that starts a server waits for these lines.
        server = Listening(
            config, lambda address: typer.echo("\n".join((*lines, f"Listening on {address}")))
        )
        server.run()
    if not server.started:
        raise typer.Exit(1)


def _reading(ledger: LedgerDir) -> FastAPI:
    from api.http.app import create_app

    return create_app(ledger, read_only=True, relay=ledger.relay)


def _writing(ledger: LedgerDir) -> FastAPI:
    from api.http.app import create_app
    from api.worker import Worker

    settings = ledger.settings
    _ = ledger.log_key
    worker = Worker(
        ledger,
        max_entries=settings.batch_entries,
        max_delay=settings.batch_seconds,
        locks=ledger.path,
    )
    return create_app(
        ledger,
        worker=worker,
        access=ledger.open_access(),
        station=ledger.station,
        places=ledger.places,
        withdrawn=ledger.vault.withdrawn_at,
        office=ledger.office,
        relay=ledger.relay,
        registrar=ledger.registrar,
    )
