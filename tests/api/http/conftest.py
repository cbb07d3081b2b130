"""A counter to test at: the application over a real book and the embedded chain."""

import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from eth_account import Account
from eth_account.messages import encode_defunct
from fastapi import FastAPI
from web3 import Web3

from anchoring.anchorer import Anchorer, AnchorState
from anchoring.deploy import ensure_target
from anchoring.journal import anchors_for
from anchoring.web3_chain import close, connect
from api.access.limits import Limits, Rate, limits
from api.access.sessions import Sessions
from api.access.shares import Shares
from api.access.siwe import Audience
from api.access.tokens import Tokens
from api.http.kernel.context import Access
from api.node.migrations.upgrade import upgrade
from api.server import create_app
from api.station.fence import Centre
from api.station.station import Station
from ledger.core.records.record import Record, record_to_json
from ledger.operations.book import Book
from ledger.operations.read import batches
from ledger.operations.seal import seal
from ledger.store.access import open_access
from ledger.store.engine import open_engine
from tests.builders.records import START, Town, address, key, settle
from tests.builders.waiting import PATIENCE


@dataclass
class Open:
    """An open ledger; its chain is connected when it is first anchored."""

    town: Town
    book: Book
    chain_path: Path
    web3: Web3 | None = None
    _anchorer: Anchorer | None = None

    @property
    def log_key(self) -> Ed25519PrivateKey:
        return self.town.log_key

    def anchors_for(self, size: int) -> list[dict[str, Any]]:
        return anchors_for(self.book.engine, size)

    def anchor_pending(self) -> list[AnchorState]:
        if self._anchorer is None:
            self.web3 = connect(f"embedded:{self.chain_path}")
            owner, account = (Account.from_key(bytes((n,)) * 32) for n in (1, 2))
            contract = ensure_target(
                self.book.engine,
                self.web3,
                ledger_id=self.book.ledger_id,
                owner=owner,
                anchorer=account.address,
            )
            self._anchorer = Anchorer(
                self.book.engine,
                self.web3,
                contract,
                self.book.ledger_id,
                account,
                wait_seconds=PATIENCE,
            )
        return self._anchorer.tick([(b.size, b.root) for b in batches(self.book, 0, 2**31)])

    def close(self) -> None:
        self.book.close()
        self.book.engine.dispose()
        if self.web3 is not None:
            close(self.web3)


@contextmanager
def access_to(book: Book, folder: Path) -> Iterator[Access]:
    """Sign-in, tokens and share links beside a book."""
    engine = open_access(folder / "access.sqlite")
    audience = Audience("https://hours.example/v1/sign-in", 1)
    yield Access(
        Sessions(engine, audience, book.clock),
        Tokens(engine, book),
        Shares(engine, book),
    )
    engine.dispose()


def limited(
    calls: int = 1_000_000, records: int = 1_000_000, enrolments: int = 1_000_000
) -> Limits:
    """Limits of a server: so many calls and records a minute, and people who enrol an hour."""
    minute = (Rate(calls, 60), Rate(records, 60), Rate(enrolments, 3600))
    return limits(*minute, clock=time.monotonic_ns)


def wallet_signs(name: str, text: str) -> str:
    """What the wallet of a person of the town answers to `personal_sign`."""
    signed = Account.sign_message(encode_defunct(text=text), key(name))
    return "0x" + bytes(signed.signature).hex()


def bearer(access: Access, address: str, key: bytes) -> dict[str, str]:
    """The header of a session that a key has opened."""
    message = access.sessions.challenge(address)
    signature = Account.sign_message(encode_defunct(text=message), key).signature
    secret = access.sessions.sign_in(message, bytes(signature))
    return {"Authorization": f"Bearer {secret.text}"}


@dataclass
class Client:
    """Speaks HTTP with an application in this process, from a network address; may be shared
    between threads. `headers` are sent with each request."""

    app: FastAPI
    headers: dict[str, str] = field(default_factory=dict)
    host: str = "127.0.0.1"

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return anyio.run(self._request, method, path, options)

    async def _request(self, method: str, path: str, options: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, client=(self.host, 1))
        options = {**options, "headers": {**self.headers, **(options.get("headers") or {})}}
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(
        self,
        content: bytes | AsyncIterator[bytes] | Record | dict[str, Any],
        media_type: str = "application/json",
        **headers: str,
    ) -> httpx.Response:
        """Append one record."""
        if isinstance(content, Record):
            content = record_to_json(content)
        if isinstance(content, dict):
            content = json.dumps(content).encode()
        stated = {"Content-Type": media_type, **headers}
        return self.request("POST", "/v1/records", content=content, headers=stated)

    def bulk(self, content: bytes | AsyncIterator[bytes]) -> list[dict[str, Any]]:
        """Append lines; the answers."""
        headers = {"Content-Type": "application/x-ndjson"}
        answer = self.request("POST", "/v1/records:batch", content=content, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/x-ndjson"
        return [json.loads(line) for line in answer.text.splitlines()]


def station_for(book: Book) -> Station:
    """A station whose key the settled town lets witness; it knows one place, at 30 N 120 E."""
    return Station(
        book, key("station"), key("station secret"), lambda *_: Centre(30_000_000, 120_000_000)
    )


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


SignedIn = Callable[[str], Client]


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
