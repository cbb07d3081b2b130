"""Chains by their id (EIP-155): what they are called, and where a transaction can be looked at.

A name is a help for the eye: which chain it is, a verifier finds by asking it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ledger.core.verify.checks import Check

DEMONSTRATIONS: Final = ((1337, 1338), (31337, 31338), (2**40, 2**41))
"""Ids (half-open) of chains that nobody but their operator witnesses: those of development nodes,
and those that the embedded chain draws (anchoring/embedded_chain.py). The twin of this rule is
`static/js/verify/anchors.js`."""

WARNING: Final = (
    "A demonstration chain: nobody but its operator bears witness, so it proves nothing to others."
)
"""What stands beside everything that rests on such a chain."""

_EMBEDDED: Final = re.compile(
    r"(mined )?on the demonstration chain, which nobody else witnesses([,;]|\Z)"
)
_NAMED: Final = re.compile(r"(?:mined )?on chain (\d+)(?:[,;]|\Z)")


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain's name (empty: it is called by its id), and the address before a transaction in its
    explorer (empty: there is none). Nobody but the operator witnesses a chain for
    `demonstration`."""

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
}
"""Chain id → chain."""


def is_demonstration(chain_id: int) -> bool:
    """Whether a chain is one that nobody but its operator witnesses."""
    return any(first <= chain_id < end for first, end in DEMONSTRATIONS)


def chain_of(chain_id: int) -> Chain:
    """What is known of a chain."""
    if is_demonstration(chain_id):
        return Chain("", demonstration=True)
    return CHAINS.get(chain_id, Chain(""))


def rests_on_demonstration(checks: Iterable[Check]) -> bool:
    """Whether the check `anchor` of a report was answered by such a chain."""
    for check in checks:
        if check.name == "anchor" and check.ok is not False:
            named = _NAMED.match(check.reason)
            known = named is not None and is_demonstration(int(named[1]))
            return known or _EMBEDDED.match(check.reason) is not None
    return False
