"""More is handed in than can be written: some are told to come later, none is lost, all read on."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest

from api.http.kernel.problems import RETRY_SECONDS
from api.http.kernel.writing import Writers
from api.server.app import create_app
from ledger.core.records.record import Record, record_to_json
from ledger.errors import Busy
from ledger.operations import ledger as writing
from ledger.operations import read
from ledger.operations.ledger import Ledger
from ledger.store.engine import transaction
from tests.builders.http import Open
from tests.builders.records import Town


@contextmanager
def held_up(ledger: Ledger) -> Iterator[None]:
    """Somebody else writes to the database for as long as this lasts."""
    with transaction(ledger.engine):
        yield


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, "it never came to be"


def test_a_flood_is_bounded_readers_are_answered_and_what_was_acknowledged_is_there(
    home: Open, town: Town, activity: bytes
) -> None:
    app, ledger = create_app(home), home.ledger
    writers = Writers(threads=4, waiting_max=12)
    app.state.context = replace(app.state.context, writers=writers)
    records = [town.enrol(f"person {n}") for n in range(64)]

    async def flood() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            with held_up(ledger):
                asked = [
                    asyncio.create_task(client.post("/v1/records", json=record_to_json(record)))
                    for record in records
                ]
                refused, _ = await _first(asked, len(records) - 16)
                assert writers._entered == 16
                assert {answer.status_code for answer in refused} == {503}
                for path in ("/v1/ledger", "/v1/checkpoint", "/healthz"):
                    assert (await client.get(path)).status_code in (200, 404), path
            return [await task for task in asked]

    answers = asyncio.run(flood())
    assert Counter(a.status_code for a in answers) == {201: 16, 503: 48}
    for answer, record in zip(answers, records, strict=True):
        if answer.status_code == 201:
            entry, _ = read.find_record(ledger, town.id(record))
            assert entry.index == answer.json()["index"]
        else:
            assert answer.json()["code"] == "UNAVAILABLE"
            assert answer.headers["retry-after"] == str(RETRY_SECONDS)
    assert ledger.size == 8 + 16
    assert writers._entered == 0


async def _first(
    asked: list[asyncio.Task[httpx.Response]], count: int
) -> tuple[list[httpx.Response], set[asyncio.Task[httpx.Response]]]:
    """The first so many answers, and who still waits."""
    waiting, found = set(asked), list[httpx.Response]()
    while len(found) < count:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        found += [task.result() for task in done]
    return found, waiting


def test_a_request_that_began_to_write_is_not_turned_away_in_the_middle() -> None:
    writers, go = Writers(threads=1, waiting_max=0), threading.Event()

    async def play() -> list[int]:
        first = asyncio.create_task(writers.run(go.wait, 60))
        while not writers._entered:
            await asyncio.sleep(0)
        with pytest.raises(Busy):
            await writers.run(int)
        later = asyncio.create_task(writers.go_on(int, 7))
        while writers._entered < 2:
            await asyncio.sleep(0)
        go.set()
        return [int(await first), await later]

    assert asyncio.run(play()) == [1, 7]


def test_a_busy_ledger_refuses_in_few_words_and_no_line_of_the_log(
    home: Open,
    town: Town,
    activity: bytes,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def busy(*_: object) -> None:
        raise Busy("too many records wait to be written")

    monkeypatch.setattr(Ledger, "append_many", busy)

    record: Record = town.enrol("carol")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(home))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.post("/v1/records", json=record_to_json(record))

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, str(RETRY_SECONDS))
    assert caplog.records == []


def test_the_ledger_holds_so_many_records_and_refuses_the_next(
    home: Open, town: Town, activity: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "WAITING_MAX", 5)
    ledger, told = home.ledger, list[object]()
    groups = [[town.enrol(f"person {n} {m}") for m in range(2)] for n in range(2)]
    with held_up(ledger):
        threads = [
            threading.Thread(target=lambda g=group: told.extend(ledger.append_many(g)))
            for group in groups
        ]
        for thread in threads:
            thread.start()
        until(lambda: ledger._held == 4)
        with pytest.raises(Busy):
            ledger.append_many([town.enrol(f"late {n}") for n in range(2)])
        assert ledger._held == 4
    for thread in threads:
        thread.join()
    assert len(told) == 4
    assert ledger.size == 8 + 4
    # Alone, however many are handed in get through.
    assert len(ledger.append_many([town.enrol(f"later {n}") for n in range(9)])) == 9
