"""The reader believes an anchor only if the contract holds the root; the rest of it are hints."""

import pytest

from anchoring.contract import artifact
from anchoring.reader import ChainReader
from anchoring.web3_chain import send_and_wait
from tests.builders.deployments import consistency, root_of

SIZE = 5


@pytest.fixture
def anchored(deployment):
    deployment.states(3, SIZE)
    return deployment


def change(deployment, **fields: object) -> dict[str, object]:
    return {**deployment.anchor_of(SIZE), **fields}


def test_an_honest_anchor_stands_and_is_timed(anchored):
    anchor = anchored.anchor_of(SIZE)
    finding = ChainReader(anchored.web3, contract=anchored.contract).look_up(
        anchor, anchored.ledger_id, SIZE, root_of(SIZE)
    )
    block = anchored.web3.eth.get_block(anchor["block_number"])
    assert (finding.state, finding.block_time) == ("settling", block["timestamp"])


def test_too_few_confirmations_are_mined(anchored):
    anchor = anchored.anchor_of(SIZE)
    assert anchored.look_up(SIZE, anchor, confirmations=2) == "mined"
    anchored.add_block()
    assert anchored.look_up(SIZE, anchor, confirmations=2) == "settling"


@pytest.mark.parametrize(
    ("field", "value", "state"),
    [
        ("chain_id", 1, "unreachable"),
        ("contract", "0x" + "00" * 20, "unreachable"),
        ("founder", "0x" + "00" * 20, "absent"),
        ("size", 3, "contradicted"),
        ("size", 6, "contradicted"),
        ("block_hash", "0x" + "AA" * 32, "contradicted"),
        ("transaction", "0x11", "contradicted"),
        ("transaction", 17, "contradicted"),
        ("size", True, "contradicted"),
        ("size", "5", "contradicted"),
        ("founder", None, "contradicted"),
        ("founder", "0x" + "aB" * 20, "contradicted"),
        ("block_number", -1, "contradicted"),
        ("chain_id", 2**64, "contradicted"),
        ("surplus", 1, "contradicted"),
    ],
)
def test_a_changed_field_is_not_believed(anchored, field, value, state):
    assert anchored.look_up(SIZE, change(anchored, **{field: value})) == state


def test_hints_judge_nothing(anchored):
    """Who changes them, or has a file of before a reorganisation, changes no verdict."""
    other, honest = anchored.anchor_of(3), anchored.anchor_of(SIZE)
    for hints in (
        {"transaction": "0x" + "11" * 32},
        {"block_number": 1},
        {"block_number": 10**9},
        {"block_hash": "0x" + "11" * 32},
        {name: other[name] for name in ("transaction", "block_number", "block_hash")},
    ):
        assert anchored.look_up(SIZE, {**honest, **hints}) == "settling", hints
        # What is not there is not there, whatever the hints say.
        nothing = {**honest, **hints, "founder": "0x" + "00" * 20}
        assert anchored.look_up(SIZE, nothing) in ("absent", "unreachable"), hints


def test_no_hint_makes_an_anchor_deeper_or_older_than_it_is(anchored):
    honest, other = anchored.anchor_of(SIZE), anchored.anchor_of(3)
    reader = ChainReader(anchored.web3, confirmations=3)
    time = anchored.web3.eth.get_block(honest["block_number"])["timestamp"]
    for blocks, state in enumerate(("mined", "mined", "settling")):
        for hints in ({}, other, {"transaction": "0x" + "11" * 32}, {"block_number": 0}):
            claim = {**honest, **hints, "size": SIZE}
            finding = reader.look_up(claim, anchored.ledger_id, SIZE, root_of(SIZE))
            assert (finding.state, finding.block_time) == (state, time), (blocks, hints)
        anchored.add_block()


def test_a_contract_younger_than_the_depth_asked_for_is_no_error(anchored):
    """As of the block that is asked about, nothing was there."""
    head = anchored.web3.eth.block_number
    assert anchored.look_up(SIZE, anchored.anchor_of(SIZE), confirmations=head) == "mined"
    assert anchored.look_up(SIZE, anchored.anchor_of(SIZE), confirmations=head + 5) == "mined"


def test_a_node_that_is_behind_says_nothing(anchored):
    """Its head is below the anchor's block: neither that nothing is there, nor that there is no
    contract, is a finding."""
    head = anchored.web3.eth.block_number
    reader = ChainReader(anchored.web3)
    for claim, size in (
        (change(anchored, block_number=head + 1, size=8), 8),
        (change(anchored, block_number=head + 1, contract="0x" + "00" * 20), SIZE),
    ):
        finding = reader.look_up(claim, anchored.ledger_id, size, root_of(size))
        expected = f"the node is at block {head}, the anchor is of block {head + 1}"
        assert (finding.state, finding.reason) == ("unreachable", expected)
    assert anchored.look_up(8, change(anchored, block_number=head, size=8)) == "absent"


