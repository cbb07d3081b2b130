"""An organisation's public page: when it was certified, and what it recorded, month by month."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response

from api.http.kernel.context import Served
from api.pages.errors import PageRoute
from api.pages.rendering import page
from ledger.core.format.fields import ZERO_ADDRESS, checksum_address
from ledger.errors import NotFound
from ledger.operations import read
from ledger.operations.overview import FEWEST, months_of
from ledger.store.overview import ClassSums

router = APIRouter(include_in_schema=False, route_class=PageRoute)

MONTHS: Final = 12
"""Local months that are summed up, the present one included."""

AddressPath = Annotated[str, Path(pattern=r"^0x[0-9a-fA-F]{40}$", max_length=42)]


@router.get("/organisations/{organisation}")
def get_organisation_page(organisation: AddressPath, request: Request, served: Served) -> Response:
    """Sums are of the months that are shown, so what is withheld cannot be read out of them."""
    ledger, address = served.home.ledger, checksum_address(organisation[2:].lower())
    found = read.organisation(ledger, address)
    if found is None:
        raise NotFound("no such organisation")
    months = months_of(ledger, address, MONTHS)
    credit, honour = (
        _sum(of for of in shown if of)
        for shown in ([m.credit for m in months], [m.honour for m in months])
    )
    related = {
        name: (other, read.organisation(ledger, other))
        for name, other in (("parent", found.parent), ("successor", found.successor))
        if other != ZERO_ADDRESS
    }
    return page(
        request,
        "organisation.html",
        address=address,
        organisation=found,
        certified=found.certified_at(ledger.clock()),
        months=[m for m in months if m.credit != ClassSums() or m.honour != ClassSums()],
        credit=credit,
        honour=honour,
        related=related,
        fewest=FEWEST,
        late_days=ledger.policy.late_working_days,
    )


def _sum(found: Iterable[ClassSums]) -> ClassSums:
    """Services, minutes and late ones added up; people are not, who serve in many months."""
    total = ClassSums()
    for one in found:
        total = ClassSums(
            total.services + one.services, total.minutes + one.minutes, 0, total.late + one.late
        )
    return total
