"""The application over a real book and the embedded chain."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.node.migrations.upgrade import upgrade
from api.server.app import create_app
from ledger.core.records.record import Record
from ledger.operations.book import Book
from ledger.operations.seal import seal
from ledger.store.engine import open_engine
from tests.builders.http import Client, Open, SignedIn, access_to, bearer
from tests.builders.ledgers import settle
from tests.builders.records import START, Town, address, key


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def ledger(town: Town, tmp_path: Path) -> Iterator[Open]:
    engine = open_engine(tmp_path / "ledger.sqlite")
    upgrade(engine)
    opened = Open(town, Book(engine, town.clock), tmp_path / "chain.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def book(ledger: Open) -> Book:
    return ledger.book


@pytest.fixture
def client(ledger: Open) -> Client:
    return Client(create_app(ledger))


@pytest.fixture
def signed_in(ledger: Open, tmp_path: Path) -> Iterator[SignedIn]:
    """A client of somebody who is signed in, by name."""
    with access_to(ledger.book, tmp_path) as access:
        app = create_app(ledger, access=access)
        yield lambda name: Client(app, bearer(access, address(name), key(name)))


@pytest.fixture
def activity(town: Town, book: Book) -> bytes:
    """The settled town's activity; the book then has eight entries."""
    return settle(town, book)


@pytest.fixture
def service(town: Town, book: Book, activity: bytes) -> Record:
    """A credit hour of Ann, in the book at index 10 and sealed in batch 1 of size 12."""
    record = town.served(book, "org", "ann", activity, START + 90000, 90, content=b"\7" * 32)
    book.append(record)
    seal(book, town.log_key)
    return record
