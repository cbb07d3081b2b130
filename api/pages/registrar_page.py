"""The registrar's page: a shell that says nothing of anybody until a key has signed in."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.credits.roster_codes import CODES
from api.http.kernel.context import Served
from api.pages.errors import PageRoute
from api.pages.rendering import formats_of, page
from ledger.core.credits.reasons import REASONS

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/registrar")
def get_registrar_page(request: Request, served: Served) -> Response:
    """The shell, and what its scripts must know."""
    ledger, _ = served.home.ledger, formats_of(request).words
    data = {
        "ledger": "0x" + ledger.ledger_id.hex(),
        "now": ledger.clock(),
        "offset_minutes": ledger.policy.utc_offset_minutes,
        "reasons": {code: _(english) for code, english in REASONS.items()},
        "codes": {code: _(english) for code, english in CODES.items()},
    }
    signs_in = served.access is not None
    return page(request, "registrar.html", script="registrar", data=data, signs_in=signs_in)
