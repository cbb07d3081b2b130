"""A ledger whose home is a host, and sites of hosts that tell the truth or lie about it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.node import create as founding
from api.node.directory import LedgerDir
from api.node.settings import load
from api.server.app import create_app
from ledger.core.kinds.registry import Genesis
from ledger.operations.prove_account import statement
from ledger.operations.seal import seal
from tests.builders.records import address
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


@contextmanager
def homely_ledger(path: Path) -> Iterator[Homely]:
    founding.found(path, "Town", origin=f"{HOST}/town", ask=False)
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
