"""Which contracts are ours is said by a list that only grows."""

import pytest
from eth_typing import HexStr

from anchoring.contract import BatchAnchor, artifact
from anchoring.deploy import open_ledger, preflight
from anchoring.known_code import KNOWN_CODE, is_known
from anchoring.web3_chain import send_and_wait
from tests.builders.codes import NOTE, forgeries, notes
from tests.builders.deployments import Deployment

RELEASED = ("0x45e9ca4fe9c52faab9bb4656c528fd19ee72f6c61c417547e2297d2db2fffdba",)
"""To be added to when a contract is released; what stands here is anchored by for ever."""


def test_no_code_ever_leaves_the_list() -> None:
    assert KNOWN_CODE[: len(RELEASED)] == RELEASED


def test_what_is_deployed_is_known_and_nothing_behind_it_is_reached() -> None:
    runtime = artifact().runtime
    assert is_known(runtime)
    assert len(runtime) - 2 - int.from_bytes(runtime[-2:], "big") == len(runtime) - NOTE
    assert runtime[-NOTE - 1] == 0xFE, "INVALID stands before the note"


@pytest.mark.parametrize("code", list(notes()))
def test_another_note_makes_no_other_contract(code: bytes) -> None:
    assert code != artifact().runtime
    assert is_known(code)


@pytest.mark.parametrize("code", list(forgeries()))
def test_no_other_code_is_taken_for_it(code: bytes) -> None:
    assert not is_known(code)


def test_a_comment_in_the_sources_disowns_no_anchor(deployment: Deployment) -> None:
    """Deployed by a release whose sources had another comment, it is anchored to and believed."""
    code = artifact().runtime
    (other, *_) = notes()
    creation = artifact().bytecode.replace(code.hex(), other.hex())
    assert creation != artifact().bytecode
    web3, owner, anchorer = deployment.web3, deployment.owner, deployment.account.address
    receipt = send_and_wait(web3, owner, None, HexStr(creation))
    deployment.contract = str(receipt["contractAddress"])
    assert not BatchAnchor(web3, deployment.contract).keys(deployment.ledger_id).owner.strip("0x")
    open_ledger(web3, deployment.contract, deployment.ledger_id, owner, anchorer)
    preflight(web3, deployment.contract, deployment.ledger_id, anchorer)
    (made,) = deployment.anchorer().tick(deployment.batches(3))
    anchor = {
        "chain_id": web3.eth.chain_id,
        "contract": deployment.contract,
        "epoch": made.epoch,
        "size": made.size,
        "transaction": made.transaction,
        "block_number": made.block_number,
        "block_hash": made.block_hash,
    }
    assert (made.state, deployment.look_up(3, anchor)) == ("final", "final")
