"""More requests than a served ledger can answer at once."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.kinds.registry import Volunteer
from ledger.core.records.record import Record, record_to_json
from ledger.core.records.signing import sign
from tests.builders.records import address, key
from tests.builders.server_processes import Serving
from tests.builders.waiting import PATIENCE

UNLIMITED = {
    name: "10000000"
    for name in (
        "HOURLEDGER_CALLS_A_MINUTE",
        "HOURLEDGER_RECORDS_A_MINUTE",
        "HOURLEDGER_ENROLMENTS_AN_HOUR",
    )
}
"""Settings of a server that counts nobody's requests."""


@asynccontextmanager
async def client_of(server: Serving) -> AsyncIterator[httpx.AsyncClient]:
    """Many connections to a server."""
    limits = httpx.Limits(max_connections=1500, max_keepalive_connections=200)
    async with httpx.AsyncClient(base_url=server.url, limits=limits, timeout=PATIENCE) as client:
        yield client


def enrolments(ledger_id: bytes) -> Iterator[dict[str, Any]]:
    """People who enrol, without end."""
    number = 0
    while True:
        number += 1
        name = f"person {number}"
        body = Volunteer(address(name), key(f"identity {number}"), ZERO_ADDRESS, int(time.time()))
        yield record_to_json(Record(body, (sign(ledger_id, body, "volunteer", key(name)),)))


def resident(pid: int) -> int:
    """Bytes of memory that a process has."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(one for one in status.splitlines() if one.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024
