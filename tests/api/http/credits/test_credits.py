"""Practice credits over HTTP: the registrar's calls, the student's, everybody else's refusals."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.credits.rule_sets import known_rule_sets
from api.server.app import create_app
from ledger.core.credits.rules import RuleSet
from ledger.core.documents import verify_bytes
from ledger.core.format.volunteer_number import number_of
from tests.builders.credit_runs import RegistrarLedger, upload
from tests.builders.credits import UNIVERSITY, rules
from tests.builders.http import Caller, Client, Open, access_to
from tests.builders.records import DAY, address
from tests.builders.trusting import everybody
from tests.builders.waiting import until

HOME = f"/universities/{UNIVERSITY}"


def text_of(rule_set: RuleSet) -> str:
    return rule_set.model_dump_json(by_alias=True, exclude_none=True)


class RegistrarHome(Open):
    """The registrar's ledger with its one chain."""

    world: RegistrarLedger

    def anchors_for(self, size: int) -> list[dict[str, Any]]:
        return self.world._anchors(size, size)

    def anchors_within(self, smallest: int, largest: int) -> list[dict[str, Any]]:
        return self.world._anchors(smallest, largest)


@dataclass
class Counter(Caller):
    world: RegistrarLedger

    def roster(self, *names: str, **more: Any) -> dict[str, Any]:
        sent = upload(*names)
        roster = base64.b64encode(sent.data).decode()
        return {"file_name": sent.file_name, "roster": roster, "confirmed": [], **more}

    def draft(self, *names: str, who: str = "registrar", **more: Any) -> str:
        """Has a draft made and waits for it."""
        terms = {"rules": text_of(rules()), "as_of": None, **more}
        asked = self.ask("POST", HOME + "/credit-runs", who, **self.roster(*names, **terms))
        assert asked.status_code == 202, asked.text
        job = asked.json()["job"]
        found = self.done(job, who)
        assert found["problem"] is None, found
        return str(found["run"])

    def done(self, job: str, who: str = "registrar") -> dict[str, Any]:
        """What a job came to."""

        def ended() -> dict[str, Any] | None:
            found: dict[str, Any] = self.ask("GET", f"{HOME}/credit-jobs/{job}", who).json()
            return found if found["run"] or found["problem"] else None

        found = until(ended, "the draft")
        assert found
        return found


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    world = RegistrarLedger(tmp_path)
    home = RegistrarHome(world.town, world.ledger, tmp_path / "chain.sqlite")
    home.world = world
    with access_to(world.ledger, tmp_path) as access:
        app = create_app(home, access=access, registrar=world.registrar)
        yield Counter(Client(app), world)
    world.ledger.close()
    world.ledger.engine.dispose()


def test_the_rule_sets_are_there_for_everybody(counter: Counter) -> None:
    items = counter.ask("GET", "/credit-rules").json()["items"]
    assert [item["hash"] for item in items] == ["0x" + r.hash().hex() for r, _ in known_rule_sets()]
    assert len(items) == 5
    assert {"zh", "en"} == set(items[0]["title"])


def test_a_roster_is_read_and_nothing_is_kept(counter: Counter) -> None:
    found = counter.ask(
        "POST", HOME + "/rosters", "registrar", **counter.roster("ann", "bob", "eve")
    ).json()
    assert (found["form"], found["total"]) == ("CSV, gb18030, ','", 3)
    assert found["statuses"] == {"matched": 2, "no_consent": 1}
    assert [row["match_code"] for row in found["rows"]] == ["NO_CONSENT"]
    assert found["diff"] is None
    assert not (counter.world.folder / "credits").exists()


def test_a_roster_is_compared_with_that_of_the_run_before(counter: Counter) -> None:
    run = counter.draft("ann", "bob")
    found = counter.ask("POST", HOME + "/rosters", "registrar", **counter.roster("ann", "eve", "x"))
    diff = found.json()["diff"]
    assert (diff["run"], diff["new"], diff["gone"]) == (run, ["20232"], [])
    assert diff["changed"] == {"20231": ["name", "volunteer_no"]}


