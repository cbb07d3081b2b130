"""What the API answers as proofs, as models; units as in `forms`. docs/spec/proofs.md explains."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.http.kernel.models import Address, Anchor, Count, Form, Hash, Time
from api.http.records.models import EntryForm, RecordForm
from ledger.core.proofs.bundle import FORMAT
from ledger.core.proofs.transcript import FORMAT as TRANSCRIPT_FORMAT
from ledger.core.verify.account import FORMAT as STATEMENT_FORMAT


class Proven(Form):
    """An entry with its C2SP tlog-proof; null while no checkpoint covers it."""

    entry: EntryForm
    tlog_proof: str | None


class StatusValue(Form):
    """The status of a record that something changed, and the record that did."""

    status: Literal["recorded", "disputed", "amended", "void"]
    changed_by: Hash
    opening: Hash = Field(description="opens the leaf of this status and no other")


class EndedForm(Form):
    """What was taken back of an organisation: index of the entry, from when on; its successor."""

    ended: list[tuple[Count, Time]]
    successor: Address


class StandingForm(Form):
    """What the state tree of a batch says of the record, and the proof of that."""

    organisation: EndedForm | None = Field(description="null: nothing was taken back of it")
    revoked: list[list[tuple[Count, Time]]] = Field(
        description="of each key that signed for the organisation: index of the entry, from when on"
    )
    status: StatusValue | None = Field(description="null: nothing changed it")
    proof: str = Field(description="of many keys, base64")


class WitnessForm(Form):
    """A clock event without what its service says: docs/spec/proofs.md puts it together again."""

    clocked_at: Time
    distance: str
    accuracy: str
    methods: list[str]
    device: Hash
    volunteer_signature: str
    station: Address
    station_signature: str


class BasisForm(Form):
    """What a service rests on: both clock events and perhaps a confirmation, or the permit."""

    clocks: list[WitnessForm]
    confirmation: RecordForm | None
    permit: RecordForm | None


class ProofBundle(Form):
    """All that a stranger needs to check a record, but the chain (docs/spec)."""

    format: Literal["hourledger-proof/v1"] = FORMAT
    genesis: dict[str, Any]
    charters: list[dict[str, Any]]
    record: Proven
    certification: EntryForm | None
    delegations: list[EntryForm]
    basis: BasisForm
    change: EntryForm | None
    standing: StandingForm | None = Field(description="null until the record is in a batch")
    seal: EntryForm | None = Field(description="null until the record is in a batch")
    path: str = Field(description="one path for all but the record: hashes, base64")
    anchors: list[Anchor]


class AccountTotals(Form):
    """The totals of an account as the state tree has them."""

    credit_minutes: Count
    honour_minutes: Count
    voided_minutes: Count
    minted: Count
    received: Count
    sent: Count
    entries: Count
    head: Hash


class AccountStatement(Form):
    """The totals of one address as of one batch, with the proof (docs/spec/proofs.md)."""

    format: Literal["hourledger-account/v1"] = STATEMENT_FORMAT
    genesis: dict[str, Any]
    charters: list[dict[str, Any]]
    account: Address
    seal: Proven
    totals: AccountTotals | None = Field(description="null: nothing concerned it")
    opening: Hash | None = Field(description="opens the leaf of the account, and no other")
    proof: str = Field(description="of the account's key, base64")
    anchors: list[Anchor]


class EarlierStanding(Form):
    """What the tree under an earlier seal says of the account."""

    seal: EntryForm
    totals: AccountTotals | None
    opening: Hash | None
    proof: str = Field(description="of the account's key, base64")


class LaterStanding(Form):
    """What the tree under the newest seal says of the account, and the seal's own proof."""

    seal: Proven
    totals: AccountTotals | None
    opening: Hash | None
    proof: str = Field(description="of the account's key and of the statuses, base64")


class TranscriptForm(Form):
    """All entries of an account between two batches, with their proof (docs/spec/proofs.md)."""

    format: Literal["hourledger-transcript/v1"] = TRANSCRIPT_FORMAT
    genesis: dict[str, Any]
    charters: list[dict[str, Any]]
    account: Address
    start: Time = Field(alias="from")
    to: Time
    before: EarlierStanding | None = Field(description="null: from the first entry on")
    after: LaterStanding
    entries: list[EntryForm]
    statuses: list[StatusValue | None] = Field(
        description="of the account's own services, in order; null where nothing changed it"
    )
    held_by: Literal["paths", "chain"]
    path: str = Field(description="one path for the earlier seal and, if so held, all entries")
    anchors: list[Anchor]
