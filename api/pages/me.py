"""The volunteer's own page: a shell that says nothing of anybody until a key has signed in.

What it shows is asked of the API by its scripts, with the session that the key opened.
"""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response

from api.http.kernel.context import Context, Served
from api.pages.errors import PageRoute
from api.pages.rendering import formats_of, page
from ledger.core.credits.reasons import REASONS
from ledger.core.state.flags import FLAGS
from ledger.operations import read

router = APIRouter(include_in_schema=False, route_class=PageRoute)

ANCHOR_SEARCH: Final = 100
"""How many batches back the newest anchored one is looked for."""


@router.get("/me")
def get_my_page(request: Request, served: Served) -> Response:
    """The shell, and what its scripts must know of the ledger."""
    ledger = served.home.ledger
    policy, newest, _ = ledger.policy, read.latest_batch(ledger), formats_of(request).words
    data = {
        "ledger": "0x" + ledger.ledger_id.hex(),
        "language": _.language,
        "now": ledger.clock(),
        "offset_minutes": policy.utc_offset_minutes,
        "minutes_per_yibi": policy.minutes_per_yibi,
        "sealed": newest.size if newest else 0,
        "anchored": _anchored(served),
        "flags": {flag: _(english) for flag, english in FLAGS.items()},
        "reasons": {code: _(english) for code, english in REASONS.items()},
    }
    return page(request, "me.html", script="me", data=data, signs_in=served.access is not None)


def _anchored(served: Context) -> int:
    """Entries of the newest batch that a chain holds; 0 where none is found."""
    newest = read.latest_batch(served.home.ledger)
    last = newest.number if newest else 0
    found = read.batches(served.home.ledger, max(0, last - ANCHOR_SEARCH), ANCHOR_SEARCH)
    sizes = (batch.size for batch in reversed(found) if served.home.anchors_for(batch.size))
    return next(sizes, 0)
