"""A simulated town whose ledger is anchored on a node and served."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI

from api.certificates.issuer import Issuer, bind
from api.certificates.issuers import IssuerRegistry
from api.demo.town.inhabitants import Size
from api.demo.town.life import DAY, Life
from api.demo.town.run import START, SetClock
from api.demo.town.stage import Stage
from api.node import create as founding
from api.node.directory import LedgerDir
from api.server.app import create_app
from api.server.services import Services
from ledger.operations.seal import seal
from tests.builders.nodes import Node
from tests.builders.servers import Port
from tests.builders.university import found_university
from tests.builders.waiting import until

TOWN = Size(volunteers=48, organisations=2, days=4, seed=11)


@dataclass
class RunningClock(SetClock):
    """A clock that can be set, and once started goes on as those of the browsers do: a page dates
    what it signs by the seconds since it was opened, which a clock that stands would call the
    future."""

    set_at: float = field(default_factory=time.monotonic)
    goes: bool = False

    def __call__(self) -> int:
        return self.now + (int(time.monotonic() - self.set_at) if self.goes else 0)

    def start(self) -> None:
        """From now on it goes."""
        self.set_at, self.goes = time.monotonic(), True


@dataclass
class Served:
    """A served ledger: its address, its directory, the town in it and the node it is anchored on.

    The ledger is open in this process: tests may append to its ledger, `seal` and anchor.
    """

    port: Port
    home: LedgerDir
    life: Life
    clock: RunningClock
    node: Node

    @property
    def url(self) -> str:
        return self.port.url

    def seal(self, *, anchored: bool = True) -> None:
        """Seal what waits, ten minutes later, and anchor it."""
        self.clock.now += 600
        seal(self.home.ledger, self.home.log_key)
        if anchored:
            self.anchor()

    def anchor(self) -> None:
        """Anchor all batches, until the node says that they are final."""
        pending = self.home.anchor_pending
        until(lambda: all(state.state in ("final", "covered") for state in pending()), "the anchor")


@contextmanager
def town_on(node: Node, folder: Path) -> Iterator[tuple[Served, IssuerRegistry]]:
    """A town whose ledger is anchored on a node, and where its certificates are issued; it is not
    served yet."""
    clock = RunningClock(START - DAY)
    founding.found(folder, "益河志愿服务账本", rpc=node.url, ask=False, clock=clock)
    port = Port()
    with LedgerDir.at(folder, clock, rpc=node.url) as home:
        home.settings = home.settings.model_copy(update={"public_url": port.url})
        life = Life(Stage(home, clock.set, TOWN.seed), TOWN, START)
        life.settle()
        found_university(life)
        home.set_up_contract()
        town = Served(port, home, life, clock, node)
        for number in range(TOWN.days):
            life.day(number)
            seal(home.ledger, home.log_key)
            clock.now += 40 + 17 * number
            town.anchor()
        registry = issuers(life, port.url)
        clock.start()
        yield town, registry


def issuers(life: Life, url: str) -> IssuerRegistry:
    """Where the organisations of the town issue certificates, with their own keys."""
    home = life.stage.home
    found = [Issuer(group.root.address, group.root.key) for group in life.town.groups]
    for issuer in found:
        bind(home.ledger, issuer, issuer.key)
    by_address = {issuer.organisation: issuer for issuer in found}
    return IssuerRegistry(home.ledger, home.vault, home.anchors_within, url, by_address)


def app_of(home: LedgerDir, registry: IssuerRegistry) -> FastAPI:
    """All that a server of the ledger offers."""
    services = Services(home)
    return create_app(
        home,
        access=services.open_access(),
        station=services.station,
        places=services.places,
        withdrawn=home.vault.withdrawn_at,
        relay=services.relay,
        registry=registry,
        registrar=services.registrar,
    )
