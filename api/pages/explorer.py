"""The open ledger: batches, where chains witness them, and how the ledger grew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response
from markupsafe import Markup

from anchoring.journal import handed_over
from api.http.kernel.context import Context, Served
from api.node.chain_names import chain_of
from api.pages import charts
from api.pages.covering import anchors_over
from api.pages.errors import PageRoute
from api.pages.formats import Formats
from api.pages.rendering import formats_of, page
from ledger.core.format.limits import INTEGER_MAX
from ledger.operations import read
from ledger.operations.overview import organisations, overview, state_root
from ledger.store.entries import Batch

router = APIRouter(include_in_schema=False, route_class=PageRoute)

LISTED: Final = 20
"""Batches of one page."""

CHARTED: Final = 60
"""Batches of a chart, the newest ones."""

Number = Annotated[int, Path(ge=1, le=INTEGER_MAX)]
Before = Annotated[int, Query(ge=1, le=INTEGER_MAX)]


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A batch with its anchors, and the seconds from its seal until its root was handed to a
    chain; None while no chain holds it."""

    batch: Batch
    anchors: Sequence[dict[str, Any]]
    waited: int | None


@router.get("/explorer")
def get_explorer(request: Request, served: Served, before: Before = INTEGER_MAX) -> Response:
    """Charts, batches with numbers below `before` (the newest first), and organisations."""
    ledger = served.home.ledger
    now, newest = ledger.clock(), read.latest_batch(ledger)
    last = min(before - 1, newest.number if newest else 0)
    listed = _batches(served, last, LISTED)
    charted = _batches(served, newest.number if newest else 0, CHARTED)
    fmt = formats_of(request)
    return page(
        request,
        "explorer.html",
        overview=overview(ledger),
        batches=listed,
        older=listed[-1].batch.number if listed and listed[-1].batch.number > 1 else None,
        newest=newest is None or last == newest.number,
        charted=charted,
        growth=_growth(fmt, charted),
        latency=_latency(fmt, charted),
        organisations=[(a, o, o.certified_at(now)) for a, o in organisations(ledger)],
    )


@router.get("/batches/{number}")
def get_batch_page(number: Number, request: Request, served: Served) -> Response:
    """One batch: its size and roots, its signed checkpoint and its anchors."""
    batch = read.batch(served.home.ledger, number)
    (found,) = _witnessed(served, [batch])
    newest = read.latest_batch(served.home.ledger)
    return page(
        request,
        "batch.html",
        batch=batch,
        anchors=[(anchor, chain_of(anchor["chain_id"])) for anchor in found.anchors],
        waited=found.waited,
        state_root=state_root(served.home.ledger, batch),
        newest=newest.number if newest else number,
    )


def _batches(served: Context, last: int, most: int) -> list[Witnessed]:
    """Up to so many batches, from number `last` downwards."""
    found = read.batches(served.home.ledger, max(0, last - most), min(most, last)) if last else []
    return _witnessed(served, found[::-1])


def _witnessed(served: Context, batches: Sequence[Batch]) -> list[Witnessed]:
    if not batches:
        return []
    sizes = [batch.size for batch in batches]
    handed = handed_over(served.home.ledger.engine, min(sizes), max(sizes))
    found = []
    for batch in batches:
        anchors, time = anchors_over(served.home, batch.size), handed.get(batch.size)
        # The clock of a machine may be set back; nothing is anchored before it is sealed.
        waited = max(0, time - batch.sealed_at) if anchors and time is not None else None
        found.append(Witnessed(batch, anchors, waited))
    return found


def _growth(fmt: Formats, newest_first: Sequence[Witnessed]) -> Markup | None:
    if len(newest_first) < 2:
        return None
    _, batches = fmt.words, [found.batch for found in reversed(newest_first)]
    first, last = batches[0], batches[-1]
    labels = charts.Labels(
        title=_("Entries in the ledger"),
        description=_(
            "From {first} to {last} entries, from {start} to {end}.",
            first=fmt.number(first.size),
            last=fmt.number(last.size),
            start=fmt.day(first.sealed_at),
            end=fmt.day(last.sealed_at),
        ),
        largest=fmt.number(last.size),
        first=fmt.day(first.sealed_at),
        last=fmt.day(last.sealed_at),
    )
    return charts.curve("growth", [(batch.sealed_at, batch.size) for batch in batches], labels)


def _latency(fmt: Formats, newest_first: Sequence[Witnessed]) -> Markup | None:
    found = [(w.batch.number, w.waited) for w in reversed(newest_first) if w.waited is not None]
    if len(found) < 2:
        return None
    _, seconds = fmt.words, [waited for _, waited in found]
    middle = sorted(seconds)[len(seconds) // 2]
    labels = charts.Labels(
        title=_("Time from seal to chain"),
        description=_(
            "Half of these batches were handed to a chain within {middle}, all within {most}.",
            middle=fmt.duration(middle),
            most=fmt.duration(max(seconds)),
        ),
        largest=fmt.duration(max(seconds)),
        first=_("Batch {n}", n=found[0][0]),
        last=_("Batch {n}", n=found[-1][0]),
    )
    return charts.bars("latency", seconds, labels)
