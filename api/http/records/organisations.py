"""What an organisation is called, so that a name can stand beside its address."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.http.kernel import caching
from api.http.kernel import models as forms
from api.http.kernel.context import PREFIX, Served
from api.http.kernel.openapi import cached
from api.http.records.read import AddressPath
from ledger.core.format.fields import checksum_address
from ledger.errors import NotFound
from ledger.operations import read

router = APIRouter(prefix=PREFIX, tags=["organisations"])


class OrganisationView(forms.Form):
    """An organisation as it stands now."""

    address: forms.Address
    name: str
    category: str
    certified: bool


@router.get(
    "/organisations/{address}",
    summary="An organisation",
    response_model=OrganisationView,
    responses=cached(400, 404),
)
def get_organisation(address: AddressPath, request: Request, served: Served) -> Response:
    """What an organisation is called, and whether it is certified now; 404 for whoever is none."""
    ledger, spelled = served.home.ledger, checksum_address(address[2:].lower())
    found = read.organisation(ledger, spelled)
    if found is None:
        raise NotFound("no such organisation")
    view = OrganisationView(
        address=spelled,
        name=found.name,
        category=found.category,
        certified=found.certified_at(ledger.clock()),
    )
    return caching.json(request, view)
