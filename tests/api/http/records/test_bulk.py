"""Appending lines: every line has its answer, in order, in bounded memory."""

import json
from typing import Any

from api.http.kernel.request_body import BULK_BYTES_MAX, LINES_MAX
from ledger.core.format.limits import RECORD_BYTES_MAX
from ledger.core.records.record import Record, record_to_json
from ledger.operations import read
from ledger.operations.audit import audit
from ledger.operations.ledger import Ledger
from tests.builders.http import Client, Stream
from tests.builders.records import START, Town, address


def line(record: Record) -> bytes:
    return json.dumps(record_to_json(record)).encode() + b"\n"


def outcomes(answers: list[dict[str, Any]]) -> list[tuple[int, str]]:
    """(line, accepted or the code) of each answer."""
    return [(a["line"], a.get("code", a["outcome"])) for a in answers]


def test_every_line_is_answered_in_order_and_blank_ones_only_counted(
    client: Client, town: Town, ledger: Ledger, activity: bytes
) -> None:
    hours = [
        line(town.honour("org", "second", n, START + 90000, 60)) for n in ("ann", "bob", "eve")
    ]
    long = b'"' + b"x" * RECORD_BYTES_MAX + b'"\n'
    answers = client.bulk(
        b"".join((hours[0], b"\n", b" \r\n", b"{\n", hours[0], long, hours[2], hours[1][:-1]))
    )
    assert outcomes(answers) == [
        (1, "accepted"),
        (4, "NOT_JSON"),
        (5, "accepted"),
        (6, "TOO_LARGE"),
        (7, "VOLUNTEER_UNKNOWN"),
        (8, "accepted"),
    ]
    assert [a["duplicate"] for a in answers if a["outcome"] == "accepted"] == [False, True, False]
    assert answers[1].keys() == {"line", "outcome", "code", "zh", "en", "detail"}
    assert answers[0].keys() == {
        "line",
        "outcome",
        "record_id",
        "index",
        "accepted_at",
        "duplicate",
    }
    assert ledger.size == 10


def test_lines_that_depend_on_each_other_may_come_together(client: Client, town: Town) -> None:
    lines = [town.genesis(), town.certify("org"), town.enrol("ann")]
    answers = client.bulk(b"".join(map(line, lines)))
    assert outcomes(answers) == [(1, "accepted"), (2, "accepted"), (3, "accepted")]


def test_no_lines_have_no_answers(client: Client, activity: bytes) -> None:
    assert client.bulk(b"") == []
    assert client.bulk(b"\n\n") == []


def test_more_lines_than_one_group_keep_their_order(
    client: Client, town: Town, ledger: Ledger, activity: bytes
) -> None:
    people = [town.enrol(f"person {number}") for number in range(1100)]
    answers = client.bulk(b"".join(map(line, people)))
    assert outcomes(answers) == [(number, "accepted") for number in range(1, 1101)]
    assert [a["index"] for a in answers] == list(range(8, 1108))
    assert [a["record_id"] for a in answers] == ["0x" + town.id(p).hex() for p in people]
    assert audit(ledger.engine).findings == []


def test_the_line_after_the_last_allowed_one_ends_the_reading(
    client: Client, town: Town, ledger: Ledger, activity: bytes
) -> None:
    hour = line(town.honour("org", "second", "ann", START + 90000, 60))
    never = line(town.enrol("carol"))
    answers = client.bulk(b"\n" * (LINES_MAX - 2) + b"{\n" + hour + never + never)
    assert outcomes(answers) == [
        (LINES_MAX - 1, "NOT_JSON"),
        (LINES_MAX, "accepted"),
        (LINES_MAX + 1, "TOO_LARGE"),
    ]
    assert (ledger.size, read.not_enrolled(ledger, [address("carol")])) == (9, [address("carol")])
    without_end = client.bulk(b"\n" * LINES_MAX + never[:-1])
    assert outcomes(without_end) == [(LINES_MAX + 1, "TOO_LARGE")]


def test_a_line_without_end_is_cut_off_at_the_limit(client: Client, activity: bytes) -> None:
    stream = Stream(10 * BULK_BYTES_MAX, b"x" * 1024 * 1024)
    (answer,) = client.bulk(stream)  # type: ignore[arg-type]
    assert (answer["line"], answer["code"]) == (1, "TOO_LARGE")
    assert stream.taken <= BULK_BYTES_MAX + 2 * len(stream.chunk)


def test_lines_are_judged_while_others_are_still_to_come(
    client: Client, town: Town, ledger: Ledger, activity: bytes
) -> None:
    sizes: list[int] = []
    lines = b"".join(line(town.enrol(f"person {number}")) for number in range(500))

    class Slow(Stream):
        async def __aiter__(self) -> Any:
            yield lines
            sizes.append(ledger.size)
            yield b"{\n"
            sizes.append(ledger.size)

    answers = client.bulk(Slow(0))  # type: ignore[arg-type]
    assert len(answers) == 501
    assert sizes[-1] == 508
