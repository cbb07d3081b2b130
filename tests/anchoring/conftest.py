"""A ledger opened on the embedded chain, and one on a real anvil node."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from anchoring.deploy import deploy, open_ledger
from anchoring.web3_chain import close, connect
from tests.builders.deployments import Deployment
from tests.builders.nodes import Node, start_anvil


@pytest.fixture
def chain_path(tmp_path: Path) -> Path:
    return tmp_path / "chain.db"


@pytest.fixture
def make_deployment() -> Iterator[Callable[..., Deployment]]:
    deployments: list[Deployment] = []

    def make(url: str, **options: object) -> Deployment:
        deployment = Deployment(connect(url), url, **options)
        deployments.append(deployment)
        return deployment

    yield make
    for deployment in deployments:
        close(deployment.web3)
        deployment.engine.dispose()


@pytest.fixture
def deployment(chain_path: Path, make_deployment: Callable[..., Deployment]) -> Deployment:
    return make_deployment(f"embedded:{chain_path}").settle()


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
def real(node: Node, make_deployment: Callable[..., Deployment]) -> Deployment:
    """A ledger opened on anvil."""
    deployment = make_deployment(node.url)
    for address in (deployment.owner.address, deployment.account.address):
        deployment.rpc("anvil_setBalance", address, hex(10**20))
    deployment.contract = deploy(deployment.web3, deployment.owner)
    open_ledger(
        deployment.web3,
        deployment.contract,
        deployment.ledger_id,
        deployment.owner,
        deployment.account.address,
    )
    return deployment.settle()
