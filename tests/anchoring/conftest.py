"""Rooms to test in: a ledger opened on the embedded chain, and one on a real anvil node."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_typing import HexStr
from sqlalchemy import Engine
from sqlmodel import SQLModel, create_engine
from web3 import Web3
from web3.types import RPCEndpoint

from anchoring.anchorer import Anchorer
from anchoring.contract import artifact
from anchoring.deploy import deploy, ensure_target, open_ledger
from anchoring.journal import anchors_for
from anchoring.reader import ChainReader
from anchoring.web3_chain import close, connect, send_and_wait
from tests.builders.nodes import Node, start_anvil
from tests.builders.waiting import PATIENCE

NOW = 1_800_000_000


def root_of(size: int) -> bytes:
    """A root that names its size, so a mixed-up one shows."""
    return size.to_bytes(32, "big")


def new_engine() -> Engine:
    """An empty database with the journal's tables."""
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    return engine


@dataclass
class Room:
    """One ledger on one chain."""

    web3: Web3
    url: str
    engine: Engine = field(default_factory=new_engine)
    ledger_id: bytes = b"\x07" * 32
    owner: LocalAccount = field(default_factory=lambda: Account.from_key(b"\x01" * 32))
    account: LocalAccount = field(default_factory=lambda: Account.from_key(b"\x02" * 32))
    contract: str = ""

    def settle(self) -> "Room":
        self.contract = ensure_target(
            self.engine,
            self.web3,
            ledger_id=self.ledger_id,
            owner=self.owner,
            anchorer=self.account.address,
            contract=self.contract or None,
        )
        return self

    def anchorer(self, **options: object) -> Anchorer:
        return Anchorer(
            self.engine,
            self.web3,
            self.contract,
            self.ledger_id,
            self.account,
            **{"wait_seconds": PATIENCE, **options},
        )

    def batches(self, *sizes: int) -> list[tuple[int, bytes]]:
        return [(size, root_of(size)) for size in sizes]

    def states(self, *sizes: int, **options: object) -> list[str]:
        return [s.state for s in self.anchorer(**options).tick(self.batches(*sizes))]

    def anchor_of(self, size: int) -> dict[str, object]:
        (anchor,) = anchors_for(self.engine, size)
        return anchor

    def look_up(self, size: int, anchor: dict[str, object], **options: object) -> str:
        reader = ChainReader(self.web3, **options)
        return reader.look_up(anchor, self.ledger_id, size, root_of(size)).state

    def as_owner(self, name: str, *args: object) -> None:
        self.call(self.owner, name, *args)

    def call(self, account: LocalAccount, name: str, *args: object) -> None:
        abi = self.web3.eth.contract(abi=artifact().abi)
        data = abi.encode_abi(name, args=[self.ledger_id, *args])
        send_and_wait(self.web3, account, self.contract, HexStr(data))

    def nonce(self) -> int:
        """Number of the anchorer's transactions on the chain."""
        return self.web3.eth.get_transaction_count(self.account.address)

    def rpc(self, method: str, *params: object) -> object:
        answer = self.web3.provider.make_request(RPCEndpoint(method), list(params))
        assert "error" not in answer, answer
        return answer["result"]

    def add_block(self) -> None:
        faucet = self.web3.eth.accounts[0]
        self.web3.eth.send_transaction({"from": faucet, "to": faucet, "value": 1})


@pytest.fixture
def chain_path(tmp_path: Path) -> Path:
    return tmp_path / "chain.db"


@pytest.fixture
def make_room() -> Iterator[Callable[..., Room]]:
    rooms: list[Room] = []

    def make(url: str, **options: object) -> Room:
        room = Room(connect(url), url, **options)
        rooms.append(room)
        return room

    yield make
    for room in rooms:
        close(room.web3)
        room.engine.dispose()


@pytest.fixture
def room(chain_path: Path, make_room: Callable[..., Room]) -> Room:
    return make_room(f"embedded:{chain_path}").settle()


@pytest.fixture
def start_node(tmp_path: Path) -> Iterator[Callable[..., Node]]:
    nodes: list[Node] = []

    def start(chain_id: int = 31337) -> Node:
        nodes.append(start_anvil(tmp_path, chain_id))
        return nodes[-1]

    yield start
    for node in nodes:
        if node.process.poll() is None:
            node.stop()


@pytest.fixture
def node(start_node: Callable[..., Node]) -> Node:
    return start_node()


@pytest.fixture
def real(node: Node, make_room: Callable[..., Room]) -> Room:
    """A ledger opened on anvil."""
    room = make_room(node.url)
    for address in (room.owner.address, room.account.address):
        room.rpc("anvil_setBalance", address, hex(10**20))
    room.contract = deploy(room.web3, room.owner)
    open_ledger(room.web3, room.contract, room.ledger_id, room.owner, room.account.address)
    return room.settle()
