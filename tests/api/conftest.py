"""The application over a real ledger and the embedded chain."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.node.migrations.upgrade import upgrade
from api.server.app import create_app
from ledger.core.records.record import Record
from ledger.operations.ledger import Ledger
from ledger.operations.seal import seal
from ledger.store.engine import open_engine
from tests.builders.http import Client, Open, SignedIn, access_to, bearer
from tests.builders.ledgers import settle
from tests.builders.records import START, Town, address, key


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def home(town: Town, tmp_path: Path) -> Iterator[Open]:
    engine = open_engine(tmp_path / "ledger.sqlite")
    upgrade(engine)
    opened = Open(town, Ledger(engine, town.clock), tmp_path / "chain.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def ledger(home: Open) -> Ledger:
    return home.ledger


@pytest.fixture
def client(home: Open) -> Client:
    return Client(create_app(home))


@pytest.fixture
def signed_in(home: Open, tmp_path: Path) -> Iterator[SignedIn]:
    """A client of somebody who is signed in, by name."""
    with access_to(home.ledger, tmp_path) as access:
        app = create_app(home, access=access)
        yield lambda name: Client(app, bearer(access, address(name), key(name)))


@pytest.fixture
def activity(town: Town, ledger: Ledger) -> bytes:
    """The settled town's activity; the ledger then has eight entries."""
    return settle(town, ledger)


@pytest.fixture
def service(town: Town, ledger: Ledger, activity: bytes) -> Record:
    """A credit hour of Ann, in the ledger at index 10 and sealed in batch 1 of size 12."""
    record = town.served(ledger, "org", "ann", activity, START + 90000, 90, content=b"\7" * 32)
    ledger.append(record)
    seal(ledger, town.log_key)
    return record
