"""Appending records: one as JSON, many as lines. An answer of acceptance is durable acceptance.

The framework reads no body here: bytes go to the strict decoder, which refuses what ordinary JSON
readers let pass (duplicate keys, floats, NaN, deep nesting, integers that others would round).
"""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.http import examples, record_forms
from api.http.intake import Line, demand_media, read_body, read_lines
from api.http.ports import PREFIX, Context, Served
from api.http.problems import printable
from api.http.schemas import NDJSON, RECORD_BODY, content, problems
from ledger.core.encoding import decode_record, parse_json
from ledger.core.records import Record
from ledger.errors import Refused
from ledger.operations.book import Answer
from ledger.refusals import Code

router = APIRouter(prefix=PREFIX, tags=["records"])

GROUP_LINES: Final = 500
"""Lines that are judged together: their bodies and answers bound what a request holds."""

GROUP_BYTES: Final = 1024 * 1024
"""Bytes of lines that are judged together."""

_ANSWERED: Final = "\n".join(json.dumps(x) for x in (examples.ACCEPTED_LINE, examples.REFUSED_LINE))
_BULK: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "One record a line, at most 10,000 lines and 64 MiB.",
        "content": {NDJSON: {"schema": {"type": "string"}, "example": json.dumps(examples.RECORD)}},
    }
}


@router.post(
    "/records",
    status_code=201,
    response_model=record_forms.ReceiptForm,
    summary="Append a record",
    responses={
        200: {"model": record_forms.ReceiptForm, "description": "It was in the book before."},
        **problems(400, 409, 413, 415, 422),
    },
    openapi_extra=RECORD_BODY,
)
async def append_record(request: Request, served: Served) -> Response:
    """Append one record. The same record again gets the same receipt, with status 200.

    The id does not depend on the signatures: to retry after a lost answer, send it again.
    """
    demand_media(request, ("application/json",))
    data = await read_body(request)
    (result,) = await run_in_threadpool(_append, served, [data])
    if isinstance(result, Refused):
        raise result
    receipt = record_forms.ReceiptForm.of(result)
    headers = {"Location": f"{PREFIX}/records/{receipt.record_id}"}
    status = 200 if result.duplicate else 201
    return Response(receipt.model_dump_json(), status, headers, "application/json")


@router.post(
    "/records:batch",
    summary="Append many records",
    response_class=Response,
    responses={
        200: content("One answer for every line that is not blank, in order.", NDJSON, _ANSWERED),
        **problems(415),
    },
    openapi_extra=_BULK,
)
async def append_lines(request: Request, served: Served) -> Response:
    """Append the records of up to 10,000 lines, one answer a line; a bad one stops no other.

    Lines are numbered from 1; blank ones are counted and get no answer. Lines are judged as they
    come in. Line 10,001, or the line at which 64 MiB are passed, is answered TOO_LARGE and ends
    the reading; what came before it stands. After 503 send everything again: what was taken is
    answered as a duplicate.
    """
    demand_media(request, (NDJSON,))
    answers, group, size, stopped = bytearray(), list[Line](), 0, False
    async for line in read_lines(request):
        group.append(line)
        size += len(line.data or b"")
        stopped = line.stops
        if len(group) >= GROUP_LINES or size >= GROUP_BYTES:
            answers += await run_in_threadpool(_answer_lines, served, group)
            group, size = [], 0
    answers += await run_in_threadpool(_answer_lines, served, group)
    headers = {"Connection": "close"} if stopped else None
    return Response(bytes(answers), 200, headers, NDJSON)


def _answer_lines(served: Context, lines: list[Line]) -> bytes:
    data = [Refused(Code.TOO_LARGE, x.detail) if x.data is None else x.data for x in lines]
    answers = zip(lines, _append(served, data), strict=True)
    return b"".join(_line(line.number, answer) for line, answer in answers)


def _append(served: Context, inputs: list[bytes | Refused] | list[bytes]) -> list[Answer]:
    """An answer to each input, in order. Raises `Unavailable`."""
    read = [x if isinstance(x, Refused) else _decode(x) for x in inputs]
    taken = iter(served.ledger.book.append_many([x for x in read if isinstance(x, Record)]))
    answers = [x if isinstance(x, Refused) else next(taken) for x in read]
    for answer in answers:
        served.metrics.count(answer)
    return answers


def _decode(data: bytes) -> Record | Refused:
    try:
        return decode_record(parse_json(data))
    except Refused as refusal:
        return refusal


def _line(number: int, answer: Answer) -> bytes:
    told: dict[str, Any]
    if isinstance(answer, Refused):
        code = answer.code
        told = {"code": code.value, "zh": code.zh, "en": code.en}
        told = {"outcome": "refused", **told, "detail": printable(answer.detail)}
    else:
        told = {"outcome": "accepted", **record_forms.ReceiptForm.of(answer).model_dump()}
    return json.dumps({"line": number, **told}, ensure_ascii=False).encode() + b"\n"
