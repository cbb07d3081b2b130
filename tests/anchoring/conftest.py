"""Rooms to test in: a ledger opened on the embedded chain, and one on a real anvil node."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from anchoring.deploy import deploy, open_ledger
from anchoring.web3_chain import close, connect
from tests.builders.deployments import Room
from tests.builders.nodes import Node, start_anvil


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
