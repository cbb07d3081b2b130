"""What a person shows without showing a record: sums of hours, or a yes to one condition."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from api.http.kernel.authorise import Caller
from api.http.kernel.caching import private
from api.http.kernel.context import PREFIX, Served
from api.http.kernel.json_body import Sent
from api.http.kernel.openapi import ApiRoute, problems
from api.http.proofs import disclosure_models as disclosure_forms
from api.http.proofs.transcripts import own_account
from api.http.records.read import AddressPath
from ledger.core.state.hours_by_month import Cell
from ledger.operations.attest import attest
from ledger.operations.disclose import disclosure

router = APIRouter(prefix=PREFIX, tags=["proofs"], route_class=ApiRoute)

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

    home = served.home
    found = disclosure(home.ledger, account, (start, end), home.anchors_within, shown=shown)
    return DisclosureResponse(found, headers={"Cache-Control": "private, no-store"})


@router.post(
    "/accounts/{address}/attestations",
    status_code=201,
    summary="The ledger's yes to one condition, for one gate",
    response_model=disclosure_forms.AttestationForm,
    responses=problems(400, 404, 413, 415, 422),
)
async def make_attestation(
    address: AddressPath,
    served: Served,
    principal: Caller,
    asked: Sent[disclosure_forms.AttestationRequest],
) -> Response:
    """For who must not see records, a shop or a venue: short-lived, without amounts. `gate` is a
    hash of the gate's name and random value, which the ledger does not learn; `presenter` may be a
    fresh address. Refused where the answer is no."""
    account = own_account(address, principal)
    stated = asked.model_dump(exclude={"seconds", "as_of"})
    home = served.home
    found = await run_in_threadpool(
        lambda: attest(
            home.ledger,
            home.log_key,
            account,
            stated,
            seconds=asked.seconds,
            as_of=asked.as_of,
        )
    )
    return private(disclosure_forms.AttestationForm.model_validate(found), 201)
