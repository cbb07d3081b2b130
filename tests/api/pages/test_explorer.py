"""What the open ledger shows: batches, anchors, an organisation's months, a record's public
face."""

import re
from xml.etree import ElementTree

import pytest

from api.pages import charts
from api.pages.kind_words import KIND_WORDS
from api.pages.records import REASONS, ROLES
from ledger.core.format.fields import Choice
from ledger.core.format.structs import fields_of
from ledger.core.kinds.registry import KINDS, Amend, Objection, Void
from ledger.core.records.record import Record
from ledger.operations.ledger import Ledger
from ledger.operations.overview import FEWEST, months_of
from ledger.operations.seal import seal
from ledger.store.overview import ClassSums
from tests.builders.http import Client, Open
from tests.builders.mirrors import add_batch
from tests.builders.records import DAY, START, Town, address, key

LABELS = charts.Labels("Title & more", "From <1> to 2", "20", "then", "now")


def recorded(town: Town, ledger: Ledger, activity: bytes, *people: str) -> list[Record]:
    """Half-hour credit services of some people, each at a time of its own."""
    found = []
    for number, name in enumerate(people):
        start = START + 90000 + number * 3600
        record = town.served(ledger, "org", name, activity, start, 30)
        ledger.append(record)
        found.append(record)
    return found


def enrolled(town: Town, ledger: Ledger, count: int) -> list[str]:
    names = [f"volunteer {number}" for number in range(count)]
    for name in names:
        ledger.append(town.enrol(name))
    return names


def page_of(client: Client, town: Town, record: Record) -> str:
    answer = client.get(f"/records/0x{town.id(record).hex()}")
    assert answer.status_code == 200
    return answer.text


def test_batches_are_listed_the_newest_first_and_leaf_to_the_oldest(
    client: Client, town: Town, ledger: Ledger, activity: bytes
) -> None:
    for number in range(23):
        ledger.append(town.enrol(f"newcomer {number}"))
        seal(ledger, town.log_key)
    first = client.get("/explorer").text
    assert first.index("Batch 23") < first.index("Batch 4")
    assert "/explorer?before=4" in first
    assert ">Batch 3<" not in first
    last = client.get("/explorer?before=4").text
    assert [f">Batch {n}<" in last for n in (1, 3, 4)] == [True, True, False]
    assert "Older batches" not in last
    assert "The newest batches" in last


def test_a_ledger_that_sealed_nothing_has_its_open_ledger(client: Client, activity: bytes) -> None:
    assert "No batch is sealed yet." in client.get("/explorer").text


def test_a_batch_shows_roots_and_where_it_is_witnessed(
    client: Client, home: Open, service: Record
) -> None:
    waiting = client.get("/batches/1").text
    assert "Waiting for anchor" in waiting
    home.anchor_pending()
    (anchor,) = home.anchors_for(12)
    found = client.get("/batches/1").text
    assert "Waiting for anchor" not in found
    assert str(anchor["transaction"]) in found
    batch = client.get("/v1/batches/1").json()
    assert batch["root"] in found
    assert batch["checkpoint"].splitlines()[0] in found
    assert client.get("/batches/2").status_code == client.get("/batches/0").status_code == 404


def test_a_batch_that_a_newer_one_covers_shows_where_that_one_is_witnessed(
    client: Client, home: Open, town: Town, service: Record
) -> None:
    add_batch(town, home.ledger, 1)
    states = home.anchor_pending(each=False)
    assert [state.state for state in states] == ["covered", "final"]
    transaction = str(states[-1].transaction)
    record = client.get(f"/records/0x{town.id(service).hex()}").text
    for found in (client.get("/batches/1").text, client.get("/batches/2").text, record):
        assert transaction in found
    assert "Waiting for anchor" not in client.get("/explorer").text


def test_sums_of_few_people_are_withheld_from_months_and_from_their_total(
    client: Client, town: Town, ledger: Ledger, activity: bytes
) -> None:
    names = enrolled(town, ledger, FEWEST)
    records = recorded(town, ledger, activity, *names)
    (month,) = [m for m in months_of(ledger, address("org"), 3) if m.credit != ClassSums()]
    assert month.credit == ClassSums(FEWEST, 30 * FEWEST, FEWEST, 0)
    path = f"/organisations/{address('org').lower()}"
    assert "2.50" in client.get(path).text
    ledger.append(town.void(town.id(records[0]), "org"))
    (month,) = [m for m in months_of(ledger, address("org"), 3) if m.credit != ClassSums()]
    assert month.credit is None
    shown = client.get(path).text
    assert "few people" in shown
    assert "2.00" not in shown


