"""Share links: showing one hour or certificate of mine to others, until a day."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.access.shares import Shares
from api.http.kernel.authorise import SignedIn
from api.http.kernel.caching import private
from api.http.kernel.context import PREFIX, Context, Served
from api.http.kernel.json_body import Sent
from api.http.kernel.openapi import ApiRoute, problems
from api.http.people import models as people_forms
from ledger.errors import NotFound

router = APIRouter(prefix=PREFIX, tags=["people"], route_class=ApiRoute)


GrantId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", examples=["00112233aabbccdd"])]
"""Names a link or a token to its owner."""


def shares_of(served: Context) -> Shares:
    """The links of this server. Raises `NotFound` where nobody can sign in."""
    if served.access is None:
        raise NotFound("nothing is shared here")
    return served.access.shares


@router.get(
    "/shares",
    summary="My share links",
    response_model=people_forms.ShareList,
    responses=problems(401, 403, 404, 429),
)
def get_shares(served: Served, address: SignedIn) -> Response:
    """Without their secrets, with when somebody looked and from which network, coarsely."""
    found = shares_of(served).list_of(address)
    items = [people_forms.ShareForm.of(share.stored, share.views) for share in found]
    return private(people_forms.ShareList(items=items))


@router.post(
    "/shares",
    status_code=201,
    summary="Share an hour or a certificate",
    response_model=people_forms.NewShare,
    responses=problems(400, 401, 403, 404, 413, 415, 429),
)
async def share_record(
    served: Served, address: SignedIn, asked: Sent[people_forms.ShareRequest]
) -> Response:
    """A link that shows the record's public face, without its id, until it ends. Its path is
    shown once."""
    secret, share = await served.writers.run(
        shares_of(served).share, address, asked.record_id, asked.name, asked.days
    )
    made = people_forms.NewShare(
        path=f"/shared/{secret.text}", share=people_forms.ShareForm.of(share)
    )
    return private(made, 201)


@router.delete(
    "/shares/{share_id}",
    status_code=204,
    response_class=Response,
    summary="Withdraw a share link",
    responses=problems(400, 401, 403, 404, 429),
)
def revoke_share(
    share_id: GrantId,
    served: Served,
    address: SignedIn,
) -> Response:
    """The link stops working at once, and cannot be opened again."""
    if not shares_of(served).revoke(address, share_id):
        raise NotFound("no such link to withdraw")
    return Response(status_code=204)
