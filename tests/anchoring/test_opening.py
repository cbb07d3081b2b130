"""Opening a ledger's place in a contract: once, by its founder; a stranger opens another place."""

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount

from anchoring.deploy import deploy, open_ledger
from anchoring.embedded_chain import fund
from anchoring.errors import Fatal
from tests.builders.deployments import Deployment, lie

STRANGER: LocalAccount = Account.from_key(b"\x05" * 32)


@pytest.fixture(name="fresh")
def _fresh(deployment: Deployment) -> Deployment:
    """With a contract in which the ledger is not open."""
    fund(deployment.web3, STRANGER.address)
    deployment.contract = deploy(deployment.web3, deployment.owner)
    return deployment


def sent(deployment: Deployment) -> int:
    return deployment.web3.eth.get_transaction_count(deployment.owner.address)


def opened(deployment: Deployment, guardian: str | None = None) -> None:
    given = (guardian,) if guardian else ()
    open_ledger(
        deployment.web3,
        deployment.contract,
        deployment.ledger_id,
        deployment.owner,
        deployment.account.address,
        *given,
    )


def test_a_stranger_who_was_first_with_the_same_id_takes_nothing_away(fresh: Deployment) -> None:
    """He sees our transaction wait, pays more, and is mined first."""
    web3, contract, ledger_id = fresh.web3, fresh.contract, fresh.ledger_id
    place = open_ledger(web3, contract, ledger_id, STRANGER, STRANGER.address)
    opened(fresh)
    assert fresh.states(3) == ["final"]
    squatted = Deployment(web3, fresh.url, fresh.engine, owner=STRANGER, account=STRANGER)
    squatted.contract = contract
    squatted.call(STRANGER, "anchor", *lie(9, 0))
    assert place.status(9).head_size == 9
    assert fresh.place.status(9).head_size == 3
    assert fresh.states(3, 5) == ["final", "final"]


def test_his_anchors_are_not_the_ledger_s(fresh: Deployment) -> None:
    opened(fresh)
    fresh.states(3)
    assert fresh.look_up(3, fresh.claim(3)) == "settling"
    assert fresh.look_up(3, fresh.claim(3, founder=STRANGER.address)) == "absent"


def test_what_is_ours_already_is_not_opened_again(fresh: Deployment) -> None:
    """As after a crash between opening and remembering."""
    opened(fresh)
    before = sent(fresh)
    opened(fresh)
    assert sent(fresh) == before


def test_a_guardian_is_named_at_the_opening(fresh: Deployment) -> None:
    opened(fresh, STRANGER.address)
    keys = fresh.place.keys()
    assert (keys.owner, keys.guardian) == (fresh.owner.address, STRANGER.address)
    fresh.states(3)
    fresh.call(STRANGER, "disown", 3, "a key was stolen")
    assert fresh.look_up(3, fresh.claim(3)) == "disowned"


def test_nothing_is_sent_to_an_address_that_is_no_such_contract(fresh: Deployment) -> None:
    before = sent(fresh)
    fresh.contract = STRANGER.address
    with pytest.raises(Fatal, match="no BatchAnchor contract"):
        opened(fresh)
    assert sent(fresh) == before
