"""The relay answers what a verifier asks about the ledger's own contracts, and nothing else."""

from typing import Any

import pytest
from eth_hash.auto import keccak

from anchoring.errors import NotRelayed
from anchoring.relay import Relay
from tests.anchoring.conftest import Room

SIZE = 5


def relay_of(room: Room) -> Relay:
    return Relay(lambda: room.web3, lambda: {room.contract})


def answers(room: Room, ask: Any) -> dict[str, Any]:
    anchor = room.anchor_of(SIZE)
    selector = keccak(b"status(bytes32,uint64,uint64)")[:4]
    call = {"to": room.contract, "data": "0x" + (selector + bytes(96)).hex()}
    questions: dict[str, list[Any]] = {
        "eth_chainId": [],
        "eth_blockNumber": [],
        "eth_getCode": [room.contract, "latest"],
        "eth_call": [call, "latest"],
        "eth_getTransactionByHash": [anchor["transaction"]],
        "eth_getTransactionReceipt": [anchor["transaction"]],
        "eth_getBlockByNumber": [hex(int(str(anchor["block_number"]))), False],
    }
    return {method: ask(method, params) for method, params in questions.items()}


def test_its_answers_are_the_nodes(real: Room) -> None:
    real.states(3, SIZE)
    relayed = answers(real, relay_of(real).ask)
    told = answers(real, lambda method, params: real.rpc(method, *params))
    for method, answer in relayed.items():
        if isinstance(answer, dict):
            node = {name: told[method][name] for name in answer}
            node |= {"to": answer["to"]} if "to" in answer else {}
            if "logs" in answer:
                node["logs"] = [
                    {name: log[name] for name in ("address", "topics", "data")}
                    for log in node["logs"]
                ]
                for log in (*answer["logs"], *node["logs"]):
                    log["address"] = log["address"].lower()
            assert answer == node, method
        else:
            assert answer == told[method], method
    assert relay_of(real).ask("eth_getTransactionByHash", ["0x" + "11" * 32]) is None
    assert relay_of(real).ask("eth_getTransactionReceipt", ["0x" + "11" * 32]) is None


def test_a_demonstration_says_that_it_is_one(room: Room) -> None:
    room.states(SIZE)
    assert "demonstration" in relay_of(room).ask("web3_clientVersion", [])
    assert answers(room, relay_of(room).ask)["eth_getTransactionReceipt"]["status"] == "0x1"


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
        ("eth_getTransactionByHash", ["0x11"]),
        ("eth_getTransactionByHash", ["0x" + "zz" * 32]),
        ("eth_getTransactionByHash", [{}]),
        ("eth_getBlockByNumber", ["latest", False]),
    ],
)
def test_no_other_question_is_passed_on(room: Room, method: str, params: list[Any]) -> None:
    for place in params:
        if isinstance(place, dict) and place.get("to") == "CONTRACT":
            place["to"] = room.contract
    with pytest.raises(NotRelayed):
        relay_of(room).ask(method, params)
