"""Money for the first transactions on a development node. Public chains give nothing away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from web3.types import TxParams, Wei

from anchoring.errors import Fatal
from anchoring.web3_chain import asking, receipt_of

if TYPE_CHECKING:
    from web3 import Web3

ENOUGH: Final = Wei(10**17)
"""A tenth of an ether: a deployment and a thousand anchors at 1 gwei."""


def fund_from_node(web3: Web3, *addresses: str) -> None:
    """See that each address can pay; unlocked accounts of a development node fill it up.

    Raises `Fatal` naming the addresses that a person must fund, and `Retry` for a silent node.
    """
    with asking("balance"):
        poor = [a for a in addresses if web3.eth.get_balance(web3.to_checksum_address(a)) < ENOUGH]
        givers = web3.eth.accounts if poor else []
    if poor and not givers:
        raise Fatal(f"send at least {ENOUGH} wei each to {', '.join(poor)} first")
    for address in poor:
        gift: TxParams = {
            "from": givers[0],
            "to": web3.to_checksum_address(address),
            "value": ENOUGH,
        }
        with asking("gift"):
            sent = web3.eth.send_transaction(gift)
            web3.eth.wait_for_transaction_receipt(sent, timeout=30)
        receipt = receipt_of(web3, sent.to_0x_hex())
        if receipt is None or receipt["status"] != 1:
            raise Fatal(f"the node's account did not fund {address}")
