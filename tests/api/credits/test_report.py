"""A report is made from complete transcripts, and anybody reckons it again."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.credits.drafting import Drafting, Wanted
from api.credits.matched import Matched
from api.node.parallel import local
from ledger.core.credits.report import Statement
from ledger.core.credits.verify import CHECKS
from ledger.core.documents import verify_bytes
from ledger.core.format.structs import decode_body
from ledger.core.records.record import Record, claim_to_json
from ledger.core.records.signing import sign
from ledger.core.verify.checks import Report
from ledger.core.verify.pinned import only
from ledger.errors import NotFound
from tests.builders.certificate_records import consent
from tests.builders.credits import FIRST, UNIVERSITY, CreditLedger, excluded, lines_of, row, rules
from tests.builders.pdf_files import pdf, stream
from tests.builders.records import DAY, START, address, key
from tests.builders.saved_files import turned_round


@pytest.fixture(scope="module")
def campus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CreditLedger]:
    found = CreditLedger(tmp_path_factory.mktemp("campus"))
    for day in range(4):
        found.served("ann", day, 400)
    found.backfilled("bob", 0, 90)
    found.seal()
    yield found
    found.ledger.close()
    found.ledger.engine.dispose()


@pytest.fixture(scope="module")
def report(campus: CreditLedger) -> Path:
    rows = (row(1, "ann"), row(2, "bob"), row(3, "eve"), Matched(4, {}, "rejected", "NO_NUMBER"))
    return campus.draft(rows, rules(caps={"day": 300}))[1]


def judged(campus: CreditLedger, data: bytes, *, chain: bool = True) -> Report:
    return verify_bytes(data, campus.chain if chain else None, pins=only(campus.town.ledger))


def broken(found: Report) -> list[str]:
    return [check.name for check in found.checks if check.ok is False]


def test_a_report_is_reckoned_again_from_the_file_and_the_chain_alone(
    campus: CreditLedger, report: Path
) -> None:
    found = judged(campus, report.read_bytes())
    assert (found.verdict, [c.name for c in found.checks]) == ("valid", ["ledger", *CHECKS])
    facts = found.facts
    assert (facts["rows"], facts["matched"]) == (4, 2)
    assert (facts["credit_minutes"], facts["honour_minutes"]) == (1200, 90)


def test_however_a_report_is_saved_its_verdict_stays(campus: CreditLedger, report: Path) -> None:
    data = report.read_bytes()
    head, _, lines = data.partition(b"\n")
    spelled = json.dumps(turned_round(json.loads(head))).encode()
    ways = {
        "packed": gzip.compress(data),
        "without a line feed": data.rstrip(b"\n"),
        "empty lines around it": b"\r\n" + data + b"\n\n",
        "lines of Windows": data.replace(b"\n", b"\r\n"),
        "byte order mark": b"\xef\xbb\xbf" + data,
        "members of the head turned round": spelled + b"\n" + lines,
        "in a PDF": pdf(stream(data)),
    }
    for way, file in ways.items():
        assert judged(campus, file).verdict == "valid", way
    assert judged(campus, head + b"\n\n" + lines).verdict == "invalid", "an empty line is a line"


def test_a_report_that_is_cut_is_damaged_and_one_with_fewer_lines_invalid(
    campus: CreditLedger, report: Path
) -> None:
    data = report.read_bytes()
    zipped = gzip.compress(data)
    for cut in (data[:-20], data[:200], zipped[:-9], zipped[:900], zipped + b"x"):
        assert judged(campus, cut).verdict == "damaged"
    fewer = data.rstrip(b"\n").rpartition(b"\n")[0]
    assert judged(campus, fewer).verdict == "invalid"


def test_without_a_chain_it_is_unchecked_and_without_an_anchor_pending(
    campus: CreditLedger, report: Path, tmp_path: Path
) -> None:
    assert judged(campus, report.read_bytes(), chain=False).verdict == "unchecked"
    late = CreditLedger(tmp_path)
    late.served("ann", 0)
    late.seal(anchored=False)
    _, path = late.draft()
    assert judged(late, path.read_bytes()).verdict == "pending"
    assert excluded(path) == [{"NOT_ANCHORED": 120}, {}]
    late.ledger.close()
    late.ledger.engine.dispose()


def test_who_opened_nothing_is_no_consent_and_not_zero_hours(report: Path) -> None:
    _, _, _, eve, unknown = lines_of(report)
    assert (eve["match_status"], eve["evaluation"]) == ("no_consent", None)
    assert (unknown["match_status"], unknown["match_code"]) == ("rejected", "NO_NUMBER")


def test_two_processes_make_the_numbers_that_one_makes(campus: CreditLedger, report: Path) -> None:
    rows = [row(1, "ann"), row(2, "bob")]
    with local(2) as spread:
        drafting = Drafting(campus.ledger, campus._anchors, key("registrar"), spread)
        out = campus.folder / "two.jsonl"
        drafting.draft(rows, Wanted(UNIVERSITY, rules(caps={"day": 300}), key("roster")), out)
    numbers = [line["evaluation"] for line in lines_of(out)[1:]]
    assert numbers == [line["evaluation"] for line in lines_of(report)[1:3]]


def test_the_order_of_the_rows_changes_no_number(campus: CreditLedger) -> None:
    numbers = []
    for rows in ((row(1, "ann"), row(2, "bob")), (row(2, "bob"), row(1, "ann"))):
        _, path = campus.draft(rows, out="order.jsonl")
        numbers.append({line["row"]: line["evaluation"] for line in lines_of(path)[1:]})
    assert numbers[0] == numbers[1]


def test_who_may_not_decide_makes_no_report(campus: CreditLedger) -> None:
    drafting = Drafting(campus.ledger, campus._anchors, key("ann"))
    with pytest.raises(NotFound):
        drafting.draft([], Wanted(UNIVERSITY, rules(), key("roster")), campus.folder / "no.jsonl")
    assert not (campus.folder / "no.jsonl").exists()


def head(changes: Callable[[dict[str, Any]], None]) -> Callable[[list[dict[str, Any]]], None]:
    return lambda lines: changes(lines[0])


def first(changes: Callable[[dict[str, Any]], None]) -> Callable[[list[dict[str, Any]]], None]:
    return lambda lines: changes(lines[1])


def evaluation(name: str, value: Any) -> Callable[[list[dict[str, Any]]], None]:
    return first(lambda line: line["evaluation"].update({name: value}))


ATTACKS: dict[str, tuple[Callable[[list[dict[str, Any]]], Any], set[str]]] = {
    "more credits": (evaluation("credit_hundredths", 900), {"lines", "numbers"}),
    "more minutes": (evaluation("credit_minutes", 1600), {"lines", "numbers"}),
    "a pass": (evaluation("passed", False), {"lines", "numbers"}),
    "a reason": (evaluation("excluded", {}), {"lines", "numbers"}),
    "another student": (first(lambda x: x["student"].update(name="bob")), {"lines"}),
    "a statement's sum": (
        head(lambda x: x["statement"].update(credit_minutes=1)),
        {"signature", "totals"},
    ),
    "another university": (
        head(lambda x: x["statement"].update(organisation=address("org"))),
        {"signature", "authority"},
    ),
    "a row left out": (lambda lines: lines.pop(), {"lines"}),
    "a row twice": (lambda lines: lines.append(lines[1]), {"lines"}),
    "rows exchanged": (lambda lines: lines.insert(1, lines.pop()), {"lines"}),
    "another cap": (head(lambda x: x["rules"]["caps"].update(day=900)), {"rules", "numbers"}),
    "another batch": (
        head(lambda x: x["statement"].update(batch=9)),
        {"signature", "checkpoint"},
    ),
    "no anchor of this contract": (
        head(lambda x: x["anchors"][0].update(founder="0x" + "33" * 20)),
        # It is none, so nothing of the lines is anchored.
        {"numbers"},
    ),
    "a record left out": (
        first(lambda x: (x["evidence"]["entries"].pop(), x["evidence"]["statuses"].pop())),
        {"lines", "evidence"},
    ),
    "another status": (
        first(lambda x: x["evidence"]["entries"][0].update(flags=["LATE"])),
        {"lines", "evidence"},
    ),
    "another category": (
        first(lambda x: x["activities"][0].update(category="elsewhere")),
        {"lines", "evidence"},
    ),
    "a later begin": (
        first(lambda x: x["evidence"].update({"from": 2**40})),
        {"lines", "evidence"},
    ),
    "no member": (first(lambda x: x.pop("salt")), {"format", "lines"}),
    "an odd consent": (first(lambda x: x.update(consent="0x" + "00" * 32)), {"lines", "evidence"}),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_changed_report_is_invalid_and_says_where(
    campus: CreditLedger, report: Path, name: str
) -> None:
    change, expected = ATTACKS[name]
    lines = copy.deepcopy(lines_of(report))
    before = json.dumps(lines)
    change(lines)
    assert json.dumps(lines) != before
    data = b"\n".join(json.dumps(x, separators=(",", ":")).encode() for x in lines)
    found = judged(campus, data)
    assert found.verdict == "invalid"
    assert expected <= set(broken(found))


def test_a_statement_signed_by_a_stranger_is_invalid(campus: CreditLedger, report: Path) -> None:
    lines = lines_of(report)
    stated = decode_body(Statement, lines[0]["statement"])
    claim = sign(campus.town.ledger, stated, "organisation", key("ann"))
    lines[0]["signature"] = claim_to_json(claim)
    data = b"\n".join(json.dumps(x, separators=(",", ":")).encode() for x in lines)
    assert "authority" in broken(judged(campus, data))


@pytest.fixture
def lax(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CreditLedger]:
    """A ledger whose operator takes consents and services that nobody signed."""
    found = CreditLedger(tmp_path)
    monkeypatch.setattr("ledger.rules.judging.demand_signers", lambda *_: None)
    for rules_of in ("credits", "hours"):
        for check in ("demand_roles", "demand_self", "demand_organisation"):
            monkeypatch.setattr(f"ledger.rules.{rules_of}.{check}", lambda *_: None, raising=False)
    yield found
    found.ledger.close()
    found.ledger.engine.dispose()


def test_a_consent_that_nobody_signed_is_none(lax: CreditLedger) -> None:
    body = consent(lax.town, "eve", "university").body
    lax.ledger.append(Record(body, ()))
    lax.served("eve", 0)
    lax.seal()
    _, path = lax.draft((row(1, "eve"),))
    _, eve = lines_of(path)
    assert (eve["match_status"], eve["evaluation"]) == ("no_consent", None)
    assert judged(lax, path.read_bytes()).verdict == "valid"


def test_whoever_counts_by_a_consent_that_nobody_signed_makes_an_invalid_report(
    lax: CreditLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    lax.ledger.append(Record(consent(lax.town, "eve", "university").body, ()))
    lax.served("eve", 0)
    lax.seal()
    with monkeypatch.context() as patch:
        patch.setattr("ledger.core.verify.transcript_signers.Signed.bad", lambda _: frozenset())
        patch.setattr("ledger.core.verify.transcript_signers.delegated", lambda *_: [])
        _, path = lax.draft((row(1, "eve"),))
        assert lines_of(path)[1]["match_status"] == "matched"
    assert broken(judged(lax, path.read_bytes())) == ["evidence", "totals"]


def test_hours_that_nobody_signed_count_nothing_and_the_report_says_so(lax: CreditLedger) -> None:
    true = lax.served("ann", 0)
    start = FIRST + DAY
    body = lax.town.served(lax.ledger, "org", "ann", lax.activity, start, 120).body
    lax.ledger.append(Record(body, ()))
    lax.seal()
    _, path = lax.draft()
    assert excluded(path)[0] == {"BAD_SIGNATURE": 120}
    (line,) = (line for line in lines_of(path)[1:] if line["account"] == address("ann"))
    counted = {r["record_id"]: r["counted_minutes"] for r in line["evaluation"]["records"]}
    assert counted["0x" + lax.town.id(true).hex()] == 120
    report = judged(lax, path.read_bytes())
    assert report.verdict == "valid", report.checks
    (evidence,) = (check for check in report.checks if check.name == "evidence")
    assert "1 records in them are not signed as they must be" in evidence.reason


@pytest.mark.parametrize("issued_at", [0, START])
def test_a_statement_older_than_its_batch_is_invalid(
    campus: CreditLedger, report: Path, issued_at: int
) -> None:
    lines = lines_of(report)
    lines[0]["statement"]["issued_at"] = issued_at
    stated = decode_body(Statement, lines[0]["statement"])
    claim = sign(campus.town.ledger, stated, "organisation", key("registrar"))
    lines[0]["signature"] = claim_to_json(claim)
    data = b"\n".join(json.dumps(x, separators=(",", ":")).encode() for x in lines)
    assert "times" in broken(judged(campus, data))
