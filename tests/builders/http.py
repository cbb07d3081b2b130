"""A ledger that is open, and clients of its server in this process."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from eth_account import Account
from eth_account.messages import encode_defunct
from fastapi import FastAPI
from web3 import Web3

from anchoring.anchorer import Anchorer, AnchorState
from anchoring.deploy import ensure_target
from anchoring.journal import anchors_for, anchors_within
from anchoring.web3_chain import close, connect
from api.access.limits import Limits, Rate, limits
from api.access.sessions import Sessions
from api.access.shares import Shares
from api.access.siwe import Audience
from api.access.tokens import Tokens
from api.http.kernel.context import Access
from api.node.witnesses import gather
from api.station.fence import Centre
from api.station.station import Station
from ledger.core.records.record import Record, record_to_json
from ledger.core.trees.witness_policy import WitnessPolicy
from ledger.operations.ledger import Ledger
from ledger.operations.read import batches, consistency
from ledger.store.access import open_access
from tests.builders.deployments import anchor_each
from tests.builders.records import Town, address, key
from tests.builders.waiting import PATIENCE


@dataclass
class Open:
    """An open ledger; its chain is connected when it is first anchored."""

    town: Town
    ledger: Ledger
    chain_path: Path
    web3: Web3 | None = None
    witnesses: WitnessPolicy | None = None
    _anchorer: Anchorer | None = None

    @property
    def log_key(self) -> Ed25519PrivateKey:
        return self.town.log_key

    @property
    def batch_seconds(self) -> float:
        return 5.0

    def anchors_for(self, size: int) -> list[dict[str, Any]]:
        return anchors_for(self.ledger.engine, size)

    def anchors_within(self, smallest: int, largest: int) -> list[dict[str, Any]]:
        return anchors_within(self.ledger.engine, smallest, largest)

    def gather_cosignatures(self) -> None:
        if self.witnesses is not None:
            gather(self.ledger, self.witnesses, self.town.clock)

    def anchor_pending(self, *, each: bool = True) -> list[AnchorState]:
        """Anchor batch by batch, or the newest, which covers the others."""
        if self._anchorer is None:
            self.web3 = connect(f"embedded:{self.chain_path}", new_id=self.town.targets[0].chain_id)
            owner, account = (Account.from_key(bytes((n,)) * 32) for n in (1, 2))
            place = ensure_target(
                self.ledger.engine,
                self.web3,
                ledger_id=self.ledger.ledger_id,
                owner=owner,
                anchorer=account.address,
            )
            self._anchorer = Anchorer(
                self.ledger.engine,
                self.web3,
                place,
                account,
                partial(consistency, self.ledger),
                wait_seconds=PATIENCE,
            )
        sealed = [(b.size, b.root) for b in batches(self.ledger, 0, 2**31)]
        return anchor_each(self._anchorer, sealed) if each else self._anchorer.tick(sealed)

    def close(self) -> None:
        self.ledger.close()
        self.ledger.engine.dispose()
        if self.web3 is not None:
            close(self.web3)


@contextmanager
def access_to(ledger: Ledger, folder: Path) -> Iterator[Access]:
    """Sign-in, tokens and share links beside a ledger."""
    engine = open_access(folder / "access.sqlite")
    audience = Audience("https://hours.example/v1/sign-in", 1)
    yield Access(
        Sessions(engine, audience, ledger.clock),
        Tokens(engine, ledger),
        Shares(engine, ledger),
    )
    engine.dispose()


def limited(
    calls: int = 1_000_000, records: int = 1_000_000, enrolments: int = 1_000_000
) -> Limits:
    """Limits of a server: so many calls and records a minute, and people who enrol an hour. Their
    time stands still: what is used up stays so, however long a test takes."""
    minute = (Rate(calls, 60), Rate(records, 60), Rate(enrolments, 3600))
    return limits(*minute, clock=lambda: 0)


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


@dataclass
class Caller:
    """Calls routes of a ledger's server, signed in as people of the town."""

    client: Client

    def ask(self, method: str, path: str, name: str = "", **body: Any) -> Any:
        """Call a route, signed in as somebody if named."""
        options: dict[str, Any] = {"json": body} if body else {}
        if name:
            options["headers"] = {"Authorization": f"Bearer {self.signed_in(name)}"}
        return self.client.request(method, "/v1" + path, **options)

    def signed_in(self, name: str) -> str:
        message = self.ask("POST", "/sign-in/challenge", address=address(name)).json()["message"]
        signature = wallet_signs(name, message)
        answer = self.ask("POST", "/sign-in", message=message, signature=signature)
        return str(answer.json()["secret"])


def station_for(ledger: Ledger) -> Station:
    """A station whose key the settled town lets witness; it knows one place, at 30 N 120 E."""
    return Station(
        ledger, key("station"), key("station secret"), lambda *_: Centre(30_000_000, 120_000_000)
    )


SignedIn = Callable[[str], Client]

CHUNK = b" " * 65536


class Stream:
    """A body that comes in chunks for ever (or `size` bytes long) and counts what was taken."""

    def __init__(self, size: int, chunk: bytes = CHUNK) -> None:
        self.size, self.chunk, self.taken = size, chunk, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.taken < self.size:
            self.taken += len(self.chunk)
            yield self.chunk