def test_a_whole_run_over_http(counter: Counter) -> None:
    run = counter.draft("ann", "bob", "eve")
    home = f"{HOME}/credit-runs/{run}"
    assert counter.ask("GET", "/me/credits", "ann").json()["items"] == []
    published = counter.ask("POST", home + "/publication", "registrar", days=5)
    assert published.json()["stage"] == "published"
    (mine,) = counter.ask("GET", "/me/credits", "ann").json()["items"]
    assert mine["line"]["evaluation"]["credit_hundredths"] == 83
    assert (mine["university"], mine["title"]["en"]) == ("university", "Practice credits")
    assert counter.ask("GET", "/me/credits", "eve").json()["items"] == []
    said = counter.ask("POST", f"/me/credits/{run}/objections", "ann", text="少了一次")
    assert said.status_code == 204
    counter.world.later(5 * DAY)
    early = counter.ask("POST", home + "/final", "registrar")
    assert (early.status_code, early.json()["code"]) == (409, "UNANSWERED")
    late = counter.ask("POST", f"/me/credits/{run}/objections", "ann", text="又少一次")
    assert (late.status_code, late.json()["code"]) == (409, "WINDOW_CLOSED")
    assert counter.ask("PUT", home + "/objections/1", "registrar", answer="已核").status_code == 204
    details = counter.ask("GET", home, "registrar").json()
    assert [(o["student_no"], o["answer"]) for o in details["objections"]] == [("20230", "已核")]
    assert counter.ask("GET", home + "/changes", "registrar").json() == {"batch": 1, "items": []}
    final = counter.ask("POST", home + "/final", "registrar")
    assert final.json()["stage"] == "final"
    assert len(counter.world.decided("ann")) == 1
    report = counter.ask("GET", home + "/files/report.jsonl", "registrar")
    assert verify_bytes(report.content, counter.world.chain, pins=everybody).verdict == "valid"
    assert report.headers["cache-control"] == "private, no-store"
    for name in ("students.csv", "records.csv", "rejected.csv", "report.xlsx", "report.pdf"):
        assert counter.ask("GET", f"{home}/files/{name}", "registrar").status_code == 200
    assert counter.ask("DELETE", home, "registrar").status_code == 204
    assert counter.ask("GET", home, "registrar").status_code == 404


def test_lines_come_in_pages_without_their_evidence(counter: Counter) -> None:
    home = f"{HOME}/credit-runs/{counter.draft('ann', 'bob', 'eve')}/lines"
    first = counter.ask("GET", home + "?limit=2", "registrar").json()
    assert ([line["row"] for line in first["items"]], first["next"]) == ([1, 2], 2)
    rest = counter.ask("GET", home + "?after=2&limit=2", "registrar").json()
    assert ([line["row"] for line in rest["items"]], rest["next"]) == ([3], None)
    assert "evidence" not in first["items"][0]


@pytest.mark.parametrize("who", ["", "ann", "org", "second"])
def test_nobody_else_sees_or_does_anything(counter: Counter, who: str) -> None:
    run = counter.draft("ann")
    home = f"{HOME}/credit-runs/{run}"
    counter.ask("POST", home + "/publication", "registrar", days=5)
    status = 403 if who else 401
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", HOME + "/rosters", counter.roster("ann")),
        ("POST", HOME + "/credit-runs", counter.roster("ann", rules="", as_of=None)),
        ("GET", HOME + "/credit-runs", {}),
        ("GET", home, {}),
        ("GET", home + "/lines", {}),
        ("GET", home + "/changes", {}),
        ("POST", home + "/publication", {"days": 1}),
        ("PUT", home + "/objections/1", {"answer": "x"}),
        ("POST", home + "/final", {}),
        ("GET", home + "/files/report.jsonl", {}),
        ("DELETE", home, {}),
    ]
    for method, path, body in calls:
        assert counter.ask(method, path, who, **body).status_code == status, path


def test_another_university_reaches_no_run_of_this_one(counter: Counter) -> None:
    world = counter.world
    world.ledger.append(world.town.certify("elsewhere"))
    run = counter.draft("ann")
    path = f"/universities/{address('elsewhere')}/credit-runs"
    assert counter.ask("GET", f"{path}/{run}", "elsewhere").status_code == 404
    assert counter.ask("GET", path, "elsewhere").json() == {"items": []}
    asked = counter.ask(
        "POST", path, "elsewhere", **counter.roster("ann", rules=text_of(rules()), as_of=None)
    )
    assert asked.status_code == 404


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"roster": "!!"}, 400, "BAD_VALUE"),
        ({"roster": ""}, 400, "BAD_FILE"),
        ({"roster": base64.b64encode(b"PK\x03\x04").decode()}, 400, "BAD_FILE"),
        ({"confirmed": [1]}, 400, "BAD_VALUE"),
        ({"file_name": 1}, 400, "BAD_VALUE"),
        ({"rules": "scheme = "}, 400, "BAD_FORM"),
        ({"rules": "{}"}, 400, "BAD_VALUE"),
        ({"as_of": 0}, 400, "BAD_VALUE"),
    ],
)
def test_bad_uploads_are_refused(
    counter: Counter, changes: dict[str, Any], status: int, code: str
) -> None:
    sent = counter.roster("ann", rules=text_of(rules()), as_of=None) | changes
    answer = counter.ask("POST", HOME + "/credit-runs", "registrar", **sent)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_job_that_fails_says_so(counter: Counter) -> None:
    sent = counter.roster("ann", rules=text_of(rules()), as_of=999)
    job = counter.ask("POST", HOME + "/credit-runs", "registrar", **sent).json()["job"]
    found = counter.done(job)
    assert (found["problem"], found["run"]) == ("NOT_FOUND", None)
    assert list((counter.world.folder / "credits").iterdir()) == []


def test_a_student_sees_the_own_volunteer_number(counter: Counter) -> None:
    me = counter.ask("GET", "/me", "ann").json()
    assert me["volunteer_number"] == number_of(address("ann"))
