"""The body of the record that moves coins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ledger.core.format.fields import Choice, UInt
from ledger.core.format.structs import Body
from ledger.core.format.types import Hash, Nonce, Someone, Time
from ledger.core.kinds.kind import hidden, record_kind
from ledger.core.kinds.signers import by

THANKS = "thanks"
"""The one purpose that the ledger keeps its word on: coins given for nothing in return."""


@record_kind(
    "transfer",
    signed_by=(by("sender"),),
    scope=None,
    issuer=None,
    parties=("sender", "recipient"),
    corrects=None,
    status=None,
    reads=(),
    table="transfers",
    secret=hidden("nonce"),
)
@dataclass(frozen=True, slots=True)
class Transfer(Body):
    """Whole yibi from one account to another, if handed in before `expires_at`. It moves coins and
    makes no hours."""

    sender: Someone
    recipient: Someone
    coins: Annotated[int, UInt(64, minimum=1)]
    purpose: Annotated[str, Choice(THANKS, "redeem", "donate", "refund")]
    reference: Hash
    nonce: Nonce
    expires_at: Time
    issued_at: Time
