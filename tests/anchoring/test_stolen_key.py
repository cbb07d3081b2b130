"""What owner or guardian do when the anchorer's key was stolen, as docs/operations.md has it."""

import pytest

from anchoring.deploy import ensure_target
from anchoring.errors import Fatal
from tests.builders.deployments import Deployment, lie


def test_a_thief_of_the_anchorer_key_is_stopped_and_what_he_did_taken_back_in_one_call(
    real: Deployment,
) -> None:
    real.states(3, 5)
    good = real.anchor_of(5)
    real.call(real.account, "anchor", *lie(90, 5))
    with pytest.raises(Fatal, match="never sealed"):
        real.tick(3, 5, 8)

    real.as_owner("disown", 90, "the key was stolen")
    with pytest.raises(Exception, match="estimate"):
        real.call(real.account, "anchor", *lie(90, 5))
    with pytest.raises(Fatal, match="not our key"):
        real.tick(3, 5, 8)
    thief = real.account
    real.rotate(real.owner)
    assert real.states(3, 5, 8) == ["final"] * 3
    assert real.look_up(5, good) == "settling", "what was ours before stays good"
    assert real.place.disowned(90, lie(90, 5)[1])[1] == "the key was stolen"
    for name, arguments in (("disown", (5, "")), ("revokeAnchorer", ())):
        with pytest.raises(Exception, match="estimate"):
            real.call(thief, name, *arguments)
    target = ensure_target(
        real.engine,
        real.web3,
        ledger_id=real.ledger_id,
        owner=real.owner,
        anchorer=real.owner.address,
    )
    assert target.address == real.contract


def test_a_thief_of_the_owner_key_touches_nothing_that_is_final(real: Deployment) -> None:
    real.states(3)
    anchor = real.anchor_of(3)
    real.later(7 * 86400)
    real.states(3, 5)
    with pytest.raises(Exception, match="estimate"):
        real.as_owner("disown", 3, "a lie")
    real.as_owner("disown", 5, "a lie")
    assert real.look_up(3, anchor) == "final"
