"""The engine's own record, and what is signed for many records at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from ledger.core.format.fields import UInt
from ledger.core.format.structs import Body
from ledger.core.format.types import Hash, Time
from ledger.core.kinds.kind import OF_NO_PERSON, record_kind
from ledger.core.kinds.signers import by


@record_kind(
    "seal",
    signed_by=(by(),),
    scope=None,
    issuer=None,
    parties=(),
    corrects=None,
    status=None,
    reads=(),
    table=None,
    secret=OF_NO_PERSON,
)
@dataclass(frozen=True, slots=True)
class Seal(Body):
    """The last entry of a batch, by the engine; the checkpoint over it is its signature. `charter`:
    the hash of the newest charter before it."""

    batch: Annotated[int, UInt(64, minimum=1)]
    state_root: Hash
    charter: Hash
    sealed_at: Time


@dataclass(frozen=True, slots=True)
class SheetBody(Body):
    """One signature for many records: the RFC 9162 root over their ids, in order."""

    kind: ClassVar[str] = ""
    primary_type: ClassVar[str] = "Sheet"
    root: Hash
    count: Annotated[int, UInt(32, minimum=1)]
