"""The library's reader of chains makes of each published answer what is published."""

from typing import Any

import pytest
from eth_hash.auto import keccak
from web3 import Web3
from web3.providers import BaseProvider
from web3.types import RPCEndpoint, RPCResponse

from anchoring.contract import artifact
from anchoring.reader import ChainReader
from ledger.core.format.structs import decode_body
from ledger.core.kinds.constitution import Target
from ledger.core.records.charters import Root
from ledger.core.verify.anchor import AnchorFinding, ask_chain
from ledger.core.verify.checks import Run, verdict_of
from tests.builders.records import Town
from tests.vectors import anchors

SIZE, DEPTH = 5, 12


class Told(BaseProvider):
    """A node that answers as a vector says."""

    def __init__(self, node: dict[str, Any]) -> None:
        super().__init__()
        self.node = node

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        node = self.node
        if method == "eth_call":
            call, block = params
            status = call["data"].startswith(STATUS)
            answer = node["latest" if block == "latest" else "deep"] if status else node["disowned"]
        else:
            answer = {
                "eth_chainId": hex(node["chain_id"]),
                "eth_blockNumber": hex(node["head"]),
                "eth_getCode": CODE if node["code"] == "known" else node["code"],
            }[method]
        return {"id": 1, "jsonrpc": "2.0", "result": answer}


ROOT = Root(Town(targets=(decode_body(Target, anchors.TARGET),)).body)
CODE = "0x" + artifact().runtime.hex()
STATUS = "0x" + keccak(b"status(address,bytes32,uint64)")[:4].hex()


def found(vector: dict[str, Any]) -> tuple[AnchorFinding, str]:
    web3 = Web3(Told(vector["node"]))
    web3.middleware_onion.remove("validation")
    pinned, final = vector["pinned"], vector["final"]
    reader = ChainReader(web3, confirmations=DEPTH, contract=pinned, final=final)
    root, ledger = (bytes.fromhex(text[2:]) for text in (anchors.ROOT, anchors.LEDGER))
    finding = reader.look_up(vector["anchor"], ledger, SIZE, root)
    run = Run(("anchor",))
    head = type("Head", (), {"size": SIZE, "root": root})
    judged = ask_chain(run, [vector["anchor"]], ROOT, ledger, head, reader)  # type: ignore[arg-type]
    return finding, verdict_of(run.all(), [vector["anchor"]], judged)


@pytest.mark.parametrize("vector", anchors.rows(), ids=lambda vector: vector["name"])
def test_each_published_row_is_found(vector: dict[str, Any]) -> None:
    finding, verdict = found(vector)
    expected = vector["finding"]
    assert (finding.state, finding.reason) == (expected["state"], expected["reason"])
    assert finding.block_time == expected["block_time"]
    assert verdict == vector["verdict"]


def test_what_is_published_is_what_is_made() -> None:
    assert anchors.FILE.read_text(encoding="utf-8") == anchors.rendered()
