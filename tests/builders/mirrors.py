"""A ledger behind a real HTTP server, on an embedded chain if wanted, and a mirror of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from api.node.migrations.upgrade import upgrade
from api.server.app import create_app
from ledger.operations.ledger import Ledger
from ledger.operations.seal import seal
from ledger.store.engine import open_engine
from tests.builders.commands import Done, run
from tests.builders.http import Open
from tests.builders.ledgers import settle
from tests.builders.records import START, Town
from tests.builders.servers import Asgi, serving


class Server:
    """Serves on a port of this machine whatever `app` is at the moment."""

    def __init__(self, app: Asgi) -> None:
        self.app = app
        self.stopping = False
        self._served = ExitStack()
        options = {"interface": "asgi3", "lifespan": "off", "ws": "none"}
        self.url = self._served.enter_context(serving(self._serve, **options))

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)

    def stop(self) -> None:
        self.stopping = True
        self._served.close()


@dataclass
class Stage:
    """The ledger, its server, and where the mirror lives."""

    town: Town
    home: Open
    server: Server
    root: Path
    activity: bytes = b""
    _others: list[Open] = field(default_factory=list)

    @property
    def ledger(self) -> Ledger:
        return self.home.ledger

    @property
    def database(self) -> Path:
        return self.root / "ledger.sqlite"

    @property
    def kept(self) -> Path:
        return self.root / "mirror"

    @property
    def anchored(self) -> bool:
        return self.home.web3 is not None

    def mirror(self, *options: object, chain: bool | None = None) -> Done:
        """`hourledger mirror`, with the chain if the ledger is anchored."""
        asked = self.anchored if chain is None else chain
        rpc = ("--rpc", f"embedded:{self.home.chain_path}") if asked else ()
        return run("mirror", self.server.url, "--dir", self.kept, *rpc, *options)

    def grow(self, batches: int = 1, entries: int = 1, *, anchor: bool = True) -> None:
        for _ in range(batches):
            add_batch(self.town, self.ledger, entries)
        if anchor and self.anchored:
            self.home.anchor_pending()

    def serve_other(self, home: Open) -> None:
        """From now on the server shows another ledger under the same address."""
        self._others.append(home)
        self.server.app = create_app(home)

    def close(self) -> None:
        self.server.stop()
        for home in (self.home, *self._others):
            home.close()

    def evidence(self) -> dict[str, str]:
        """The files of the only alarm there was."""
        (place,) = (self.kept / "evidence").iterdir()
        return {file.name: file.read_text(errors="replace") for file in place.iterdir()}


def changing(real: Asgi, route: str, change: Callable[[bytes], bytes]) -> Asgi:
    """The application with the bodies of one route changed."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"] + "?" + scope["query_string"].decode()
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(real), base_url="http://test"
        ) as client:
            answer = await client.get(path)
        body = change(answer.content) if scope["path"].startswith(route) else answer.content
        await send({"type": "http.response.start", "status": answer.status_code, "headers": []})
        await send({"type": "http.response.body", "body": body})

    return app


def add_batch(town: Town, ledger: Ledger, entries: int, what: str = "") -> None:
    first = ledger.size
    start = START + 10**7
    ledger.append_many(
        [
            town.activity("org", start, start + 60, title=f"{what}{first + n}")
            for n in range(entries)
        ]
    )
    seal(ledger, town.log_key)


def open_ledger(town: Town, folder: Path) -> Open:
    folder.mkdir(exist_ok=True)
    engine = open_engine(folder / "ledger.sqlite")
    upgrade(engine)
    return Open(town, Ledger(engine, town.clock), folder / "chain.sqlite")


@contextmanager
def mirrored(tmp_path: Path) -> Iterator[Stage]:
    """Three batches: the settled town with an hour of Ann (12 entries), then two more of 2."""
    town = Town()
    home = open_ledger(town, tmp_path)
    stage = Stage(town, home, Server(create_app(home)), tmp_path)
    stage.activity = settle(town, home.ledger)
    home.ledger.append(town.served(home.ledger, "org", "ann", stage.activity, START + 90000, 90))
    seal(home.ledger, town.log_key)
    stage.grow(2)
    yield stage
    stage.close()
