"""The page that checks proofs in the visitor's browser, and the same page as one file for a disk.

The server hands out the page, and proofs to whoever names a record by its id. It learns nothing of
files that are checked: they do not leave the browser.
"""

from __future__ import annotations

import json
import logging
from base64 import b64encode
from hashlib import sha256
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from anchoring.errors import AnchorError, NotRelayed
from api.http.kernel.context import Context, Served
from api.pages.errors import PageRoute
from api.pages.offline import START, sources
from api.pages.rendering import page, rendered
from api.pages.static import assets

LOG = logging.getLogger(__name__)

router = APIRouter(include_in_schema=False, route_class=PageRoute)

SCRIPT: Final = "verify"
"""The folder of the page's scripts."""

CONNECT: Final = "http: https:"
"""A visitor may have any chain node asked, so connections are open, and nothing else is."""

NOT_ANSWERED: Final = "this question is not answered here"
NOT_NOW: Final = "the chain cannot be asked now: try again later"

SHEETS: Final = ("tokens", "base", "parts", "verify")

OFFLINE_POLICY: Final = (
    "default-src 'none'; script-src {script} blob:; style-src {style}; connect-src {connect}; "
    "form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'"
)
"""What the file on a disk may do: run the modules in it, and ask a chain node."""


@router.get("/verify")
def get_verify_page(request: Request, served: Served) -> Response:
    """What is to be checked stands in the fragment of the address, which is never sent."""
    chain = "/verify/chain" if served.relay is not None else ""
    return page(
        request,
        "verify.html",
        script=SCRIPT,
        connect=f"'self' {CONNECT}",
        ledger_id=_ledger_id(served),
        chain=chain,
    )


@router.get("/verify/offline.html")
def get_offline_page(request: Request, served: Served) -> Response:
    """The page with all that it needs in one file."""
    if not assets().complete:
        return RedirectResponse(f"/verify?{request.url.query}", status_code=303)
    entry = f"js/{SCRIPT}/main.js"
    # No "</script>" in a module can end it.
    modules = json.dumps(dict(sources(entry)), ensure_ascii=False).replace("<", "\\u003c")
    start = START.replace("ENTRY", entry)
    style = "".join(assets().files[f"css/{name}.css"][0].decode() for name in SHEETS)
    policy = OFFLINE_POLICY.format(script=_hash(start), style=_hash(style), connect=CONNECT)
    parts = {"modules": modules, "start": start, "style": style}
    safe = {name: Markup(text) for name, text in parts.items()}  # noqa: S704 - our own sources
    html = rendered(
        request,
        "verify_offline.html",
        script=SCRIPT,
        ledger_id=_ledger_id(served),
        policy=policy,
        host=request.url.netloc,
        **safe,
    )
    name = 'attachment; filename="hourledger-verify.html"'
    headers = {"Content-Disposition": name, "Content-Security-Policy": "sandbox"}
    return Response(html, headers=headers, media_type="text/html; charset=utf-8")


@router.get("/verify/chain")
def ask_chain(method: str, params: str, served: Served) -> Response:
    """What this ledger's own chain node answers to a verifier's question, as JSON-RPC. What a node
    says of its troubles is not for visitors: they get one of two sentences."""
    answer: dict[str, Any]
    try:
        asked = json.loads(params[:1000])
        if served.relay is None or type(asked) is not list:
            raise NotRelayed("not answered here")
        answer = {"result": served.relay.ask(method, asked)}
    except (ValueError, RecursionError, NotRelayed):
        answer = {"error": {"code": -32601, "message": NOT_ANSWERED}}
    except AnchorError as error:
        LOG.warning("the chain is not asked for a visitor: %s", error)
        answer = {"error": {"code": -32000, "message": NOT_NOW}}
    answer |= {"jsonrpc": "2.0", "id": 1}
    return Response(json.dumps(answer), media_type="application/json")


def _ledger_id(served: Context) -> str:
    return "0x" + served.home.ledger.ledger_id.hex()


def _hash(text: str) -> str:
    """The source expression that allows exactly this inline element."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
