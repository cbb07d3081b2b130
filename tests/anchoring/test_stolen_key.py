"""What the owner does when the anchorer's key was stolen, as docs/operations.md has it."""

import pytest

from anchoring.contract import BatchAnchor
from anchoring.deploy import ensure_target
from anchoring.errors import Fatal
from tests.builders.deployments import Deployment


def test_a_thief_of_the_anchorer_key_is_stopped_by_revoking_it_before_the_new_epoch(
    real: Deployment,
) -> None:
    """As docs/operations.md has it; a new epoch alone leaves him the anchorer."""
    real.states(3, 5)
    good, last = real.anchor_of(5), 2**63
    real.call(real.account, "anchor", last, b"\x66" * 32)
    real.as_owner("startEpoch", 5, "the key was stolen")
    real.call(real.account, "anchor", last, b"\x66" * 32)
    chain = BatchAnchor(real.web3, real.contract)
    assert chain.status(real.ledger_id, 0, 0).head_size == last, "he did it again"

    real.as_owner("revokeAnchorer")
    real.as_owner("startEpoch", 5, "the key was stolen")
    with pytest.raises(Exception, match="estimate"):
        real.call(real.account, "anchor", last, b"\x66" * 32)
    with pytest.raises(Fatal, match="not our key"):
        real.states(3, 5, 8)
    real.as_owner("proposeAnchorer", real.owner.address)
    real.call(real.owner, "acceptAnchorer")
    real.account = real.owner
    assert real.states(3, 5, 8) == ["final"] * 3
    assert real.look_up(5, good) == "final", "what was ours before stays good"
    assert chain.status(real.ledger_id, 1, last).disowned
    assert chain.status(real.ledger_id, 2, last).disowned
    target = ensure_target(
        real.engine,
        real.web3,
        ledger_id=real.ledger_id,
        owner=real.owner,
        anchorer=real.owner.address,
    )
    assert target == real.contract
