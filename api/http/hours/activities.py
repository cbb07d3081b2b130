"""Activities as they stand, the code shown at the place, and what waits to be signed."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.http.hours import models as hour_forms
from api.http.hours.clock import station_of
from api.http.kernel import caching, examples
from api.http.kernel import models as forms
from api.http.kernel.caching import private
from api.http.kernel.context import PREFIX, Served
from api.http.kernel.json_body import Sent
from api.http.kernel.openapi import ApiRoute, cached, problems
from api.http.records.read import AddressPath, After, Limit
from api.station.fence import Centre, Position
from ledger.core.format.fields import Address
from ledger.core.format.limits import INTEGER_MAX
from ledger.errors import NotFound
from ledger.operations import hours

router = APIRouter(prefix=PREFIX, tags=["activities"], route_class=ApiRoute)

ActivityId = Annotated[
    str, Path(pattern=r"^0x[0-9a-f]{64}$", max_length=66, examples=[examples.RECORD_ID])
]
Since = Annotated[int, Query(ge=0, le=INTEGER_MAX, description="Unix seconds UTC", examples=[0])]
Signer = Annotated[str, Query(pattern=r"^0x[0-9a-fA-F]{40}$", examples=[examples.VOLUNTEER])]

_ADDRESS = Address()


def _id(text: str) -> bytes:
    return bytes.fromhex(text[2:])


@router.get(
    "/activities/{activity}",
    summary="An activity",
    response_model=hour_forms.ActivityView,
    responses=cached(400, 404),
)
def get_activity(activity: ActivityId, request: Request, served: Served) -> Response:
    """Times, seats and ceiling as they stand; the record itself has the rest."""
    found = hours.activity(served.home.ledger, _id(activity))
    return caching.json(request, hour_forms.ActivityView.of(_id(activity), found))


@router.get(
    "/activities/{activity}/site-code",
    summary="The code to show at the place",
    response_model=hour_forms.SiteCode,
    responses=problems(400, 404),
)
def get_site_code(activity: ActivityId, served: Served) -> Response:
    """Six digits that change every half minute, for who acts for the organisation."""
    code, seconds = station_of(served).code(_id(activity))
    return private(hour_forms.SiteCode(code=code, expires_in=seconds))


@router.get(
    "/activities/{activity}/drafts",
    summary="What waits to be signed",
    response_model=hour_forms.Drafts,
    responses=problems(400, 404),
)
def get_drafts(activity: ActivityId, served: Served) -> Response:
    """The credit hours that the clock gave and the organisation has not signed. Sign all with one
    sheet and send them to `/v1/records:batch`."""
    ledger = served.home.ledger
    found = hours.drafts(ledger, _id(activity))
    items = [hour_forms.DraftForm.of(ledger.ledger_id, draft) for draft in found]
    return private(hour_forms.Drafts(activity=activity, items=items))


@router.post(
    "/organisations/{organisation}/places",
    status_code=201,
    summary="Leave the centre of a fence here",
    response_model=hour_forms.Place,
    responses=problems(400, 404, 413, 415, 422),
)
async def put_place(
    organisation: AddressPath, served: Served, asked: Sent[hour_forms.PlaceRequest]
) -> Response:
    """Whole microdegrees, kept encrypted; an activity names the answer as its place."""
    if served.places is None:
        raise NotFound("no places are kept here")
    Position(asked.latitude, asked.longitude, accuracy=0)
    centre = Centre(asked.latitude, asked.longitude)
    address = _ADDRESS.decode(organisation, "organisation")
    place = await served.writers.run(served.places.put, address, centre)
    return private(hour_forms.Place(place=forms.hexed(place)), 201)


@router.get(
    "/organisations/{organisation}/signed",
    summary="What one key signed for the organisation",
    response_model=forms.Page[hour_forms.SignedForm],
    responses=problems(400, 404),
)
def get_signed(
    organisation: AddressPath,
    signer: Signer,
    served: Served,
    since: Since = 0,
    after: After = -1,
    limit: Limit = 100,
) -> Response:
    """Services that count, by index: what to void when the key was stolen at `since`."""
    found = hours.signed_by(
        served.home.ledger,
        _ADDRESS.decode(organisation, "organisation"),
        _ADDRESS.decode(signer, "signer"),
        since,
        after,
    )
    page = [hour_forms.SignedForm.of(signed) for signed in islice(found, limit + 1)]
    following = page[limit - 1].index if len(page) > limit else None
    return private(forms.Page[hour_forms.SignedForm](items=page[:limit], next=following))
