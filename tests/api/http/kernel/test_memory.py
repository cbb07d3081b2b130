"""What a server keeps of a flood, for as long as it lasts: no more than may wait."""

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import httpx

from api.http.kernel.writing import THREADS, WAITING_MAX
from tests.builders.commands import run
from tests.builders.effort import effort
from tests.builders.floods import UNLIMITED, client_of, enrolments, resident
from tests.builders.server_processes import Serving, serving

CALLERS = 3 * (THREADS + WAITING_MAX)
"""At any time three times as many requests are under way as are let in."""
ROUNDS = effort(4, 40)
GROWTH_MAX = 16 * 1024 * 1024
"""Bytes that later rounds may add to the second: each hands in three times what may wait."""


def test_memory_is_flat_while_three_times_as_much_is_handed_in_as_is_let_in(tmp_path: Path) -> None:
    home = tmp_path / "ledger"
    assert run("init", "--dir", home).code == 0
    with serving(home, **UNLIMITED) as server:
        before = server.get("/v1/ledger").json()
        with closing(sqlite3.connect(home / "ledger.sqlite", isolation_level=None)) as other:
            answers, memory = asyncio.run(_flood(server, other, before["ledger_id"]))
        assert {201, 503} <= answers.keys() <= {200, 201, 503}, answers
        assert answers.total() == ROUNDS * CALLERS
        assert server.get("/healthz").status_code == 200
    assert max(memory[2:]) - memory[1] < GROWTH_MAX, memory


async def _flood(
    server: Serving, other: sqlite3.Connection, ledger: str
) -> tuple[Counter[int], list[int]]:
    """How often each status was answered, and the server's memory after each round. `other` holds
    the database until somebody is told to come later, so that too many wait on any machine."""
    records = enrolments(bytes.fromhex(ledger.removeprefix("0x")))
    answers, memory = Counter[int](), list[int]()
    async with client_of(server) as client:

        async def caller(ready: list[dict[str, object]]) -> None:
            while ready:
                record = ready.pop()
                try:
                    answer = await client.post("/v1/records", json=record)
                except httpx.TransportError:  # the server gave up a connection that said nothing
                    ready.append(record)
                    continue
                answers[answer.status_code] += 1
                if answer.status_code == 503 and other.in_transaction:
                    other.execute("ROLLBACK")

        for _ in range(ROUNDS):
            ready = [next(records) for _ in range(CALLERS)]
            other.execute("BEGIN IMMEDIATE")
            await asyncio.gather(*(caller(ready) for _ in range(CALLERS)))
            memory.append(resident(server.process.pid))
    return answers, memory
