"""Chains by their id (EIP-155): what they are called, and where a transaction can be looked at.

A name is a help for the eye: which chain it is, a verifier finds by asking it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain's name, and the address before a transaction in its explorer (empty: there is none).
    Nobody but the operator witnesses a chain for `demonstration`."""

    name: str
    explorer: str = ""
    demonstration: bool = False


CHAINS: Final[dict[int, Chain]] = {
    1: Chain("Ethereum", "https://etherscan.io/tx/"),
    10: Chain("OP Mainnet", "https://optimistic.etherscan.io/tx/"),
    56: Chain("BNB Smart Chain", "https://bscscan.com/tx/"),
    8453: Chain("Base", "https://basescan.org/tx/"),
    42161: Chain("Arbitrum One", "https://arbiscan.io/tx/"),
    11155111: Chain("Ethereum Sepolia", "https://sepolia.etherscan.io/tx/"),
    137: Chain("Polygon PoS", "https://polygonscan.com/tx/"),
    80002: Chain("Polygon Amoy", "https://amoy.polygonscan.com/tx/"),
    1030: Chain("Conflux eSpace", "https://evm.confluxscan.io/tx/"),
    71: Chain("Conflux eSpace Testnet", "https://evmtestnet.confluxscan.io/tx/"),
    31337: Chain("Anvil", demonstration=True),
    131277322940537: Chain("embedded chain", demonstration=True),
}
"""Chain id → chain."""


def chain_of(chain_id: int) -> Chain:
    """What is known of a chain; an unknown one is called by its id."""
    return CHAINS.get(chain_id, Chain(f"chain {chain_id}"))
