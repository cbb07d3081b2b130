"""Bringing a ledger to a chain: deploy, open, and the checks before anything is signed.

Only the demonstration chain is ever set up without being asked; on a real chain a missing or
strange contract is `Fatal`, since a silent new one would split the ledger's history.
"""

from collections.abc import Callable

from eth_account.signers.local import LocalAccount
from eth_typing import HexStr
from sqlalchemy import Engine
from web3 import Web3

from anchoring.contract import ZERO_ADDRESS, BatchAnchor, artifact
from anchoring.errors import Fatal
from anchoring.journal import AnchorTarget, add_target, targets
from anchoring.web3_chain import asking, is_demonstration, send_and_wait, system_clock


def ensure_target(
    engine: Engine,
    web3: Web3,
    *,
    ledger_id: bytes,
    owner: LocalAccount,
    anchorer: str,
    contract: str | None = None,
    clock: Callable[[], int] = system_clock,
) -> BatchAnchor:
    """The contract to anchor to, and this ledger's place there, checked and remembered.

    On the demonstration chain a contract is deployed and the ledger opened if the chain is new
    (also when an older one was lost: the next tick anchors everything again). On a real chain
    `contract` must be configured, or remembered, and pass `preflight`; a ledger that is not
    remembered was founded by `owner`. Raises `Fatal` or `Retry`.
    """
    if is_demonstration(web3):
        return _ensure_demonstration(engine, web3, ledger_id, owner, anchorer, clock)
    with asking("chain id"):
        chain_id = web3.eth.chain_id
    known = _known(engine, ledger_id, chain_id)
    if contract is None and known is None:
        raise Fatal("no contract configured for this chain: deploy one, then configure it")
    address = Web3.to_checksum_address(contract or known.contract)  # type: ignore[union-attr]
    remembered = known is not None and known.contract == address
    founder = known.founder if known is not None and remembered else owner.address
    place = BatchAnchor(web3, address, founder, ledger_id)
    preflight(web3, place, anchorer)
    if not remembered:
        add_target(engine, _target(chain_id, place, ledger_id, False, clock()))
    return place


def deploy(web3: Web3, owner: LocalAccount) -> str:
    """Deploy BatchAnchor; its EIP-55 address. The deployer gets no right over it."""
    receipt = send_and_wait(web3, owner, None, HexStr(artifact().bytecode))
    address = receipt["contractAddress"]
    if address is None:
        raise Fatal("the node gave no contract address")
    return str(address)


def open_ledger(
    web3: Web3,
    contract: str,
    ledger_id: bytes,
    founder: LocalAccount,
    anchorer: str,
    guardian: str = ZERO_ADDRESS,
) -> BatchAnchor:
    """Open the ledger id with `founder` as its founder and owner, unless it is so already; its
    place. Who opens the same id is somebody else there, and takes nothing away.

    Raises `Fatal` where there is no such contract, else `Retry`, as `send_and_wait`.
    """
    place = BatchAnchor(web3, contract, founder.address, ledger_id)
    if not place.has_code():
        raise Fatal(f"no BatchAnchor contract at {contract}")
    if place.keys().owner == ZERO_ADDRESS:
        send_and_wait(web3, founder, contract, place.open_data(anchorer, guardian))
    return place


def preflight(web3: Web3, place: BatchAnchor, anchorer: str, chain_id: int | None = None) -> int:
    """Check, before any signing, that this is the chain (if `chain_id` is given), that the address
    runs our contract, and that the ledger is open with this anchorer. Returns the chain id.

    Raises `Fatal` with what was expected and found.
    """
    with asking("chain id"):
        found = web3.eth.chain_id
    if chain_id is not None and found != chain_id:
        raise Fatal(f"wrong chain: configured {chain_id}, the node says {found}")
    if not place.has_code():
        raise Fatal(f"no BatchAnchor contract at {place.address} on chain {found}")
    keys = place.keys()
    if keys.owner == ZERO_ADDRESS:
        where = f"{place.address} by {place.founder}"
        raise Fatal(f"this ledger is not open in {where}: open it first")
    if keys.anchorer != anchorer:
        raise Fatal(f"anchorer of the ledger is {keys.anchorer}, our key is {anchorer}")
    return found


def _ensure_demonstration(
    engine: Engine,
    web3: Web3,
    ledger_id: bytes,
    owner: LocalAccount,
    anchorer: str,
    clock: Callable[[], int],
) -> BatchAnchor:
    from anchoring.embedded_chain import fund

    with asking("faucet"):
        chain_id = web3.eth.chain_id
        fund(web3, owner.address)
        fund(web3, anchorer)
    known = _known(engine, ledger_id, chain_id)
    if known is not None:
        place = BatchAnchor(web3, known.contract, known.founder, ledger_id)
        preflight(web3, place, anchorer)
        return place
    place = open_ledger(web3, deploy(web3, owner), ledger_id, owner, anchorer)
    add_target(engine, _target(chain_id, place, ledger_id, True, clock()))
    return place


def _known(engine: Engine, ledger_id: bytes, chain_id: int) -> AnchorTarget | None:
    here = [target for target in targets(engine, ledger_id) if target.chain_id == chain_id]
    return here[-1] if here else None


def _target(
    chain_id: int, place: BatchAnchor, ledger_id: bytes, demonstration: bool, created_at: int
) -> AnchorTarget:
    return AnchorTarget(
        chain_id=chain_id,
        contract=place.address,
        founder=place.founder,
        ledger_id=ledger_id,
        demonstration=demonstration,
        created_at=created_at,
    )