def test_months_begin_at_local_midnight_and_are_the_last_ones(
    town: Town, ledger: Ledger, activity: bytes
) -> None:
    # START is in November 2023; in UTC+8 a month begins at 16:00 UTC of the day before.
    starts = [month.starts_at for month in months_of(ledger, address("org"), 12)]
    assert len(starts) == 12
    assert starts[0] == 1_698_768_000
    assert all((start + 8 * 3600) % DAY == 0 for start in starts)
    assert starts == sorted(starts, reverse=True)


def test_late_and_honour_are_counted_apart(town: Town, ledger: Ledger, activity: bytes) -> None:
    names = enrolled(town, ledger, FEWEST)
    town.now = START + 40 * DAY
    for name in names:
        ledger.append(
            town.honour("org", "second", name, START + 2 * DAY, 60, evidence=(key("photo"),))
        )
    (month,) = [m for m in months_of(ledger, address("org"), 12) if m.honour != ClassSums()]
    assert month.honour == ClassSums(FEWEST, 60 * FEWEST, FEWEST, FEWEST)
    assert month.credit == ClassSums()


def test_an_address_that_is_no_organisation_has_no_page(client: Client, activity: bytes) -> None:
    for path in (address("ann"), "0x12", "x"):
        assert client.get(f"/organisations/{path}").status_code == 404


def test_a_record_is_shown_to_whoever_has_its_whole_id(
    client: Client, town: Town, service: Record
) -> None:
    found = page_of(client, town, service)
    assert "Waiting for anchor" in found
    assert "1.50" in found
    assert address("ann") not in found
    whole = town.id(service).hex()
    for wrong in (whole[:-1], whole.upper(), "ab" * 32):
        assert client.get(f"/records/0x{wrong}").status_code == 404


def test_a_record_that_is_no_service_is_shown_by_its_kind(
    client: Client, town: Town, activity: bytes
) -> None:
    assert "<dd>activity</dd>" in client.get(f"/records/0x{activity.hex()}").text


def test_a_record_says_in_words_what_is_in_it_and_leaves_people_to_the_proof(
    client: Client, town: Town, service: Record, activity: bytes
) -> None:
    found = client.get(f"/records/0x{activity.hex()}").text
    assert "<dt>Fence in metres, 0 for none</dt>" in found
    assert f'<a href="/organisations/{address("org")}">org</a>' in found
    told = client.get(f"/records/0x{town.id(service).hex()}?lang=zh-Hans").text
    assert re.search(r"<dt>时数类别</dt><dd>\s*信用时数\s*</dd>", told)
    assert address("org") in told
    assert address("ann") not in told
    assert f"/records/0x{activity.hex()}" in told


def test_every_kind_has_a_word() -> None:
    assert KIND_WORDS.keys() == KINDS.keys()


def test_what_became_of_a_record_is_one_state_with_its_reason(
    client: Client, town: Town, ledger: Ledger, service: Record
) -> None:
    ledger.append(town.objection(town.id(service), "ann"))
    disputed = page_of(client, town, service)
    assert "Under objection" in disputed
    assert "Waiting for anchor" not in disputed
    ledger.append(town.void(town.id(service), "org"))
    voided = page_of(client, town, service)
    assert "The record was voided" in voided
    assert "Under objection" not in voided


def test_every_reason_and_role_has_words() -> None:
    reasons = [fields_of(body)["reason"] for body in (Void, Amend, Objection)]
    assert {word for r in reasons if isinstance(r, Choice) for word in r.words} == REASONS.keys()
    assert {"organisation", "approver", "volunteer", "guardian", "authority"} <= ROLES.keys()


@pytest.mark.parametrize("values", [[5], [0, 0], [3, 9, 1]])
def test_a_chart_is_one_picture_with_a_name_and_a_description(values: list[int]) -> None:
    for drawn in (
        charts.bars("it", values, LABELS),
        charts.curve("it", list(enumerate(values)), LABELS),
    ):
        tree = ElementTree.fromstring(str(drawn))
        assert tree.get("role") == "img"
        assert tree.get("aria-labelledby") == "it-title it-description"
        assert [tree.findtext(tag) for tag in ("title", "desc")] == [
            "Title & more",
            "From <1> to 2",
        ]
        assert "style" not in drawn


def test_bars_are_as_high_as_their_values_and_none_is_lost() -> None:
    tree = ElementTree.fromstring(charts.bars("it", [0, 50, 100], LABELS))
    heights = [float(bar.get("height")) for bar in tree.iter("rect")]
    assert heights == [2, 71, 142]
