"""Share links: showing one hour or certificate of mine to others, until a day."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.access.errors import AccessRefused, Flaw
from api.access.shares import Shares
from api.http.kernel import examples
from api.http.kernel.authorise import Caller
from api.http.kernel.caching import private
from api.http.kernel.context import PREFIX, Context, Served
from api.http.kernel.openapi import json_body, problems
from api.http.kernel.request_body import read_fields
from api.http.people import models as people_forms
from ledger.core.format.fields import Bytes32
from ledger.errors import NotFound

router = APIRouter(prefix=PREFIX, tags=["people"])

_ID = Bytes32()
_SHAPE = {
    "record_id": {"type": "string"},
    "name": {"type": "string", "description": "for the owner alone"},
    "days": {"type": "integer"},
}


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
def get_shares(served: Served, principal: Caller) -> Response:
    """Without their secrets, with when somebody looked and from which network, coarsely."""
    if principal.address is None:
        raise AccessRefused(Flaw.SIGN_IN)
    found = shares_of(served).list_of(principal.address)
    items = [people_forms.ShareForm.of(share.stored, share.views) for share in found]
    return private(people_forms.ShareList(items=items))


@router.post(
    "/shares",
    status_code=201,
    summary="Share an hour or a certificate",
    response_model=people_forms.NewShare,
    responses=problems(400, 401, 403, 404, 413, 415, 429),
    openapi_extra=json_body(_SHAPE, {"record_id": examples.RECORD_ID, "name": "HR", "days": 30}),
)
async def share_record(request: Request, served: Served, principal: Caller) -> Response:
    """A link that shows the record's public face, without its id, until it ends. Its path is
    shown once."""
    if principal.address is None:
        raise AccessRefused(Flaw.SIGN_IN)
    shares = shares_of(served)
    fields = await read_fields(request, record_id=str, name=str, days=int)
    target = _ID.decode(fields["record_id"], "record_id")
    secret, share = await served.writers.run(
        shares.share, principal.address, target, fields["name"], fields["days"]
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
    share_id: Annotated[str, Path(pattern="^[0-9a-f]{16}$", examples=["00112233aabbccdd"])],
    served: Served,
    principal: Caller,
) -> Response:
    """At once, for good."""
    if principal.address is None or not shares_of(served).revoke(principal.address, share_id):
        raise NotFound("no such link to withdraw")
    return Response(status_code=204)
