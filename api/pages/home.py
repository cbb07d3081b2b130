"""The first page: what this is, how to check a certificate, and what the ledger holds."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.http.kernel.context import Served
from api.pages.errors import PageRoute
from api.pages.rendering import page
from ledger.operations.overview import FEWEST, overview

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/")
def get_home(request: Request, served: Served) -> Response:
    """Counts of the whole ledger as it stands."""
    return page(request, "home.html", overview=overview(served.home.ledger), fewest=FEWEST)
