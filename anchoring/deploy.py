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
from anchoring.errors import AnchorError, Fatal
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
) -> str:
    """Address of the contract to anchor to, checked and remembered.

    On the demonstration chain a contract is deployed and the ledger opened if the chain is new
    (also when an older one was lost: the next tick anchors everything again). On a real chain
    `contract` must be configured, or remembered, and pass `preflight`. Raises `Fatal` or `Retry`.
    """
    if is_demonstration(web3):
        return _ensure_demonstration(engine, web3, ledger_id, owner, anchorer, clock)
    if contract is None:
        with asking("chain id"):
            contract = _known(engine, ledger_id, web3.eth.chain_id)
    if contract is None:
        raise Fatal("no contract configured for this chain: deploy one, then configure it")
    contract = Web3.to_checksum_address(contract)
    chain_id = preflight(web3, contract, ledger_id, anchorer)
    if _known(engine, ledger_id, chain_id) != contract:
        chain = BatchAnchor(web3, contract)
        opened_block = chain.status(ledger_id, 0, 0).head_block
        holder = chain.keys(ledger_id).owner
        target = _target(chain_id, contract, ledger_id, holder, opened_block, False, clock())
        add_target(engine, target)
    return contract


def deploy(web3: Web3, owner: LocalAccount) -> str:
    """Deploy BatchAnchor; its EIP-55 address. The deployer gets no right over it."""
    receipt = send_and_wait(web3, owner, None, HexStr(artifact().bytecode))
    address = receipt["contractAddress"]
    if address is None:
        raise Fatal("the node gave no contract address")
    return str(address)


def open_ledger(
    web3: Web3, contract: str, ledger_id: bytes, owner: LocalAccount, anchorer: str
) -> int:
    """Open the ledger id with `owner` as its owner, unless it is so already; the block of its head.

    Ids are first come, first served, and whoever sees our transaction wait can be first: then, and
    where there is no such contract, raises `Fatal`. Else `Retry`, as `send_and_wait`.
    """
    batch_anchor = BatchAnchor(web3, contract)
    if not batch_anchor.has_code():
        raise Fatal(f"no BatchAnchor contract at {contract}")
    if not _is_ours(batch_anchor, ledger_id, owner.address):
        try:
            data = batch_anchor.open_data(ledger_id, anchorer)
            send_and_wait(web3, owner, contract, data)
        except AnchorError:
            if not _is_ours(batch_anchor, ledger_id, owner.address):
                raise
    return batch_anchor.status(ledger_id, 0, 0).head_block


def _is_ours(contract: BatchAnchor, ledger_id: bytes, owner: str) -> bool:
    """Whether the ledger is open; raises `Fatal` when somebody else opened it."""
    holder = contract.keys(ledger_id).owner
    if holder not in (ZERO_ADDRESS, owner):
        raise Fatal(
            f"somebody else opened ledger 0x{ledger_id.hex()} in {contract.address}, {holder}: "
            "it can never be ours there, deploy another contract"
        )
    return holder == owner


def preflight(
    web3: Web3, contract: str, ledger_id: bytes, anchorer: str, chain_id: int | None = None
) -> int:
    """Check, before any signing, that this is the chain (if `chain_id` is given), that the address
    runs our contract, and that the ledger is open with this anchorer. Returns the chain id.

    Raises `Fatal` with what was expected and found.
    """
    with asking("chain id"):
        found = web3.eth.chain_id
    if chain_id is not None and found != chain_id:
        raise Fatal(f"wrong chain: configured {chain_id}, the node says {found}")
    batch_anchor = BatchAnchor(web3, contract)
    if not batch_anchor.has_code():
        raise Fatal(f"no BatchAnchor contract at {contract} on chain {found}")
    keys = batch_anchor.keys(ledger_id)
    if keys.owner == ZERO_ADDRESS:
        raise Fatal(f"ledger 0x{ledger_id.hex()} is not open in {contract}: open it first")
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
) -> str:
    from anchoring.embedded_chain import fund

    with asking("faucet"):
        chain_id = web3.eth.chain_id
        fund(web3, owner.address)
        fund(web3, anchorer)
    known = _known(engine, ledger_id, chain_id)
    if known is not None:
        preflight(web3, known, ledger_id, anchorer)
        return known
    contract = deploy(web3, owner)
    opened_block = open_ledger(web3, contract, ledger_id, owner, anchorer)
    target = _target(chain_id, contract, ledger_id, owner.address, opened_block, True, clock())
    add_target(engine, target)
    return contract


def _known(engine: Engine, ledger_id: bytes, chain_id: int) -> str | None:
    here = [t.contract for t in targets(engine, ledger_id) if t.chain_id == chain_id]
    return here[-1] if here else None


def _target(
    chain_id: int,
    contract: str,
    ledger_id: bytes,
    owner: str,
    opened_block: int,
    demonstration: bool,
    created_at: int,
) -> AnchorTarget:
    return AnchorTarget(
        chain_id=chain_id,
        contract=contract,
        ledger_id=ledger_id,
        owner=owner,
        opened_block=opened_block,
        demonstration=demonstration,
        created_at=created_at,
    )
