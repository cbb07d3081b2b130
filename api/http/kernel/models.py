"""What the API answers, as models: the shapes in the OpenAPI document and the JSON on the wire.

Hashes and ids are 32 bytes as lower-case 0x-hex, addresses EIP-55, times Unix seconds UTC,
service time whole minutes, coins whole yibi.
"""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from api.http.kernel import examples
from ledger.store.entries import Batch

Hash = Annotated[str, Field(pattern=r"^0x[0-9a-f]{64}$", examples=[examples.RECORD_ID])]
Address = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{40}$", examples=[examples.VOLUNTEER])]
Time = Annotated[int, Field(ge=0, description="Unix seconds UTC", examples=[1_700_100_000])]
Count = Annotated[int, Field(ge=0, examples=[7])]
T = TypeVar("T")


def hexed(data: bytes) -> str:
    """Bytes as lower-case 0x-hex."""
    return "0x" + data.hex()


class Form(BaseModel):
    """Base of all answers: exactly the stated fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Problem(Form):
    """A problem document (RFC 9457) in two languages. `code` is stable; texts may change."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PROBLEM]})

    type: str = Field(description="`/problems/{code}`, where the code is explained")
    title: str
    title_zh: str
    status: int
    detail: str = Field(description="what of this input, without personal data")
    code: str
    source: str = Field(description="the rule's source: a law, a standard, a page of docs/")
    instance: str | None = Field(None, description="names this occurrence in the server's log")


class ProblemKind(Form):
    """What a code means, once and for all."""

    code: str = Field(examples=["OVERLAP"])
    status: int = Field(examples=[409])
    title: str
    title_zh: str
    source: str


class BatchForm(Form):
    """A sealed batch: entries `first_index` up to `size` (exclusive), published once for ever."""

    number: Count
    first_index: Count
    size: Count = Field(description="entries of the log with this batch: the checkpoint's size")
    root: Hash
    sealed_at: Time
    checkpoint: str = Field(description="C2SP tlog-checkpoint, a signed note")

    @classmethod
    def of(cls, batch: Batch) -> BatchForm:
        """What HTTP says of a batch."""
        return cls(
            number=batch.number,
            first_index=batch.first_index,
            size=batch.size,
            root=hexed(batch.root),
            sealed_at=batch.sealed_at,
            checkpoint=batch.checkpoint,
        )


class Anchor(Form):
    """Where a chain holds a checkpoint's root: a claim that a verifier compares with the chain."""

    chain_id: Count
    contract: Address
    founder: Address
    size: Count
    transaction: Hash
    block_number: Count
    block_hash: Hash


class AnchoredBatch(Form):
    """A batch with its anchors as last seen; none yet, or one for every chain."""

    number: Count
    size: Count
    root: Hash
    anchors: list[Anchor]


class Page(Form, Generic[T]):
    """Part of a list. `next` is the `after` of the following page; null on the last one."""

    items: list[T]
    next: int | None = Field(examples=[None])


class LedgerForm(Form):
    """What a verifier pins: the ledger's id, its genesis and the key of its log."""

    ledger_id: Hash
    origin: str = Field(examples=["example.org/town"])
    log_vkey: str = Field(description="C2SP signed-note verifier key")
    genesis: dict[str, Any]
    charters: list[dict[str, Any]] = Field(
        description="the charters after the genesis, each with its path to the newest head"
    )
    authorities: list[Address]
    policy: dict[str, Any] = Field(description="the policy in force")
    policy_version: Count
    station: Address | None = Field(
        description="the key with which this server witnesses clock events, where organisations "
        "let it by a delegation of the scope `clock`; null: nobody can clock in here"
    )


class Alive(Form):
    """The process answers."""

    alive: Literal[True] = True


class Ready(Form):
    """Records are taken, sealed and anchored; `chores` says how the worker's two parts fare."""

    ready: Literal[True] = True
    chores: dict[str, str] = Field(examples=[{"seal": "running", "anchor": "retrying"}])
