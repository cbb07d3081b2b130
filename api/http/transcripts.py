"""Transcripts: all entries of one's own account since the batch before a period, proved."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from api.access.errors import AccessRefused, Flaw
from api.http import proof_forms
from api.http.gate import Caller
from api.http.ports import PREFIX, Served
from api.http.reads import AddressPath
from api.http.schemas import problems
from ledger.core.fields import Address
from ledger.core.limits import INTEGER_MAX
from ledger.operations.transcript import transcript

router = APIRouter(prefix=PREFIX, tags=["proofs"])

TRANSCRIPT: str = "application/vnd.hourledger.transcript+json"
"""Media type of a transcript."""

Until = Annotated[
    int, Query(alias="to", ge=0, le=INTEGER_MAX, description="exclusive", examples=[INTEGER_MAX])
]
From = Annotated[
    int, Query(alias="from", ge=0, le=INTEGER_MAX, description="Unix seconds UTC", examples=[0])
]

_ADDRESS = Address()


class TranscriptResponse(JSONResponse):
    """A transcript."""

    media_type = TRANSCRIPT


@router.get(
    "/accounts/{address}/transcript",
    summary="All entries of my account, proved complete",
    response_model=proof_forms.TranscriptForm,
    response_class=TranscriptResponse,
    responses=problems(400, 404, 413),
)
def get_transcript(
    address: AddressPath,
    served: Served,
    principal: Caller,
    start: From = 0,
    end: Until = INTEGER_MAX,
) -> Response:
    """For the person and for who acts for the organisation: entries are seen by their parties, who
    hand the file on. It rests on the newest anchored batch, so it holds what changed since."""
    account = _ADDRESS.decode(address, "address")
    own = {principal.address, *(mandate.organisation for mandate in principal.mandates)}
    if account not in own:
        raise AccessRefused(Flaw.NOT_YOURS)
    found = transcript(served.ledger.book, account, start, end, served.ledger.anchors_for)
    data = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(data, headers={"Cache-Control": "private, no-store"}, media_type=TRANSCRIPT)
