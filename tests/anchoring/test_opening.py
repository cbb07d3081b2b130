"""Opening a ledger's place in a contract: once, by its owner, and what if a stranger was first."""

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount

from anchoring import deploy as opening
from anchoring.contract import ZERO_ADDRESS, BatchAnchor, LedgerKeys
from anchoring.deploy import deploy, open_ledger
from anchoring.embedded_chain import fund
from anchoring.errors import Fatal
from tests.builders.deployments import Deployment

STRANGER: LocalAccount = Account.from_key(b"\x05" * 32)


@pytest.fixture(name="fresh")
def _fresh(deployment: Deployment) -> Deployment:
    """With a contract in which the ledger is not open."""
    fund(deployment.web3, STRANGER.address)
    deployment.contract = deploy(deployment.web3, deployment.owner)
    return deployment


def sent(deployment: Deployment) -> int:
    return deployment.web3.eth.get_transaction_count(deployment.owner.address)


def opened(deployment: Deployment, by: LocalAccount | None = None) -> int:
    owner = by or deployment.owner
    anchorer = deployment.account.address
    return open_ledger(deployment.web3, deployment.contract, deployment.ledger_id, owner, anchorer)


def test_a_stranger_who_was_first_is_named_and_nothing_is_sent(fresh: Deployment) -> None:
    opened(fresh, STRANGER)
    before = sent(fresh)
    with pytest.raises(Fatal, match=rf"somebody else opened .*{STRANGER.address}.* deploy another"):
        opened(fresh)
    assert sent(fresh) == before
    # A contract of its own is the way out.
    fresh.contract = deploy(fresh.web3, fresh.owner)
    opened(fresh)
    assert fresh.states(3) == ["final"]


def test_a_stranger_who_overtakes_our_transaction_is_named(
    fresh: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """He sees it wait, pays more, and is mined first."""
    nobody = LedgerKeys(ZERO_ADDRESS, ZERO_ADDRESS, ZERO_ADDRESS)
    honest = BatchAnchor.keys
    answers = iter([nobody])
    monkeypatch.setattr(
        BatchAnchor, "keys", lambda self, ledger: next(answers, None) or honest(self, ledger)
    )
    chain = BatchAnchor(fresh.web3, fresh.contract)
    data = chain.open_data(fresh.ledger_id, STRANGER.address)
    opening.send_and_wait(fresh.web3, STRANGER, fresh.contract, data)
    with pytest.raises(Fatal, match=STRANGER.address):
        opened(fresh)


def test_what_is_ours_already_is_not_opened_again(fresh: Deployment) -> None:
    """As after a crash between opening and remembering."""
    block, before = opened(fresh), sent(fresh)
    assert opened(fresh) == block
    assert sent(fresh) == before


def test_nothing_is_sent_to_an_address_that_is_no_such_contract(fresh: Deployment) -> None:
    before = sent(fresh)
    fresh.contract = STRANGER.address
    with pytest.raises(Fatal, match="no BatchAnchor contract"):
        opened(fresh)
    assert sent(fresh) == before
