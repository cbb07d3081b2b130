"""What the site says of its ledger, for whoever is handed a file of it."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from api.http.kernel import caching
from api.http.kernel.context import Served
from api.http.kernel.models import Count, Form, Hash
from api.http.kernel.openapi import cached
from api.trust.home import PATH, home_json
from api.trust.pins import Charter
from ledger.core.records.charters import charter_hash, version_of

router = APIRouter(tags=["log"])


class CharterForm(Form):
    """The newest charter; the genesis is the first."""

    version: Count
    hash: Hash


class HomeForm(Form):
    """The one ledger that this site calls its own."""

    format: Literal["hourledger-home/v1"]
    ledger: Hash = Field(description="it counts only if the genesis names this host, too")
    charter: CharterForm


@router.get(
    PATH,
    summary="The ledger of this site",
    response_model=HomeForm,
    responses=cached(404),
)
def get_home_document(request: Request, served: Served) -> Response:
    """The ledger's id, for `hourledger trust add HOST` and `hourledger verify --online`; 404 before
    genesis."""
    head = served.home.ledger.head()
    newest = Charter(version_of(head.charter), charter_hash(head.charter))
    return caching.json(request, HomeForm.model_validate(home_json(head.ledger_id, newest)))
