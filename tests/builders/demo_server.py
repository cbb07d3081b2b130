"""A simulated town whose ledger is anchored on a node and served."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI

from api.certificates.issuer import Desk, bind
from api.certificates.issuers import Office
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

    The ledger is open in this process: tests may append to its book, `seal` and anchor.
    """

    port: Port
    ledger: LedgerDir
    life: Life
    clock: RunningClock
    node: Node

    @property
    def url(self) -> str:
        return self.port.url

    def seal(self, *, anchored: bool = True) -> None:
        """Seal what waits, ten minutes later, and anchor it."""
        self.clock.now += 600
        seal(self.ledger.book, self.ledger.log_key)
        if anchored:
            self.anchor()

    def anchor(self) -> None:
        """Anchor all batches, until the node says that they are final."""
        pending = self.ledger.anchor_pending
        until(lambda: all(state.state == "final" for state in pending()), "the anchor")


@contextmanager
def town_on(node: Node, folder: Path) -> Iterator[tuple[Served, Office]]:
    """A town whose ledger is anchored on a node, and where its certificates are issued; it is not
    served yet."""
    clock = RunningClock(START - DAY)
    founding.found(folder, "益河志愿服务账本", ask=False, clock=clock)
    port = Port()
    with LedgerDir.at(folder, clock, rpc=node.url) as ledger:
        ledger.settings = ledger.settings.model_copy(update={"public_url": port.url})
        life = Life(Stage(ledger, clock.set, TOWN.seed), TOWN, START)
        life.settle()
        found_university(life)
        ledger.set_up_contract()
        town = Served(port, ledger, life, clock, node)
        for number in range(TOWN.days):
            life.day(number)
            seal(ledger.book, ledger.log_key)
            clock.now += 40 + 17 * number
            town.anchor()
        office = desks(life, port.url)
        clock.start()
        yield town, office


def desks(life: Life, url: str) -> Office:
    """Where the organisations of the town issue certificates, with their own keys."""
    ledger = life.stage.ledger
    found = [Desk(group.root.address, group.root.key) for group in life.town.groups]
    for desk in found:
        bind(ledger.book, desk, desk.key)
    by_address = {desk.organisation: desk for desk in found}
    return Office(ledger.book, ledger.vault, ledger.anchors_for, url, by_address)


def app_of(ledger: LedgerDir, office: Office) -> FastAPI:
    """All that a server of the ledger offers."""
    services = Services(ledger)
    return create_app(
        ledger,
        access=services.open_access(),
        station=services.station,
        places=services.places,
        withdrawn=ledger.vault.withdrawn_at,
        relay=services.relay,
        office=office,
        registrar=services.registrar,
    )
