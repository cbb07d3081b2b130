"""A ledger whose home is a host, and sites of hosts that tell the truth or lie about it."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from api.node import create as founding
from api.node.directory import LedgerDir
from api.node.settings import load
from api.server.app import create_app
from ledger.core.kinds.registry import Genesis
from ledger.core.records.record import ledger_id
from ledger.operations.prove_account import statement
from ledger.operations.seal import seal
from tests.builders.records import Town, address
from tests.builders.tls import site_of

HOST, EVIL = "hours.example.org", "hours.example.net"
Serve = Callable[[Any, str], str]


@dataclass(frozen=True)
class Homely:
    """A ledger at home at HOST: its genesis, the application that serves it, and a file of it: the
    statement of somebody whom nothing concerns."""

    genesis: Genesis
    app: Any
    file: dict[str, Any]


class TownAtHome(Town):
    """The town, at home at HOST."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.body = replace(self.body, home=HOST)
        self.ledger = ledger_id(self.body)


def answering(pages: Mapping[str, Any], status: int = 200, **headers: str) -> Any:
    """A site that says what it is told to, of a path as bytes or a JSON value; 404 of any other."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        page = pages.get(scope["path"])
        body = page if isinstance(page, bytes) else json.dumps(page).encode()
        code = 404 if page is None else status
        sent = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": code, "headers": sent})
        await send({"type": "http.response.body", "body": body})

    return app


@contextmanager
def homely_ledger(path: Path) -> Iterator[Homely]:
    founding.found(path, "Town", host=HOST, ask=False)
    with LedgerDir(path, load(path)) as home:
        seal(home.ledger, home.log_key)
        file = statement(home.ledger, address("nobody"), lambda *_: [])
        yield Homely(home.ledger.genesis, create_app(home), file)


@contextmanager
def sites(folder: Path) -> Iterator[Serve]:
    """`serve(app, host)`: where the site of a host listens; its certificate is trusted from then
    on, and that of no site before."""
    with ExitStack() as running, pytest.MonkeyPatch.context() as patch:

        def serve(app: Any, host: str) -> str:
            at, certificate = running.enter_context(site_of(app, host, folder))
            patch.setenv("SSL_CERT_FILE", str(certificate))
            return at

        yield serve
