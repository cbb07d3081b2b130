"""Transcripts: all entries of one's own account since the batch before a period, proved."""

from __future__ import annotations

import gzip
import json
import re
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import JSONResponse

from api.access.errors import AccessProblem, AccessRefused
from api.access.principal import Principal
from api.http.kernel.authorise import Caller
from api.http.kernel.context import PREFIX, Served
from api.http.kernel.openapi import problems
from api.http.proofs import models as proof_forms
from api.http.records.read import AddressPath
from ledger.core.format.fields import Address
from ledger.core.format.limits import INTEGER_MAX
from ledger.errors import NotFound
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

HeldBy = Annotated[
    Literal["paths", "chain"],
    Query(
        description="chain: without a path for each entry, less than half as long",
        examples=["chain"],
    ),
]
Encodings = Annotated[str, Header(alias="Accept-Encoding", include_in_schema=False)]

_ADDRESS = Address()
_NEVER = re.compile(r"q=0(\.0*)?\Z")


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
    held_by: HeldBy = "paths",
    encodings: Encodings = "",
) -> Response:
    """For the person and for who acts for the organisation: entries are seen by their parties, who
    hand the file on. It rests on the newest anchored batch, so it holds what changed since."""
    account = own_account(address, principal)
    home = served.home
    found = transcript(home.ledger, account, start, end, home.anchors_within, held_by=held_by)
    if found["after"]["totals"] is None:
        # That there are none is proved by the totals of somebody else.
        raise NotFound("no batch knows of this address yet")
    return _packed(found, encodings)


def own_account(address: str, principal: Principal) -> str:
    """The address, if it is the caller's or that of an organisation the caller acts for. Raises
    `AccessRefused`."""
    account = _ADDRESS.decode(address, "address")
    if account not in {principal.address, *(m.organisation for m in principal.mandates)}:
        raise AccessRefused(AccessProblem.NOT_YOURS)
    return account


def _packed(found: dict[str, Any], encodings: str) -> Response:
    """The file, packed where the client takes that: hex and base64 shrink to a third."""
    data = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Cache-Control": "private, no-store", "Vary": "Accept-Encoding"}
    parts = [part.partition(";") for part in encodings.lower().replace(" ", "").split(",")]
    if any(name == "gzip" and not _NEVER.match(weight) for name, _, weight in parts):
        data, headers["Content-Encoding"] = gzip.compress(data, mtime=0), "gzip"
    return Response(data, headers=headers, media_type=TRANSCRIPT)
