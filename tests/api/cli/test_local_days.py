"""A day on the command line is a day of the ledger, from its first to its last second."""

import json
import re
from contextlib import closing
from datetime import date
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import WrongUse
from api.node.directory import LedgerDir
from api.node.local_days import FIRST, LAST, LocalDays
from api.terminal.format import counted
from ledger.core.files.pdf import attached_file
from ledger.core.kinds.registry import Permit
from ledger.operations.hours import permits
from ledger.operations.read import account_entries
from tests.builders.attendance import MAP, ROWS, SECRET
from tests.builders.commands import Run


@pytest.fixture(scope="module")
def town(run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A ledger eight hours east of UTC: its folder, an organisation that issues, a volunteer who
    served from the first minute of a year to its last evening."""
    home = tmp_path_factory.mktemp("dawn")
    folder = home / "ledger"
    (home / "rows.csv").write_text(ROWS)
    (home / "map.toml").write_text(MAP)
    assert run("init", "--dir", folder, **SECRET).code == 0
    done = run("import", home / "rows.csv", "--map", home / "map.toml", "--dir", folder, **SECRET)
    assert "refused" not in done.out, done.out
    listed = run("keys", "list", "--dir", folder, **SECRET).out
    org, ann = (
        next(
            re.findall(r"0x[0-9a-fA-F]{40}", line)[0] for line in listed.splitlines() if who in line
        )
        for who in ("organisation dawn Dawn", "volunteer dawn Ann")
    )
    command = ("certificate", "delegate", org, "--as", "organisation dawn Dawn", "--dir", folder)
    assert run(*command, **SECRET).code == 0
    return folder, org, ann


def printed(paper: bytes) -> str:
    """The text of a PDF without its blanks."""
    with closing(pdfium.PdfDocument(paper)) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    return re.sub(r"\s", "", text)


def issue(run: Run, town: tuple[Path, str, str], first: str, last: str, out: Path) -> str:
    folder, org, ann = town
    period = ("--from", first, "--until", last, "--purpose", "job", "--out", out)
    done = run(
        "certificate", "issue", ann, "--organisation", org, *period, "--dir", folder, **SECRET
    )
    return done.out if done.code == 0 else done.err


@pytest.mark.parametrize(
    ("first", "last", "services"),
    [
        ("2025-04-04", "2025-04-04", 1),
        ("2025-04-04", "2025-04-05", 1),
        ("2025-04-03", "2025-04-03", 0),
        ("2025-01-01", "2025-12-31", 3),
        ("2025-01-02", "2025-12-30", 1),
    ],
)
def test_a_certificate_holds_what_was_served_on_its_days_and_nothing_else(
    run: Run, town: tuple[Path, str, str], tmp_path: Path, first: str, last: str, services: int
) -> None:
    told = issue(run, town, first, last, tmp_path / "c.json")
    told_of = counted(services, "service", "services")
    wanted = f"{told_of}, {first} to {last} (UTC+8)" if services else "nothing to certify"
    assert wanted in told


def test_the_paper_of_a_year_says_its_first_and_its_last_day(
    run: Run, town: tuple[Path, str, str], tmp_path: Path
) -> None:
    issue(run, town, "2025-01-01", "2025-12-31", tmp_path / "c.pdf")
    paper = (tmp_path / "c.pdf").read_bytes()
    assert "2025年1月1日至2025年12月31日" in printed(paper)
    subject = json.loads(attached_file(paper))["credentialSubject"]
    assert subject["activityStartDate"] == "2024-12-31T16:00:00Z"
    assert subject["activityEndDate"] == "2025-12-31T16:00:00Z"


def test_a_permit_and_a_transcript_end_with_their_last_day(
    run: Run, town: tuple[Path, str, str], tmp_path: Path
) -> None:
    folder, org, ann = town
    terms = ("--from", "2025-05-01", "--until", "2025-05-31", "--hours", 1, "--reason", "paper")
    done = run("permit", org, *terms, "--dir", folder, **SECRET)
    assert "2025-05-01 to 2025-05-31 (UTC+8)" in done.out
    with LedgerDir.at(folder) as home:
        _, permit = permits(home.ledger, org)[-1]
        days = LocalDays.of(home.ledger.policy)
        assert (permit.served_from, permit.served_until) == (1746028800, 1748707200)
        assert days.days(permit.served_from, permit.served_until) in done.out
        found = [
            e
            for e in account_entries(home.ledger, org, -1, 99)
            if isinstance(e.record.body, Permit)
        ]
        assert len(found) == 2
    out = tmp_path / "t.json"
    days_of = ("--from", "2025-12-31", "--to", "2025-12-31")
    assert run("transcript", ann, *days_of, "-o", out, "--dir", folder).code == 1  # not sealed yet
    assert run("seal", "--dir", folder, **SECRET).code == 0
    assert run("transcript", ann, *days_of, "-o", out, "--dir", folder).code == 0
    told = json.loads(out.read_text())
    assert (told["from"], told["to"]) == (1767110400, 1767196800)


@pytest.mark.parametrize("wrong", [("2025-04-05", "2025-04-04"), ("1969-12-31", "2025-01-01")])
def test_days_out_of_order_or_out_of_reach_are_wrong_use(
    run: Run, town: tuple[Path, str, str], tmp_path: Path, wrong: tuple[str, str]
) -> None:
    assert "day" in issue(run, town, *wrong, tmp_path / "c.json")
    assert not (tmp_path / "c.json").exists()


@given(st.dates(FIRST, LAST), st.dates(FIRST, LAST), st.integers(-840, 840))
def test_a_period_holds_its_first_and_last_second_and_prints_its_days(
    one: date, other: date, offset: int
) -> None:
    days, (first, last) = LocalDays(offset), sorted((one, other))
    period = days.period(first, last)
    assert days.local(period.start).date() == first
    assert days.local(period.start - 1).date() < first
    assert days.local(period.end - 1).date() == last
    assert days.days(period.start, period.end) == f"{first} to {last} ({days.zone})"
    if first < last:
        with pytest.raises(WrongUse):
            days.period(last, first)
