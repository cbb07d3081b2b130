"""Commands that run something: demo, serve."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import CONSOLE, Dir, Rpc, Strict, say_where

if TYPE_CHECKING:
    from fastapi import FastAPI

    from api.http.kernel.context import Front
    from api.node.directory import LedgerDir

DEMO: Path = Path("build/demo")


def demo(directory: Dir = None, rpc: Rpc = None) -> None:
    """Play the whole job on a month of a small town: import, seal, anchor, prove, tamper."""
    from api.demo.story import run

    run(CONSOLE, directory or DEMO, rpc)


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
    from api.http.kernel.serving import serve as serve_app
    from api.node.directory import LedgerDir
    from api.terminal.serving import described

    with LedgerDir.at(directory, rpc=rpc, host=host, port=port) as home:
        if not read_only:
            say_where(home.settings, strict=strict)
        lines = list(described(home, read_only))
        make = partial(_reading if read_only else _writing, home)
        # Plain and whole at once: a program that starts a server waits for these lines.
        started = serve_app(
            make,
            home.settings,
            lambda address: typer.echo("\n".join((*lines, f"Listening on {address}"))),
        )
    if not started:
        raise typer.Exit(1)


def _reading(home: LedgerDir, front: Front) -> FastAPI:
    from api.server.app import create_app
    from api.server.services import Services

    services = Services(home)
    limits, relay = services.limits(), services.relay
    return create_app(home, read_only=True, limits=limits, relay=relay, front=front)


def _writing(home: LedgerDir, front: Front) -> FastAPI:
    from api.node.worker import Worker
    from api.server.app import create_app
    from api.server.services import Services

    settings, services = home.settings, Services(home)
    _ = home.log_key
    worker = Worker(
        home,
        max_entries=settings.batch_entries,
        max_delay=settings.batch_seconds,
        locks=home.path,
    )
    return create_app(
        home,
        worker=worker,
        access=services.open_access(),
        limits=services.limits(),
        station=services.station,
        places=services.places,
        withdrawn=home.vault.withdrawn_at,
        registry=services.registry,
        relay=services.relay,
        registrar=services.registrar,
        front=front,
    )
