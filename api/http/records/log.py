"""The log as verifiers and monitors read it: C2SP tlog-tiles under the prefix `/v1`, batches,
anchors, and what identifies the ledger.

Of the C2SP paths, `tile/entries/…` is left out on purpose: entries are seen by their parties and
by whoever holds an id or a proof. Hashes, checkpoints, batches and anchors are public.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.http.kernel import caching
from api.http.kernel import models as forms
from api.http.kernel.context import PREFIX, Served
from api.http.kernel.openapi import cached, content
from api.http.proofs import receipt_models
from api.http.records.read import Limit
from ledger.core.format.limits import INTEGER_MAX
from ledger.core.format.structs import body_to_json
from ledger.core.trees.notes import vkey
from ledger.core.trees.tiles import TILE_WIDTH, parse_tile_path
from ledger.errors import NotFound
from ledger.operations import read
from ledger.operations.receipt import head_at

router = APIRouter(prefix=PREFIX, tags=["log"])

Index = Annotated[int, Path(ge=0, le=INTEGER_MAX, examples=[7])]
Number = Annotated[int, Path(ge=1, le=INTEGER_MAX, examples=[1])]
AfterBatch = Annotated[
    int, Query(ge=0, le=INTEGER_MAX, description="the last one that is known", examples=[0])
]
FewLimit = Annotated[int, Query(ge=1, le=100, description="most items of a page", examples=[100])]
_CHECKPOINT = "example.org/town\n7\n…\n\n— example.org/town …\n"


@router.get(
    "/ledger",
    summary="What a verifier pins",
    response_model=forms.LedgerForm,
    responses=cached(404),
)
def get_ledger(request: Request, served: Served) -> Response:
    """Genesis, ledger id, log key, authorities and the policy in force; 404 before genesis."""
    ledger = served.home.ledger
    head, charter = ledger.head(), ledger.root().newest()
    found = forms.LedgerForm(
        ledger_id=forms.hexed(head.ledger_id),
        origin=charter.origin,
        log_vkey=vkey(charter.origin, charter.log_key),
        **read.published(ledger),
        authorities=list(head.authorities),
        policy=body_to_json(head.policy),
        policy_version=head.policy_version,
        station=served.station.address if served.station else None,
    )
    return caching.json(request, found)


@router.get(
    "/checkpoint",
    summary="The newest signed checkpoint",
    response_class=Response,
    responses={
        200: content("A C2SP tlog-checkpoint.", "text/plain; charset=utf-8", _CHECKPOINT),
        **cached(404),
    },
)
def get_checkpoint(request: Request, served: Served) -> Response:
    """The signed head of the log; 404 before the first batch."""
    return caching.text(request, read.latest_checkpoint(served.home.ledger))


@router.get(
    "/tile/{level}/{path:path}",
    summary="Hashes of the tree",
    response_class=Response,
    responses={
        200: content("32 bytes for each hash.", "application/octet-stream", "", {"type": "string"}),
        **cached(404),
    },
)
def get_tile(
    level: Annotated[str, Path(examples=["0"])],
    path: Annotated[str, Path(examples=["000.p/7"])],
    request: Request,
    served: Served,
) -> Response:
    """A C2SP hash tile: `0/x001/234` in full, `0/000.p/7` cut to seven hashes."""
    try:
        tile_level, index, width = parse_tile_path(f"{level}/{path}")
    except ValueError as error:
        raise NotFound("no such tile") from error
    if width > TILE_WIDTH:
        raise NotFound("no such tile")
    data = read.tile(served.home.ledger, tile_level, index, width)
    return caching.answer(request, data, "application/octet-stream", immutable=True)


@router.get(
    "/batches",
    summary="Sealed batches",
    response_model=forms.Page[forms.BatchForm],
    responses=cached(400),
)
def get_batches(
    request: Request, served: Served, after: AfterBatch = 0, limit: Limit = 100
) -> Response:
    """Batches numbered above `after`, by number."""
    found = read.batches(served.home.ledger, after, limit + 1)
    items = [forms.BatchForm.of(batch) for batch in found[:limit]]
    next_after = items[-1].number if len(found) > limit else None
    return caching.json(request, forms.Page[forms.BatchForm](items=items, next=next_after))


@router.get(
    "/batches/{number}",
    summary="A sealed batch",
    response_model=forms.BatchForm,
    responses=cached(400, 404),
)
def get_batch(number: Number, request: Request, served: Served) -> Response:
    """One batch, which never changes."""
    batch = read.batch(served.home.ledger, number)
    return caching.json(request, forms.BatchForm.of(batch), immutable=True)


@router.get(
    "/heads/{index}",
    summary="What the newest head holds at an index",
    response_model=receipt_models.LaterHead,
    responses=cached(400, 404),
)
def get_head(index: Index, request: Request, served: Served) -> Response:
    """The `head` of a receipt, for whoever holds one: a seal, the leaf hash that stands at an index
    with its path, null where the log ends before it; 404 before the first batch."""
    found = head_at(served.home.ledger, index, served.home.anchors_within)
    if found is None:
        raise NotFound("no batch is sealed yet")
    return caching.json(request, receipt_models.LaterHead.model_validate(found))


@router.get(
    "/anchors",
    summary="Batches with their anchors",
    response_model=forms.Page[forms.AnchoredBatch],
    responses=cached(400),
)
def get_anchors(
    request: Request, served: Served, after: AfterBatch = 0, limit: FewLimit = 100
) -> Response:
    """Where chains hold the roots of the batches numbered above `after`, as last seen."""
    found = read.batches(served.home.ledger, after, limit + 1)
    items = [
        forms.AnchoredBatch(
            number=batch.number,
            size=batch.size,
            root=forms.hexed(batch.root),
            anchors=[forms.Anchor(**a) for a in served.home.anchors_for(batch.size)],
        )
        for batch in found[:limit]
    ]
    next_after = items[-1].number if len(found) > limit else None
    return caching.json(request, forms.Page[forms.AnchoredBatch](items=items, next=next_after))
