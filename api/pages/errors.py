"""What goes wrong on a page is said as a page; what goes wrong at the API stays a problem document.

Status, headers and log are those of `api.http.kernel.problems`: here they only get another form.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from api.http.kernel.context import PREFIX
from api.http.kernel.problems import HttpProblem, failed, problem_of, respond, route_of
from api.pages.rendering import page
from api.words import mark
from ledger.errors import LedgerError

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

TEXTS: Final = {
    404: (
        mark("There is nothing here"),
        mark("The address may be mistyped, or what it named may be no longer here."),
    ),
    429: (mark("Too many requests"), mark("Please wait a moment, then load the page again.")),
    503: (
        mark("Not at the moment"),
        mark("The ledger cannot be read right now. Nothing is lost; please come again shortly."),
    ),
}
"""Status → headline and what to do."""

FAILED: Final = (
    mark("Something went wrong on our side"),
    mark("Nothing was changed by it. The operator finds the cause by the number below."),
)


class PageRoute(APIRoute):
    """A route whose errors are pages."""

    def get_route_handler(self) -> Handler:
        """The route's handler, its errors answered as pages."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            route = route_of(request.scope)
            try:
                return await inner(request)
            except LedgerError as error:
                problem = problem_of(error, route)
            except RequestValidationError:
                # An address that cannot be one of ours names nothing.
                problem = respond(HttpProblem.NOT_FOUND)
            except Exception as error:  # noqa: BLE001 - the last net under pages
                problem = failed(HttpProblem.DEFECT, error, route)
            return await run_in_threadpool(error_page, request, problem)

        return handler


def error_page(request: Request, problem: Response) -> Response:
    """A problem as a page, with its status and headers."""
    title, text = TEXTS.get(problem.status_code, FAILED)
    instance = json.loads(bytes(problem.body)).get("instance", "")
    values = {"title": title, "text": text, "instance": instance.removeprefix("urn:uuid:")}
    answer = page(request, "error.html", status=problem.status_code, **values)
    for name in ("retry-after", "www-authenticate"):
        if name in problem.headers:
            answer.headers[name] = problem.headers[name]
    answer.headers["Cache-Control"] = "no-store"
    return answer


def install(app: FastAPI) -> None:
    """Answer addresses that no route has with a page, where a browser asks beside the API."""
    answer_problem: Any = app.exception_handlers[HTTPException]

    @app.exception_handler(HTTPException)
    async def not_found(request: Request, error: HTTPException) -> Response:
        asked = request.headers.get("accept", "")
        if (
            error.status_code == 404
            and "text/html" in asked
            and not request.url.path.startswith((PREFIX + "/", "/problems/"))
        ):
            return await run_in_threadpool(error_page, request, respond(HttpProblem.NOT_FOUND))
        found: Response = await answer_problem(request, error)
        return found