@pytest.mark.parametrize(
    "field",
    ["chain_id", "contract", "founder", "size", "transaction", "block_number", "block_hash"],
)
def test_a_missing_field_is_not_believed(anchored, field):
    anchor = anchored.anchor_of(SIZE)
    del anchor[field]
    assert anchored.look_up(SIZE, anchor) == "contradicted"


def test_an_address_without_checksum_is_not_believed(anchored):
    for name in ("contract", "founder"):
        anchor = change(anchored, **{name: anchored.anchor_of(SIZE)[name].lower()})
        assert anchored.look_up(SIZE, anchor) == "contradicted"


def test_the_whole_anchor_of_another_batch_is_not_believed(anchored):
    assert anchored.look_up(SIZE, anchored.anchor_of(3)) == "contradicted"


def test_another_root_or_ledger_is_not_believed(anchored):
    reader, anchor = ChainReader(anchored.web3), anchored.anchor_of(SIZE)
    root = root_of(SIZE)
    assert reader.look_up(anchor, anchored.ledger_id, SIZE, b"\1" * 32).state == "contested"
    assert reader.look_up(anchor, b"\1" * 32, SIZE, root).state == "absent"


def test_a_contract_that_is_not_the_known_one_is_not_believed(anchored):
    known = "0x" + "00" * 20
    assert anchored.look_up(SIZE, anchored.anchor_of(SIZE), contract=known) == "unreachable"


def test_a_contract_with_other_code_is_not_believed(anchored):
    """Code that answers anything: PUSH0 PUSH0 RETURN behind a five-byte deployment."""
    answering = "0x625f5ff35f526003601df3"
    receipt = send_and_wait(anchored.web3, anchored.owner, None, answering)
    anchor = change(anchored, contract=receipt["contractAddress"])
    assert bytes(anchored.web3.eth.get_code(anchor["contract"])) == bytes.fromhex("5f5ff3")
    assert anchored.look_up(SIZE, anchor) == "unreachable"


def test_an_anchor_through_another_contract_is_what_the_contract_holds(anchored):
    """A contract that forwards what it is sent: CALLDATACOPY, CALL, and REVERT if that fails."""
    forward = f"365f5f375f5f365f5f73{anchored.contract[2:].lower()}5af16026575f5ffd5b00"
    size = len(forward) // 2
    deployment = f"0x60{size:02x}80600a5f395ff3" + "00" + forward
    receipt = send_and_wait(anchored.web3, anchored.owner, None, deployment)
    forwarder = receipt["contractAddress"]
    anchored.as_owner("proposeAnchorer", forwarder)
    send_and_wait(anchored.web3, anchored.owner, forwarder, anchored.place.data("acceptAnchorer"))
    data = anchored.place.anchor_data(8, root_of(8), consistency(SIZE, 8))
    receipt = send_and_wait(anchored.web3, anchored.owner, forwarder, data)
    assert anchored.place.emitted(receipt, 8, root_of(8))
    assert anchored.look_up(8, anchored.claim(8)) == "settling"


@pytest.mark.parametrize(
    ("asked", "states"),
    [
        ("eth_call", {"unreachable"}),
        ("eth_getCode", {"unreachable"}),
        ("eth_blockNumber", {"unreachable"}),
    ],
)
def test_a_garbled_answer_is_unreachable(anchored, monkeypatch, asked, states):
    anchor = anchored.anchor_of(SIZE)
    provider = anchored.web3.provider
    honest = provider.make_request

    for answer in (None, "0x", {}, [], {"result": 1}):

        def garbled(method: str, params: object, answer: object = answer) -> object:
            if method == asked:
                return {"id": 1, "jsonrpc": "2.0", "result": answer}
            return honest(method, params)

        with monkeypatch.context() as patch:
            patch.setattr(provider, "make_request", garbled)
            provider._request_func_cache = (None, None)
            assert anchored.look_up(SIZE, anchor) in states
    provider._request_func_cache = (None, None)
    assert anchored.look_up(SIZE, anchor) == "settling"


def test_the_committed_artifact_is_what_runs(anchored):
    assert bytes(anchored.web3.eth.get_code(anchored.contract)) == artifact().runtime
