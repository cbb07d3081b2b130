"""What the operator sees: readiness, measurements, failures without secrets."""

import logging
import re
import tomllib
from importlib.resources import files
from typing import Any

import anyio
import pytest
from prometheus_client.parser import text_string_to_metric_families

from anchoring.errors import Fatal
from api.access.errors import AccessProblem, AccessRefused
from api.credits.errors import RunBlocked, RunConflict
from api.errors import ProblemCode
from api.http.kernel.problems import PROBLEMS, HttpProblem, problem_of, status_of
from api.node.worker import CHORES, Worker
from api.server.app import create_app
from api.words import chinese
from ledger.core.records.record import Record
from ledger.errors import Damaged, LedgerError, Refused, Unavailable
from ledger.operations.ledger import Ledger
from ledger.refusals import Code
from tests.builders.faulty_anchoring import Faulty
from tests.builders.http import Client, Open
from tests.builders.records import START, Town
from tests.builders.waiting import until


def samples(client: Client) -> dict[tuple[str, ...], float]:
    """(name, label values…) → value."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_a_process_without_a_genesis_is_alive_and_ready(client: Client) -> None:
    assert client.get("/healthz").json() == {"alive": True}
    assert client.get("/readyz").json() == {"ready": True, "chores": {}}


def test_a_ledger_that_cannot_be_read_is_not_ready(
    home: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_: object) -> int:
        raise Unavailable("the database is busy")

    client = Client(create_app(home))
    monkeypatch.setattr(Ledger, "size", property(busy))
    assert client.get("/readyz").status_code == 503
    assert samples(client)[("hourledger_readable",)] == 0


def test_readiness_ends_when_what_is_taken_in_is_not_sealed(
    home: Open, activity: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object) -> None:
        raise Damaged("log", "a gap")

    monkeypatch.setattr("api.node.worker.seal", damaged)
    worker = Worker(home, max_delay=0.1)
    client = Client(create_app(home, worker=worker))
    assert client.get("/readyz").json()["chores"] == dict.fromkeys(CHORES, "idle")
    worker.start()
    until(lambda: client.get("/readyz").status_code == 503)
    detail = client.get("/readyz").json()["detail"]
    assert (detail[:12], "Damaged" in detail) == ("seal stopped", False)
    found = samples(client)
    assert found[("hourledger_worker_running", "seal")] == 0
    assert found[("hourledger_worker_state", "seal", "stopped")] == 1
    worker.stop()


def test_trouble_with_a_chain_is_measured_and_keeps_the_server_ready(
    home: Open, activity: bytes
) -> None:
    faulty = Faulty(home, [Fatal("the chain holds another root")])
    worker = Worker(faulty, max_delay=0.1)
    client = Client(create_app(faulty, worker=worker))
    worker.start()
    until(lambda: client.get("/readyz").json()["chores"]["anchor"] == "blocked")
    assert client.get("/readyz").status_code == 200
    found = samples(client)
    assert found[("hourledger_worker_errors_total", "anchor", "Fatal")] == 1
    assert found[("hourledger_worker_running", "anchor")] == 0
    assert found[("hourledger_worker_state", "anchor", "blocked")] == 1
    assert found[("hourledger_worker_trouble_seconds", "anchor")] > 0
    assert found[("hourledger_worker_trouble_seconds", "seal")] == 0
    worker.stop()
    found = samples(client)
    assert found[("hourledger_worker_running", "seal")] == 0, "its thread has ended"
    assert found[("hourledger_worker_state", "seal", "ended")] == 1


def test_the_worker_lives_as_long_as_the_application(
    client: Client, home: Open, town: Town, activity: bytes
) -> None:
    worker = Worker(home, max_delay=0.1)
    app = create_app(home, worker=worker)

    async def serve() -> None:
        async with app.router.lifespan_context(app):
            until(lambda: worker.chores[1].state == "running")

    anyio.run(serve)
    assert not any(thread.is_alive() for thread in worker._threads)


def test_measurements_count_records_and_show_sizes(
    client: Client, home: Open, town: Town, service: Record
) -> None:
    client.post(service)
    client.post(town.enrol("carol"))
    client.post(town.transfer("bob", "ann", 1))
    client.bulk(b"{\n")
    before = samples(client)
    assert before[("hourledger_records_accepted_total", "true")] == 1
    assert before[("hourledger_records_accepted_total", "false")] == 1
    assert before[("hourledger_records_refused_total", "NO_COINS")] == 1
    assert before[("hourledger_records_refused_total", "NOT_JSON")] == 1
    assert before[("hourledger_log_size",)] == 13
    assert before[("hourledger_batches",)] == 1
    assert before[("hourledger_waiting",)] == 1
    assert before[("hourledger_anchored_size",)] == 0
    home.anchor_pending()
    assert samples(client)[("hourledger_anchored_size",)] == 12


def test_requests_are_counted_by_template_and_never_by_path(
    client: Client, town: Town, service: Record
) -> None:
    record_id = town.id(service).hex()
    client.get(f"/v1/records/0x{record_id}")
    client.request("HEAD", f"/v1/records/0x{record_id}")
    client.get("/v1/secret")
    client.request("BREW", "/v1/batches")
    found = samples(client)
    requests = "hourledger_http_requests_total"
    assert found[(requests, "GET", "/v1/records/{record_id}", "200")] == 1
    assert found[(requests, "HEAD", "/v1/records/{record_id}", "200")] == 1
    assert found[(requests, "GET", "unmatched", "404")] == 1
    assert found[(requests, "other", "/v1/batches", "405")] == 1
    text = client.get("/metrics").text
    assert record_id not in text
    assert "secret" not in text


def test_two_applications_measure_apart(home: Open, activity: bytes) -> None:
    first, second = Client(create_app(home)), Client(create_app(home))
    first.post(b"{")
    assert ("hourledger_records_refused_total", "NOT_JSON") not in samples(second)


@pytest.mark.parametrize(
    ("error", "code"),
    [(RuntimeError("secret"), "INTERNAL_ERROR"), (Damaged("tiles", "secret"), "DAMAGED")],
)
def test_a_failure_tells_the_log_why_and_the_client_where_to_ask(
    client: Client,
    ledger: Ledger,
    activity: bytes,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    code: str,
) -> None:
    def fail(_: Any) -> None:
        raise error

    monkeypatch.setattr("ledger.operations.read.latest_checkpoint", fail)
    with caplog.at_level(logging.ERROR):
        answer = client.get("/v1/checkpoint")
    document = answer.json()
    assert (answer.status_code, document["code"]) == (500, code)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "secret" not in answer.text
    (told,) = [r for r in caplog.records if document["instance"] in r.getMessage()]
    assert told.exc_info is not None
    assert told.exc_info[1] is error


def known_errors(base: type[LedgerError] = LedgerError) -> list[type[LedgerError]]:
    return [base, *(e for sub in base.__subclasses__() for e in known_errors(sub))]


def test_every_error_of_the_ledger_has_an_answer() -> None:
    for kind in known_errors():
        error = Refused(Code.OVERLAP) if kind is Refused else kind.__new__(kind)
        if isinstance(error, AccessRefused):
            continue
        if isinstance(error, RunBlocked):
            error.__init__(RunConflict.NOT_DRAFT)  # type: ignore[misc]
        if isinstance(error, Damaged):
            error.__init__("check", "reason")  # type: ignore[misc]
        status = problem_of(error, "/route").status_code
        assert status in {400, 404, 409, 415, 500, 503}


def test_every_problem_of_access_has_an_answer() -> None:
    statuses = {
        flaw: problem_of(AccessRefused(flaw), "/route").status_code for flaw in AccessProblem
    }
    assert statuses[AccessProblem.SIGN_IN] == 401
    assert statuses[AccessProblem.TOO_OFTEN] == 429
    assert set(statuses.values()) == {401, 403, 429}


def test_every_code_is_declared_once_and_has_one_page(client: Client) -> None:
    assert len(PROBLEMS) == sum(map(len, (Code, AccessProblem, RunConflict, HttpProblem)))
    for text, code in PROBLEMS.items():
        assert re.fullmatch("[A-Z][A-Z_]*", text), text
        assert status_of(code) in {400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503}
        found = client.get(f"/problems/{text}").json()
        assert found == {
            "code": text,
            "status": status_of(code),
            "title": code.en,
            "title_zh": chinese(code.en),
            "source": code.source,
        }
        assert found["title_zh"] != found["title"], text
        assert code.source, text


def families(base: type[ProblemCode] = ProblemCode) -> list[type[ProblemCode]]:
    return [f for sub in base.__subclasses__() for f in (sub, *families(sub))]


def test_no_family_of_codes_is_forgotten() -> None:
    declared = {member.value for family in families() for member in family}
    assert declared == PROBLEMS.keys() - {code.value for code in Code}


def test_the_table_of_refusals_has_a_row_for_each_code_and_no_other() -> None:
    rows = tomllib.loads(files("ledger").joinpath("refusals.toml").read_text("utf-8"))
    assert rows.keys() == {code.value for code in Code}


def test_nothing_is_logged_of_ordinary_requests(
    client: Client, town: Town, activity: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        client.post(town.honour("org", "second", "ann", START + 90000, 60))
        client.post(b"{")
        client.get("/v1/nothing")
    assert [r for r in caplog.records if r.name.startswith(("api", "ledger"))] == []
