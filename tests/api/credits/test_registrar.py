"""A registrar's run: draft, published, objections, final; and what may not happen between."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.credits.errors import Hindered, Hindrance
from api.credits.runs import DRAFT, FINAL, PUBLISHED
from ledger.core.credits.report import details_of
from ledger.core.documents import verify_bytes
from ledger.errors import NotFound
from tests.builders.certificate_records import consent
from tests.builders.credit_runs import RegistrarLedger, upload
from tests.builders.credits import UNIVERSITY, rules
from tests.builders.records import DAY, address

ANN, BOB = address("ann"), address("bob")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[RegistrarLedger]:
    found = RegistrarLedger(tmp_path)
    yield found
    found.book.close()
    found.book.engine.dispose()


def hindered(why: Hindrance) -> Any:
    return pytest.raises(Hindered, match=why.value)


def test_from_a_roster_to_decisions_in_the_ledger(office: RegistrarLedger) -> None:
    desk = office.registrar
    run = desk.draft(UNIVERSITY, upload("ann", "bob", "eve"), rules())
    assert (run.stage, run.form) == (DRAFT, "CSV, gb18030, ','")
    assert list(desk.runs.published_to(ANN)) == []
    name = desk.publish(run.name, office.town.now + DAY).name
    ((seen, line),) = desk.runs.published_to(ANN)
    assert (seen.stage, line["evaluation"]["counted_minutes"]) == (PUBLISHED, 1200)
    office.later(DAY)
    final = desk.finalise(name)
    assert final.stage == FINAL
    (decision,) = office.decided("ann")
    assert decision.services == tuple(office.town.id(record) for record in office.ann)
    assert (decision.minutes, decision.credit_hundredths) == (1200, 83)
    assert decision.report.hex() == final.final_id
    report = verify_bytes(desk.runs.report(final).read_bytes(), office.chain)
    assert (report.verdict, report.facts["stage"]) == ("valid", "final")
    assert report.facts["report_id"] == "0x" + final.final_id


def test_a_decision_commits_to_the_students_line(office: RegistrarLedger) -> None:
    name = office.final()
    desk = office.registrar
    line = desk.runs.line_of(desk.runs.find(name), ANN)
    assert line is not None
    salt = base64.b64decode(line["salt"])
    (decision,) = office.decided("ann")
    assert decision.details == details_of(salt, "20230", line["evaluation"])
    assert decision.details != details_of(salt, "20231", line["evaluation"])


def test_what_was_counted_once_is_already_credited(office: RegistrarLedger) -> None:
    office.final()
    office.seal()
    again = office.registrar.draft(UNIVERSITY, upload("ann"), rules())
    (line,) = office.registrar.runs.lines(again)
    assert line["evaluation"]["excluded"] == {"ALREADY_CREDITED": 1200}
    assert line["evaluation"]["earlier_minutes"] == 1200
    other = office.registrar.draft(UNIVERSITY, upload("ann"), rules(scheme="another"))
    (line,) = office.registrar.runs.lines(other)
    assert line["evaluation"]["counted_minutes"] == 1200


def test_a_month_later_the_old_batch_gives_the_old_numbers_and_the_new_one_a_list(
    office: RegistrarLedger,
) -> None:
    """S10."""
    desk = office.registrar
    first = desk.draft(UNIVERSITY, upload("ann", "bob"), rules())
    before = [line["evaluation"] for line in desk.runs.lines(first)]
    batch = desk.runs.head(first)["statement"]["batch"]
    office.later(30 * DAY)
    office.book.append(office.town.void(office.town.id(office.ann[0]), "org"))
    late = office.backfilled("bob", 2, 60)
    # A consent that is given anew does not change what was open then.
    office.book.append(consent(office.town, "ann", "university"))
    office.seal()
    same = desk.draft(UNIVERSITY, upload("ann", "bob"), rules(), as_of=batch)
    assert [line["evaluation"] for line in desk.runs.lines(same)] == before
    assert desk.changes(first.name, batch) == (batch, [])
    newest, (ann, bob) = desk.changes(first.name)
    assert newest == batch + 1
    assert (ann.before, ann.after) == (83, 55)
    assert [r.record_id for r in ann.records] == ["0x" + office.town.id(office.ann[0]).hex()]
    assert ann.records[0].after == {"counted_minutes": 0, "excluded": {"VOIDED": 400}}
    assert [(r.record_id, r.before) for r in bob.records] == [
        ("0x" + office.town.id(late).hex(), None)
    ]


def test_after_the_decisions_nothing_has_changed(office: RegistrarLedger) -> None:
    name = office.final()
    office.seal()
    assert office.registrar.changes(name)[1] == []


def test_nothing_is_final_before_its_time(office: RegistrarLedger) -> None:
    desk = office.registrar
    run = desk.draft(UNIVERSITY, upload("ann"), rules())
    with hindered(Hindrance.NOT_PUBLISHED):
        desk.finalise(run.name)
    desk.publish(run.name, office.town.now + DAY)
    with hindered(Hindrance.NOT_DRAFT):
        desk.publish(run.name, 0)
    with hindered(Hindrance.WINDOW_OPEN):
        desk.finalise(run.name)
    desk.object(run.name, ANN, "少算了一次")
    office.later(DAY)
    with hindered(Hindrance.WINDOW_CLOSED):
        desk.object(run.name, ANN, "还有一次")
    with hindered(Hindrance.UNANSWERED):
        desk.finalise(run.name)
    assert office.decided("ann") == []
    desk.answer(run.name, 1, "已核对，记录无误")
    assert desk.finalise(run.name).stage == FINAL


def test_only_who_is_in_the_report_objects(office: RegistrarLedger) -> None:
    desk, name = office.registrar, office.published()
    with pytest.raises(NotFound):
        desk.object(name, address("eve"), "me too")
    for text in ("", "  ", "x" * 1001):
        with hindered(Hindrance.TOO_LONG):
            desk.object(name, ANN, text)
    with pytest.raises(NotFound):
        desk.answer(name, 1, "to whom?")


def test_what_changed_since_the_draft_stops_the_decisions(office: RegistrarLedger) -> None:
    name = office.published()
    office.book.append(office.town.void(office.town.id(office.ann[0]), "org"))
    office.seal()
    office.later(5 * DAY)
    with hindered(Hindrance.CHANGED_SINCE):
        office.registrar.finalise(name)
    assert office.decided("ann") == []


def test_what_no_chain_holds_is_not_decided(tmp_path: Path) -> None:
    campus = RegistrarLedger(tmp_path)
    campus.chain.held.clear()
    name = campus.published()
    campus.later(5 * DAY)
    with hindered(Hindrance.NOT_ANCHORED):
        campus.registrar.finalise(name)
    campus.book.close()
    campus.book.engine.dispose()


def test_final_again_adds_nothing_and_finishes_what_was_cut(
    office: RegistrarLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = office.published()
    office.later(5 * DAY)
    with monkeypatch.context() as cut:
        cut.setattr(office.book, "append_many", _killed)
        with pytest.raises(KeyboardInterrupt):
            office.registrar.finalise(name)
    office.later(60)
    for _ in range(2):
        office.registrar.finalise(name)
        assert [len(office.decided(who)) for who in ("ann", "bob", "eve")] == [1, 1, 0]


def _killed(records: Any) -> Any:
    raise KeyboardInterrupt


def test_files_with_names_are_for_the_server_alone_and_can_be_forgotten(
    office: RegistrarLedger,
) -> None:
    desk = office.registrar
    run = desk.draft(UNIVERSITY, upload("ann"), rules())
    home = desk.runs.folder / run.name
    assert {oct(os.stat(path).st_mode & 0o077) for path in (home, *home.iterdir())} == {"0o0"}
    assert [path for path in desk.runs.folder.iterdir() if path != home] == []
    desk.runs.forget(run)
    with pytest.raises(NotFound):
        desk.runs.find(run.name)
    for name in ("", "..", "../../etc", run.name + "/"):
        with pytest.raises(NotFound):
            desk.runs.find(name)


def test_a_university_without_a_key_here_has_no_registrar(office: RegistrarLedger) -> None:
    with pytest.raises(NotFound):
        office.registrar.draft(address("org"), upload("ann"), rules())
