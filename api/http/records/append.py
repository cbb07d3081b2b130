"""Appending records: one as JSON, many as lines. An answer of acceptance is durable acceptance.

The framework reads no body here: bytes go to the strict decoder, which refuses what ordinary JSON
readers let pass (duplicate keys, floats, NaN, deep nesting, integers that others would round).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.access.errors import AccessProblem, AccessRefused
from api.access.principal import ANONYMOUS, Principal
from api.http.kernel import examples
from api.http.kernel.authorise import Caller, keys_of, take
from api.http.kernel.context import PREFIX, Context, Served
from api.http.kernel.openapi import NDJSON, RECORD_BODY, content, problems
from api.http.kernel.problems import printable
from api.http.kernel.request_body import Line, demand_media, read_body, read_lines
from api.http.proofs.receipt_models import AcceptedForm
from api.http.records import models as record_forms
from api.words import chinese
from ledger.core.records.decode import decode_record, parse_json
from ledger.core.records.record import Record, record_to_json
from ledger.errors import LedgerError, Refused
from ledger.operations.ledger import Answer
from ledger.operations.receipt import receipt
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
    response_model=AcceptedForm,
    summary="Append a record",
    responses={
        200: {"model": AcceptedForm, "description": "It was in the ledger before."},
        **problems(400, 409, 413, 415, 422, 429),
    },
    openapi_extra=RECORD_BODY,
)
async def append_record(request: Request, served: Served, principal: Caller) -> Response:
    """Append one record. The same record again gets the same answer, with status 200.

    The id does not depend on the signatures: to retry after a lost answer, send it again.
    """
    demand_media(request, ("application/json",))
    sender = Sender(served, request, principal)
    sender.take(1)
    data = await read_body(request)
    (result,) = await served.writers.run(_append, sender, [data])
    if isinstance(result, LedgerError):
        raise result
    told = record_forms.AcceptanceForm.of(result).model_dump()
    told["receipt"] = await run_in_threadpool(_receipt, served, data, result.record_id)
    headers = {"Location": f"{PREFIX}/records/{told['record_id']}"}
    status = 200 if result.duplicate else 201
    return Response(json.dumps(told, ensure_ascii=False), status, headers, "application/json")


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
async def append_lines(request: Request, served: Served, principal: Caller) -> Response:
    """Append the records of up to 10,000 lines, one answer a line; a bad one stops no other.

    Lines are numbered from 1; blank ones are counted and get no answer. Lines are judged as they
    come in. Line 10,001, or the line at which 64 MiB are passed, is answered TOO_LARGE and ends
    the reading; what came before it stands. Each line is counted as a record handed in. After 429
    or 503 send everything again: what was taken is answered as a duplicate.
    """
    demand_media(request, (NDJSON,))
    sender = Sender(served, request, principal)
    sender.take(1)
    answers, group, size, stopped = bytearray(), list[Line](), 0, False
    write = served.writers.run
    async for line in read_lines(request):
        group.append(line)
        size += len(line.data or b"")
        stopped = line.stops
        if len(group) >= GROUP_LINES or size >= GROUP_BYTES:
            answers += await write(_answer_lines, sender, group)
            group, size, write = [], 0, served.writers.go_on
    answers += await write(_answer_lines, sender, group)
    headers = {"Connection": "close"} if stopped else None
    return Response(bytes(answers), 200, headers, NDJSON)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who hands records in, and what that costs."""

    served: Context
    request: Request
    principal: Principal

    def take(self, records: int) -> None:
        """Count records. Raises `AccessRefused(TOO_OFTEN)` for who owes too many."""
        if self.served.limits is not None:
            take(self.served.limits.records, self.request, self.principal, records)

    def charge(self, records: int) -> None:
        """Count more records of a request that was let in."""
        if self.served.limits is not None:
            keys = keys_of(self.request, self.principal)
            self.served.limits.records.charge(*keys, cost=records)

    def admit(self, record: Record) -> Record | AccessRefused:
        """The record; refused where it enrols one person too many. Anybody can make keys, so
        network addresses are what is counted, unless a certified organisation hands it in."""
        limits, acting = self.served.limits, self.principal.mandates
        if record.kind != "volunteer" or limits is None or any(m.certified for m in acting):
            return record
        (network,) = keys_of(self.request, ANONYMOUS)
        wait = limits.enrolments.take(network)
        return AccessRefused(AccessProblem.TOO_OFTEN, str(wait)) if wait else record


_Told = Answer | AccessRefused


def _answer_lines(sender: Sender, lines: list[Line]) -> bytes:
    data = [Refused(Code.TOO_LARGE, x.detail) if x.data is None else x.data for x in lines]
    sender.charge(len(data))
    answers = zip(lines, _append(sender, data), strict=True)
    return b"".join(_line(line.number, answer) for line, answer in answers)


def _append(sender: Sender, inputs: list[bytes | Refused] | list[bytes]) -> list[_Told]:
    """An answer to each input, in order. Raises `Unavailable`."""
    read = [x if isinstance(x, Refused) else _decode(x) for x in inputs]
    let = [sender.admit(x) if isinstance(x, Record) else x for x in read]
    ledger = sender.served.home.ledger
    taken = iter(ledger.append_many([x for x in let if isinstance(x, Record)]))
    answers = [next(taken) if isinstance(x, Record) else x for x in let]
    for answer in answers:
        if not isinstance(answer, AccessRefused):
            sender.served.metrics.count(answer)
    return answers


def _receipt(served: Context, data: bytes, record_id: bytes) -> dict[str, Any] | None:
    """The receipt of a record that was taken; None where it was entered with other signatures:
    those are not for whoever can put the body together."""
    home = served.home
    made = receipt(home.ledger, home.log_key, record_id, home.batch_seconds)
    sent = record_to_json(decode_record(parse_json(data)))
    return made if made["entry"]["record"] == sent else None


def _decode(data: bytes) -> Record | Refused:
    try:
        return decode_record(parse_json(data))
    except Refused as refusal:
        return refusal


def _line(number: int, answer: _Told) -> bytes:
    told: dict[str, Any]
    if isinstance(answer, Refused | AccessRefused):
        code = answer.code if isinstance(answer, Refused) else answer.problem
        told = {"code": code.value, "zh": chinese(code.en), "en": code.en}
        told = {"outcome": "refused", **told, "detail": printable(answer.detail)}
    else:
        told = {"outcome": "accepted", **record_forms.AcceptanceForm.of(answer).model_dump()}
    return json.dumps({"line": number, **told}, ensure_ascii=False).encode() + b"\n"
