"""What the API takes and answers about parts of an account: docs/spec/proofs.md explains."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from api.http.kernel import examples
from api.http.kernel.json_body import Decoded, JsonBody
from api.http.kernel.models import Address, Anchor, Count, Form, Hash
from api.http.proofs.models import Proven
from ledger.core.format.fields import Choice
from ledger.core.format.limits import INTEGER_MAX
from ledger.core.verify.attestation import CONDITIONS, SECONDS_MAX
from ledger.core.verify.attestation import FORMAT as ATTESTATION_FORMAT
from ledger.core.verify.disclosure import FORMAT as DISCLOSURE_FORMAT


class AttestationRequest(JsonBody):
    """What is to be said yes to, whom it is shown by and to, and for how long."""

    condition: Annotated[str, Decoded.by(Choice(*CONDITIONS))] = Field(examples=["balance"])
    at_least: int = Field(ge=1, le=INTEGER_MAX, examples=[20])
    presenter: str = Field(examples=[examples.VOLUNTEER])
    gate: str = Field(examples=["0x" + "00" * 32])
    seconds: int = Field(ge=1, le=SECONDS_MAX, examples=[300])
    as_of: Annotated[int, Field(ge=0, le=INTEGER_MAX)] | None = Field(
        description="Unix seconds; null: now", examples=[None]
    )


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
    charters: list[dict[str, Any]]
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
    charters: list[dict[str, Any]]
    note: str
