"""Nothing that comes of a node that misbehaves holds its address; no wrong answer is believed."""

import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from web3 import Web3
from web3.types import RPCEndpoint

from anchoring import endpoint
from anchoring.address import checked, scrubbed, shown
from anchoring.anchorer import Anchorer
from anchoring.contract import BatchAnchor
from anchoring.deploy import ensure_target, preflight
from anchoring.errors import AnchorError, Fatal, Retry
from anchoring.funding import fund_from_node
from anchoring.once import Once
from anchoring.reader import ChainReader
from anchoring.relay import Relay
from anchoring.web3_chain import connect, send_raw, sign_call, usual_confirmations
from tests.builders.deployments import Deployment, consistency, new_engine
from tests.builders.faulty_nodes import FAULTS, bad_node, secret_url, secrets_in

CONTRACT = "0x" + "00" * 19 + "11"
WORD = "0x" + "11" * 32


def everything_asked(web3: Web3) -> list[Callable[[], Any]]:
    """Every way in which this room asks a node."""
    deployment = Deployment(web3, "")
    contract = BatchAnchor(web3, CONTRACT, CONTRACT, b"\x07" * 32)
    anchor = {
        "chain_id": 31337,
        "contract": CONTRACT,
        "founder": "0x" + "22" * 20,
        "size": 3,
        "transaction": WORD,
        "block_number": 1,
        "block_hash": WORD,
    }
    relay = Relay(lambda: web3, lambda: {CONTRACT}, Once(lambda: True, lambda: 0.0))
    return [
        lambda: Anchorer(deployment.engine, web3, contract, deployment.account, consistency).tick(
            [(3, WORD)]
        ),
        lambda: preflight(web3, contract, CONTRACT),
        lambda: fund_from_node(web3, CONTRACT),
        lambda: sign_call(web3, deployment.account, CONTRACT, "0x", 0),
        lambda: send_raw(web3, b"\x01"),
        contract.has_code,
        contract.keys,
        lambda: contract.status(3),
        lambda: contract.held(3, b"\x01" * 32, 1),
        lambda: contract.disowned(3, b"\x01" * 32),
        lambda: contract.find(3),
        lambda: ChainReader(web3).look_up(anchor, b"\x07" * 32, 3, b"\x01" * 32),
        lambda: usual_confirmations(web3),
        lambda: relay.ask("eth_chainId", []),
        lambda: relay.ask("eth_getCode", [CONTRACT, "latest"]),
        lambda: relay.ask(
            "eth_call", [{"to": CONTRACT, "data": contract.data("status", 3)}, "0x1"]
        ),
        lambda: ensure_target(
            new_engine(), web3, ledger_id=b"\x07" * 32, owner=deployment.owner, anchorer=CONTRACT
        ),
    ]


@pytest.mark.parametrize("fault", FAULTS)
def test_no_error_and_no_log_line_holds_more_of_an_address_than_its_host(
    fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = []
    with bad_node(fault) as node:
        web3 = connect(node.url)
        told += [str(web3.provider), repr(web3.provider)]
        for ask in everything_asked(web3):
            try:
                told.append(repr(ask()))
            except AnchorError:
                told.append(traceback.format_exc())
        web3.provider.close()
    told.append(caplog.text)
    assert secrets_in("\n".join(told)) == []
    assert "http://127.0.0.1" in told[0]


@pytest.mark.parametrize("fault", FAULTS)
def test_no_wrong_answer_is_taken_for_one(fault: str) -> None:
    with bad_node(fault) as node:
        web3 = connect(node.url)
        for ask in everything_asked(web3)[:-1]:
            try:
                found = ask()
            except Retry:
                continue
            state = getattr(found, "state", None)
            assert state == "unreachable" or found == 12 or (found, fault) == (None, "null")
        web3.provider.close()


@pytest.mark.parametrize(
    ("url", "text"),
    [
        (secret_url("node.example:8545"), "http://node.example"),
        ("https://node.example", "https://node.example"),
        ("HTTPS://KEY@NODE.example/", "https://node.example"),
        ("http://[::1]:8545/SECRETAPIKEY", "http://[::1]"),
        ("embedded:/home/alice/chain.sqlite", "embedded demonstration chain"),
        # A password with a / or # ends the host for whoever reads on: nothing of it is shown.
        ("http://alice:hun#ter2@node.example/", "an unreadable address"),
        ("http://alice:hun/ter2@node.example/", "an unreadable address"),
        ("http://alice:hun?ter2@node.example/", "an unreadable address"),
        ("http://[::1/SECRETAPIKEY", "an unreadable address"),
        ("http://node.example:SECRETAPIKEY/", "an unreadable address"),
        ("http:///SECRETAPIKEY", "an unreadable address"),
        ("http://SECRET APIKEY/", "an unreadable address"),
        ("alice:hunter2@node.example/SECRETAPIKEY", "an unreadable address"),
        ("wss://node.example/SECRETAPIKEY", "an unreadable address"),
        ("", "an unreadable address"),
    ],
)
def test_scheme_and_host_of_an_address_are_shown_and_nothing_else(url: str, text: str) -> None:
    assert shown(url) == text
    if text.startswith("http"):
        assert checked(url) == url
    elif not url.startswith("embedded:"):
        with pytest.raises(Fatal) as refused:
            connect(url)
        assert secrets_in("".join(traceback.format_exception(refused.value))) == []


def test_what_a_node_repeats_of_its_address_is_taken_out_and_the_rest_stays() -> None:
    url = "https://us%65r:p%40ssword@node.example/v3/abcd1234?key=zyxw"
    said = "p@ssword p%40ssword user v3 abcd1234 zyxw insufficient funds"
    assert scrubbed(said, url) == "… … … v3 … … insufficient funds"


def test_an_answer_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "ANSWER_MAX", 10)
    with bad_node("echo") as node:
        provider = connect(node.url).provider
        with pytest.raises(Retry, match="too long"):
            provider.make_request(RPCEndpoint("eth_chainId"), [])
        provider.close()
