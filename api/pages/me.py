"""The volunteer's own page: a shell that says nothing of anybody until a key has signed in.

What it shows is asked of the API by its scripts, with the session that the key opened.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.http.kernel.context import Context, Served
from api.pages.errors import PageRoute
from api.pages.rendering import formats_of, page
from ledger.core.credits.reasons import REASONS
from ledger.core.state.flags import FLAGS
from ledger.operations import read

router = APIRouter(include_in_schema=False, route_class=PageRoute)


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
    """Entries of the batch that a proof of all would rest on; 0 where none is on a chain."""
    newest = read.latest_batch(served.home.ledger)
    anchors = served.home.anchors_within(1, newest.size) if newest else []
    return int(anchors[0]["size"]) if anchors else 0
