"""Chains by their ids (EIP-155): what people call them, and where transactions can be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain and the address of its block explorer's pages on transactions; empty without one."""

    name: str
    transactions: str = ""

    def link(self, transaction: str) -> str:
        """Where to look at a transaction (0x-hex); empty without an explorer."""
        return self.transactions + transaction if self.transactions else ""


CHAINS: Final[Mapping[int, Chain]] = MappingProxyType(
    {
        1: Chain("Ethereum", "https://etherscan.io/tx/"),
        10: Chain("OP Mainnet", "https://optimistic.etherscan.io/tx/"),
        56: Chain("BNB Smart Chain", "https://bscscan.com/tx/"),
        71: Chain("Conflux eSpace Testnet", "https://evmtestnet.confluxscan.org/tx/"),
        137: Chain("Polygon", "https://polygonscan.com/tx/"),
        1030: Chain("Conflux eSpace", "https://evm.confluxscan.org/tx/"),
        8453: Chain("Base", "https://basescan.org/tx/"),
        31337: Chain("Anvil"),
        42161: Chain("Arbitrum One", "https://arbiscan.io/tx/"),
        80002: Chain("Polygon Amoy", "https://amoy.polygonscan.com/tx/"),
        11155111: Chain("Sepolia", "https://sepolia.etherscan.io/tx/"),
    }
)


def chain(chain_id: int) -> Chain:
    """A chain by its id; one that is not in the table goes by its number."""
    return CHAINS.get(chain_id, Chain(f"EIP-155 {chain_id}"))
