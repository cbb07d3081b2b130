"""What the API answers about parts of an account, as models: docs/spec/proofs.md explains."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.http.kernel.models import Address, Anchor, Count, Form, Hash
from api.http.proofs.models import Proven
from ledger.core.verify.attestation import FORMAT as ATTESTATION_FORMAT
from ledger.core.verify.disclosure import FORMAT as DISCLOSURE_FORMAT


class CellForm(Form):
    """Minutes of one class and category in one month, and the salt that hides them elsewhere."""

    hour_class: Literal["credit", "honour"]
    category: str = Field(description="of the activity; empty without one")
    minutes: Count
    salt: Hash


class DisclosureForm(Form):
    """Hours of a period by month, class and category, proved (docs/spec/proofs.md)."""

    format: Literal["hourledger-disclosure/v1"] = DISCLOSURE_FORMAT
    genesis: dict[str, Any]
    account: Address
    start: str = Field(alias="from", examples=["2026-01"])
    to: str = Field(examples=["2026-06"])
    seal: Proven
    months: list[list[CellForm | Hash] | None] = Field(
        description="of each month its cells, a hash where one is hidden; null: no hours"
    )
    proof: str = Field(description="of the months in the state tree, base64")
    anchors: list[Anchor]


class AttestationForm(Form):
    """A yes of the ledger: a C2SP signed note of two lines (docs/spec/proofs.md)."""

    format: Literal["hourledger-attestation/v1"] = ATTESTATION_FORMAT
    genesis: dict[str, Any]
    note: str
