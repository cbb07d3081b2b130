"""The two routes of a witness: `add-checkpoint`, and the newest checkpoint of each log."""

from __future__ import annotations

from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from api.witness.keeping import Witnessing
from ledger.core.trees.witness_request import REQUEST_MAX

MINUTE: Final = "max-age=60"


def create_app(witnessing: Witnessing) -> Starlette:
    """Serve a witness at `/`: submission and monitoring have the same prefix."""

    async def add_checkpoint(request: Request) -> Response:
        data = await _body(request)
        if data is None:
            return PlainTextResponse(f"a request has at most {REQUEST_MAX} bytes\n", 413)
        answer = await run_in_threadpool(witnessing.ask, data)
        # As a header: Starlette would add a charset, and the protocol knows none.
        return Response(answer.body, answer.status, {"Content-Type": answer.media_type})

    def checkpoint(request: Request) -> Response:
        found = witnessing.checkpoint(request.path_params["name"])
        if found is None:
            return PlainTextResponse("nothing was cosigned of such a log\n", 404)
        return PlainTextResponse(found, headers={"Cache-Control": MINUTE})

    return Starlette(
        routes=[
            Route("/add-checkpoint", add_checkpoint, methods=["POST"]),
            Route("/{name}/checkpoint", checkpoint, methods=["GET"]),
        ]
    )


async def _body(request: Request) -> bytes | None:
    found = bytearray()
    try:
        async for piece in request.stream():
            found += piece
            if len(found) > REQUEST_MAX:
                return None
    except ClientDisconnect:
        return None
    return bytes(found)
