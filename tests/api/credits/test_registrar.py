"""A registrar's run: draft, published, objections, final; and what may not happen between."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.credits.errors import RunBlocked, RunConflict
from api.credits.runs import DRAFT, FINAL, PUBLISHED
from ledger.core.credits.report import details_of
from ledger.core.documents import verify_bytes
from ledger.errors import NotFound
from tests.builders.certificate_records import consent
from tests.builders.credit_runs import RegistrarLedger, upload
from tests.builders.credits import UNIVERSITY, rules
from tests.builders.records import DAY, address
from tests.builders.trusting import everybody

ANN, BOB = address("ann"), address("bob")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[RegistrarLedger]:
    found = RegistrarLedger(tmp_path)
    yield found
    found.ledger.close()
    found.ledger.engine.dispose()


def blocked(why: RunConflict) -> Any:
    return pytest.raises(RunBlocked, match=why.value)


def test_from_a_roster_to_decisions_in_the_ledger(world: RegistrarLedger) -> None:
    registrar = world.registrar
    run = registrar.draft(UNIVERSITY, upload("ann", "bob", "eve"), rules())
    assert (run.stage, run.form) == (DRAFT, "CSV, gb18030, ','")
    assert list(registrar.runs.published_to(ANN)) == []
    name = registrar.publish(run.name, world.town.now + DAY).name
    ((seen, line),) = registrar.runs.published_to(ANN)
    assert (seen.stage, line["evaluation"]["counted_minutes"]) == (PUBLISHED, 1200)
    world.later(DAY)
    final = registrar.finalise(name)
    assert final.stage == FINAL
    (decision,) = world.decided("ann")
    assert decision.services == tuple(world.town.id(record) for record in world.ann)
    assert (decision.minutes, decision.credit_hundredths) == (1200, 83)
    assert decision.report.hex() == final.final_id
    report = verify_bytes(registrar.runs.report(final).read_bytes(), world.chain, pins=everybody)
    assert (report.verdict, report.facts["stage"]) == ("valid", "final")
    assert report.facts["report_id"] == "0x" + final.final_id


def test_a_decision_commits_to_the_students_line(world: RegistrarLedger) -> None:
    name = world.final()
    registrar = world.registrar
    line = registrar.runs.line_of(registrar.runs.find(name), ANN)
    assert line is not None
    salt = base64.b64decode(line["salt"])
    (decision,) = world.decided("ann")
    assert decision.details == details_of(salt, "20230", line["evaluation"])
    assert decision.details != details_of(salt, "20231", line["evaluation"])


def test_what_was_counted_once_is_already_credited(world: RegistrarLedger) -> None:
    world.final()
    world.seal()
    again = world.registrar.draft(UNIVERSITY, upload("ann"), rules())
    (line,) = world.registrar.runs.lines(again)
    assert line["evaluation"]["excluded"] == {"ALREADY_CREDITED": 1200}
    assert line["evaluation"]["earlier_minutes"] == 1200
    other = world.registrar.draft(UNIVERSITY, upload("ann"), rules(scheme="another"))
    (line,) = world.registrar.runs.lines(other)
    assert line["evaluation"]["counted_minutes"] == 1200


def test_a_month_later_the_old_batch_gives_the_old_numbers_and_the_new_one_a_list(
    world: RegistrarLedger,
) -> None:
    """S10."""
    registrar = world.registrar
    first = registrar.draft(UNIVERSITY, upload("ann", "bob"), rules())
    before = [line["evaluation"] for line in registrar.runs.lines(first)]
    batch = registrar.runs.head(first)["statement"]["batch"]
    world.later(30 * DAY)
    world.ledger.append(world.town.void(world.town.id(world.ann[0]), "org"))
    late = world.backfilled("bob", 2, 60)
    # A consent that is given anew does not change what was open then.
    world.ledger.append(consent(world.town, "ann", "university"))
    world.seal()
    same = registrar.draft(UNIVERSITY, upload("ann", "bob"), rules(), as_of=batch)
    assert [line["evaluation"] for line in registrar.runs.lines(same)] == before
    assert registrar.changes(first.name, batch) == (batch, [])
    newest, (ann, bob) = registrar.changes(first.name)
    assert newest == batch + 1
    assert (ann.before, ann.after) == (83, 55)
    assert [r.record_id for r in ann.records] == ["0x" + world.town.id(world.ann[0]).hex()]
    assert ann.records[0].after == {"counted_minutes": 0, "excluded": {"VOIDED": 400}}
    assert [(r.record_id, r.before) for r in bob.records] == [
        ("0x" + world.town.id(late).hex(), None)
    ]


def test_after_the_decisions_nothing_has_changed(world: RegistrarLedger) -> None:
    name = world.final()
    world.seal()
    assert world.registrar.changes(name)[1] == []


def test_nothing_is_final_before_its_time(world: RegistrarLedger) -> None:
    registrar = world.registrar
    run = registrar.draft(UNIVERSITY, upload("ann"), rules())
    with blocked(RunConflict.NOT_PUBLISHED):
        registrar.finalise(run.name)
    registrar.publish(run.name, world.town.now + DAY)
    with blocked(RunConflict.NOT_DRAFT):
        registrar.publish(run.name, 0)
    with blocked(RunConflict.WINDOW_OPEN):
        registrar.finalise(run.name)
    registrar.object(run.name, ANN, "少算了一次")
    world.later(DAY)
    with blocked(RunConflict.WINDOW_CLOSED):
        registrar.object(run.name, ANN, "还有一次")
    with blocked(RunConflict.UNANSWERED):
        registrar.finalise(run.name)
    assert world.decided("ann") == []
    registrar.answer(run.name, 1, "已核对，记录无误")
    assert registrar.finalise(run.name).stage == FINAL


def test_only_who_is_in_the_report_objects(world: RegistrarLedger) -> None:
    registrar, name = world.registrar, world.published()
    with pytest.raises(NotFound):
        registrar.object(name, address("eve"), "me too")
    for text in ("", "  ", "x" * 1001):
        with blocked(RunConflict.TOO_LONG):
            registrar.object(name, ANN, text)
    with pytest.raises(NotFound):
        registrar.answer(name, 1, "to whom?")


def test_what_changed_since_the_draft_stops_the_decisions(world: RegistrarLedger) -> None:
    name = world.published()
    world.ledger.append(world.town.void(world.town.id(world.ann[0]), "org"))
    world.seal()
    world.later(5 * DAY)
    with blocked(RunConflict.CHANGED_SINCE):
        world.registrar.finalise(name)
    assert world.decided("ann") == []


def test_what_no_chain_holds_is_not_decided(tmp_path: Path) -> None:
    campus = RegistrarLedger(tmp_path)
    campus.chain.held.clear()
    name = campus.published()
    campus.later(5 * DAY)
    with blocked(RunConflict.NOT_ANCHORED):
        campus.registrar.finalise(name)
    campus.ledger.close()
    campus.ledger.engine.dispose()


def test_final_again_adds_nothing_and_finishes_what_was_cut(
    world: RegistrarLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = world.published()
    world.later(5 * DAY)
    with monkeypatch.context() as cut:
        cut.setattr(world.ledger, "append_many", _killed)
        with pytest.raises(KeyboardInterrupt):
            world.registrar.finalise(name)
    world.later(60)
    for _ in range(2):
        world.registrar.finalise(name)
        assert [len(world.decided(who)) for who in ("ann", "bob", "eve")] == [1, 1, 0]


def _killed(records: Any) -> Any:
    raise KeyboardInterrupt


def test_files_with_names_are_for_the_server_alone_and_can_be_forgotten(
    world: RegistrarLedger,
) -> None:
    registrar = world.registrar
    run = registrar.draft(UNIVERSITY, upload("ann"), rules())
    home = registrar.runs.folder / run.name
    assert {oct(os.stat(path).st_mode & 0o077) for path in (home, *home.iterdir())} == {"0o0"}
    assert [path for path in registrar.runs.folder.iterdir() if path != home] == []
    registrar.runs.forget(run)
    with pytest.raises(NotFound):
        registrar.runs.find(run.name)
    for name in ("", "..", "../../etc", run.name + "/"):
        with pytest.raises(NotFound):
            registrar.runs.find(name)


def test_a_university_without_a_key_here_has_no_registrar(world: RegistrarLedger) -> None:
    with pytest.raises(NotFound):
        world.registrar.draft(address("org"), upload("ann"), rules())
