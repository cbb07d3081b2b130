"""The receipt of a record, as a model; docs/spec/proofs.md explains."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.http.kernel.models import Anchor, Form, Hash, Time
from api.http.proofs.models import Proven
from api.http.records.models import AcceptanceForm, EntryForm
from ledger.core.verify.receipt import FORMAT


class LaterHead(Form):
    """What a later head of the log shows at the promised index."""

    seal: Proven
    leaf: Hash | None
    path: str = Field(description="inclusion path of the leaf: hashes, base64")
    anchors: list[Anchor]


class SignedReceipt(Form):
    """The log key's promise that a record is in every head of the log from `sealed_by` on."""

    format: Literal["hourledger-receipt/v1"] = FORMAT
    genesis: dict[str, Any]
    charters: list[dict[str, Any]]
    entry: EntryForm
    sealed_by: Time
    note: str = Field(description="C2SP signed note")
    head: LaterHead | None


class AcceptedForm(AcceptanceForm):
    """The record is durably in the ledger; with what its log key promises."""

    receipt: SignedReceipt | None = Field(
        description="null where the record was in the ledger before, with other signatures"
    )
