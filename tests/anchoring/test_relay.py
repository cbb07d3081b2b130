"""The relay answers what a verifier asks about the ledger's own contracts, and nothing else."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from eth_hash.auto import keccak
from web3.providers import BaseProvider
from web3.types import RPCEndpoint, RPCResponse

from anchoring.errors import NotRelayed, Retry
from anchoring.once import MOMENT, PRESENT_MAX, Once
from anchoring.relay import Relay
from anchoring.web3_chain import close, connect
from tests.builders.deployments import Deployment, root_of
from tests.builders.faulty_nodes import bad_node
from tests.builders.waiting import PATIENCE, until

SIZE = 5
STATUS = "0x" + keccak(b"status(address,bytes32,uint64)")[:4].hex() + "00" * 96


def relay_of(deployment: Deployment) -> Relay:
    return Relay(
        lambda: deployment.web3, lambda: {deployment.contract}, Once(lambda: True, lambda: 0.0)
    )


def answers(deployment: Deployment, ask: Any) -> dict[str, Any]:
    anchor = deployment.anchor_of(SIZE)
    call = {"to": deployment.contract, "data": deployment.place.data("status", SIZE)}
    questions: dict[str, list[Any]] = {
        "eth_chainId": [],
        "eth_blockNumber": [],
        "eth_getCode": [deployment.contract, "latest"],
        "eth_call": [call, hex(int(str(anchor["block_number"])))],
    }
    return {method: ask(method, params) for method, params in questions.items()}


def test_its_answers_are_the_nodes(real: Deployment) -> None:
    real.states(3, SIZE)
    relayed = answers(real, relay_of(real).ask)
    told = answers(real, lambda method, params: real.rpc(method, *params))
    assert relayed == told
    root = root_of(SIZE)
    call = {"to": real.contract, "data": real.place.data("disownedRoot", SIZE, root)}
    assert relay_of(real).ask("eth_call", [call, "latest"]).startswith("0x" + "00" * 32)


def test_a_demonstration_says_that_it_is_one(deployment: Deployment) -> None:
    deployment.states(SIZE)
    assert "demonstration" in relay_of(deployment).ask("web3_clientVersion", [])
    assert len(answers(deployment, relay_of(deployment).ask)["eth_call"]) == 2 + 9 * 64


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("eth_sendRawTransaction", ["0x00"]),
        ("eth_accounts", []),
        ("eth_chainId", [1]),
        ("eth_getCode", ["0x" + "11" * 20, "latest"]),
        ("eth_getCode", [None, "latest"]),
        ("eth_call", [{"to": "CONTRACT", "data": "0x00"}, "latest"]),
        ("eth_call", [{"to": "CONTRACT", "data": "0x" + "00" * 100, "gas": "0x1"}, "latest"]),
        ("eth_call", [[], "latest"]),
        ("eth_call", [{"to": "CONTRACT", "data": "0x" + "00" * 100}, "earliest"]),
        ("eth_getTransactionByHash", ["0x" + "11" * 32]),
        ("eth_getTransactionReceipt", ["0x" + "11" * 32]),
        ("eth_getBlockByNumber", ["0x1", False]),
        ("eth_call", [{"to": "CONTRACT", "data": STATUS}, "0x1" + "00" * 8]),
        ("eth_call", [{"to": "CONTRACT", "data": STATUS + "00" * 32}, "latest"]),
        ("eth_call", [{"to": "CONTRACT", "data": STATUS[:-2]}, "latest"]),
        ("eth_call", [{"to": "0x" + "11" * 20, "data": STATUS}, "latest"]),
    ],
)
def test_no_other_question_is_passed_on(
    deployment: Deployment, method: str, params: list[Any]
) -> None:
    for place in params:
        if isinstance(place, dict) and place.get("to") == "CONTRACT":
            place["to"] = deployment.contract
    with pytest.raises(NotRelayed):
        relay_of(deployment).ask(method, params)


class Counting(BaseProvider):
    """Stands before a room's node, counts the questions and passes them on when it may."""

    def __init__(self, deployment: Deployment) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()
        self.open = threading.Event()
        self.open.set()
        self.node, deployment.web3.provider = deployment.web3.provider, self

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        self.asked[method] += 1
        assert self.open.wait(PATIENCE)
        return self.node.make_request(method, params)

    def close(self) -> None:
        self.node.close()


def test_equal_questions_reach_the_node_once_while_the_answer_may_not_change(
    real: Deployment,
) -> None:
    real.states(3, SIZE)
    node, now = Counting(real), [0.0]
    relay = Relay(lambda: real.web3, lambda: {real.contract}, Once(lambda: True, lambda: now[0]))
    for _ in range(114):
        answers(real, relay.ask)
    assert node.asked == dict.fromkeys(answers(real, relay.ask), 1)
    # What may change is asked again soon, what may not is not.
    now[0] = MOMENT + 0.1
    answers(real, relay.ask)
    assert (node.asked["eth_blockNumber"], node.asked["eth_call"]) == (2, 2)
    assert (node.asked["eth_chainId"], node.asked["eth_getCode"]) == (1, 1)


def test_who_asks_the_same_at_the_same_time_shares_one_answer(real: Deployment) -> None:
    node, relay = Counting(real), relay_of(real)
    node.open.clear()
    with ThreadPoolExecutor(PRESENT_MAX) as pool:
        asked = [pool.submit(relay.ask, "eth_blockNumber", []) for _ in range(PRESENT_MAX)]
        until(lambda: relay._kept._present == PRESENT_MAX)
        with pytest.raises(Retry, match="at once"):
            relay.ask("eth_chainId", [])
        node.open.set()
        assert len({future.result() for future in asked}) == 1
    assert node.asked == {"eth_blockNumber": 1}
    assert relay.ask("eth_chainId", []) == hex(31337), "there is room again"


def test_all_visitors_together_have_one_budget(real: Deployment) -> None:
    real.states(SIZE)
    node, budget = Counting(real), iter([True] * 3)
    relay = Relay(
        lambda: real.web3, lambda: {real.contract}, Once(lambda: next(budget, False), lambda: 0.0)
    )
    refused = 0
    for number in range(20):
        try:
            call = {"to": real.contract, "data": real.place.data("status", number)}
            relay.ask("eth_call", [call, "latest"])
        except Retry:
            refused += 1
    assert (node.asked.total(), refused) == (3, 17)
    with pytest.raises(NotRelayed):
        relay.ask("eth_accounts", [])


def test_a_node_in_trouble_is_left_alone_for_a_moment() -> None:
    with bad_node("500") as node:
        web3, now = connect(node.url), [0.0]
        relay = Relay(lambda: web3, set, Once(lambda: True, lambda: now[0]))
        for _ in range(114):
            with pytest.raises(Retry):
                relay.ask("eth_blockNumber", [])
        assert len(node.asked) == 1
        now[0] = MOMENT + 0.1
        with pytest.raises(Retry):
            relay.ask("eth_blockNumber", [])
        assert len(node.asked) == 2
        close(web3)
