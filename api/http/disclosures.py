"""What a person shows of the own hours without showing a record: sums by month, class, category."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from api.http import disclosure_forms
from api.http.gate import Caller
from api.http.ports import PREFIX, Served
from api.http.reads import AddressPath
from api.http.schemas import problems
from api.http.transcripts import own_account
from ledger.core.breakdown import Cell
from ledger.operations.disclose import disclosure

router = APIRouter(prefix=PREFIX, tags=["proofs"])

DISCLOSURE: Final = "application/vnd.hourledger.disclosure+json"
"""Media type of a disclosure."""

MONTH: Final = "^[0-9]{4}-(0[1-9]|1[0-2])$"

From = Annotated[
    str, Query(alias="from", pattern=MONTH, description="first local month", examples=["2026-01"])
]
Until = Annotated[
    str, Query(alias="to", pattern=MONTH, description="last local month", examples=["2026-06"])
]
Category = Annotated[
    str | None,
    Query(
        max_length=200,
        description="only this one; empty: hours of no activity",
        examples=["environment"],
    ),
]
HourClass = Annotated[
    Literal["credit", "honour"] | None, Query(description="only this one", examples=["credit"])
]


class DisclosureResponse(JSONResponse):
    """A disclosure."""

    media_type = DISCLOSURE


@router.get(
    "/accounts/{address}/disclosure",
    summary="My hours of some months by class and category, proved without a record",
    response_model=disclosure_forms.DisclosureForm,
    response_class=DisclosureResponse,
    responses=problems(400, 404, 503),
)
def get_disclosure(
    address: AddressPath,
    served: Served,
    principal: Caller,
    start: From,
    end: Until,
    category: Category = None,
    hour_class: HourClass = None,
) -> Response:
    """For the person, who hands the file on. It says nothing of other months, nor how many records
    there are; of classes and categories that are not shown it says only how many."""
    account = own_account(address, principal)

    def shown(cell: Cell) -> bool:
        right = hour_class is None or cell.hour_class == hour_class
        return right and (category is None or cell.category == category)

    ledger = served.ledger
    found = disclosure(ledger.book, account, (start, end), ledger.anchors_for, shown=shown)
    return DisclosureResponse(found, headers={"Cache-Control": "private, no-store"})
