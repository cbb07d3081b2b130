"""What whoever holds every key of a ledger can write, and no verifier takes for valid.

Each file is signed, chained, sealed and anchored without a fault, for sums or times that no ledger
would have taken. Both verifiers say which check it fails.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.certificates.checking import verify_any
from ledger.core.verify.checks import Report
from tests.builders.both_verifiers import bundles, compare
from tests.builders.commands import run
from tests.builders.forged_bundles import resealed
from tests.builders.records import DAY, START
from tests.builders.trusting import everybody
from tests.frauds.forger import NOON, SEALED, Blocks, rendered
from tests.frauds.forgeries import FORGED, LAST, Made, forger, true_files
from tests.vectors import forged as vectors

ELSEWHERE = ("hourledger-disclosure/v1",)
"""Files of which the browser's verifier says that it does not judge them."""


def judged(file: Made) -> Report:
    return verify_any(rendered(file), Blocks(), pins=everybody)


def failed(report: Report) -> set[str]:
    return {check.name for check in report.checks if check.ok is False}


@pytest.mark.parametrize("name", true_files())
def test_what_this_forger_writes_truly_is_valid(name: str) -> None:
    report = judged(true_files()[name])
    assert report.verdict == "valid", report.checks


def test_a_fresh_generation_gives_the_published_bytes() -> None:
    assert vectors.FILE.read_text(encoding="utf-8") == vectors.rendered(), (
        "run: python -m tests.vectors.forged"
    )


@pytest.mark.parametrize("name", FORGED)
def test_no_key_makes_it_valid(name: str) -> None:
    file, checks = FORGED[name]
    report = judged(file())
    assert (report.verdict, report.facts, failed(report)) == ("invalid", {}, checks), report.checks


TIMES: dict[str, tuple[str, tuple[Any, ...], int]] = {
    "accepted in 1970": ("credit service", ("record", "entry", "accepted_at"), 0),
    "accepted at the end of time": ("credit service", ("record", "entry", "accepted_at"), LAST),
    "accepted before it was served": (
        "honour service with a delegate",
        ("record", "entry", "accepted_at"),
        NOON,
    ),
    "sealed in 1970": ("credit service", ("seal", "record", "body", "sealed_at"), 1),
    "a seal accepted at the end of time": ("credit service", ("seal", "accepted_at"), LAST),
    "more minutes than it lasted": (
        "honour service with a delegate",
        ("record", "entry", "record", "body", "minutes"),
        46,
    ),
    "more credit minutes than it lasted": (
        "credit service",
        ("record", "entry", "record", "body", "minutes"),
        100_000,
    ),
    "an end before the start": (
        "honour service with a delegate",
        ("record", "entry", "record", "body", "ended_at"),
        NOON - 1,
    ),
    "a grant accepted after what it allowed": (
        "honour service with a delegate",
        ("delegations", 0, "accepted_at"),
        SEALED + DAY,
    ),
    "a void accepted before what it voids": ("voided service", ("change", "accepted_at"), START),
}
"""Name → a published bundle, and what whoever holds every key writes into it."""


@pytest.mark.parametrize("name", TIMES)
def test_no_key_makes_the_proof_of_a_record_with_other_times_valid(name: str) -> None:
    vector, place, value = TIMES[name]
    made = copy.deepcopy(bundles()[vector])
    holder = made
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    forged = resealed(made, place)
    assert "times" in failed(judged(forged))
    assert compare([("", rendered(forged))]) == ["invalid"]


@pytest.mark.parametrize("role", ["organisation", "approver"])
def test_no_key_makes_hours_valid_that_their_volunteer_signed(role: str) -> None:
    made = copy.deepcopy(bundles()["honour service with a delegate"])
    record = made["record"]["entry"]["record"]
    ann = record["body"]["volunteer"]
    claim = next(claim for claim in record["signatures"] if claim["role"] == role)
    for grant in made["delegations"]:
        body = grant["record"]["body"]
        body["delegate"] = ann if body["delegate"] == claim["signer"] else body["delegate"]
    claim["signer"] = ann
    forged = resealed(made)
    assert failed(judged(forged)) == {"roles"}
    assert compare([("", rendered(forged))]) == ["invalid"]


@pytest.mark.parametrize("who", ["volunteer", "organisation", "station", "signer", "denial"])
def test_no_key_makes_hours_valid_that_no_third_person_confirmed(who: str) -> None:
    made = copy.deepcopy(bundles()["service that its recipient confirmed"])
    record, basis = made["record"]["entry"]["record"], made["basis"]
    said = basis["confirmation"]
    if who == "denial":
        said["body"]["answer"] = "not_served"
    else:
        stated = record["body"] | {"station": basis["clocks"][1]["station"]}
        stated["signer"] = record["signatures"][0]["signer"]
        said["body"]["recipient"] = said["signatures"][0]["signer"] = stated[who]
    forged = resealed(made)
    assert failed(judged(forged)) == {"roles"}
    assert compare([("", rendered(forged))]) == ["invalid"]


def test_the_browser_says_the_same_of_every_one() -> None:
    files = {name: file() for name, (file, _) in FORGED.items()} | true_files()
    here = {n: rendered(f) for n, f in files.items() if f["format"] not in ELSEWHERE}
    verdicts = dict(zip(here, compare(here.items(), None), strict=True))
    # The block of these is later than all seals: of that, `test_on_what_the_chains_say` speaks.
    late = {name for name in here if "after its block" in name}
    assert {name for name, word in verdicts.items() if word == "valid"} == late | {
        *true_files()
    } & here.keys()


def test_the_command_says_it_of_a_file_without_any_chain(tmp_path: Path) -> None:
    file = tmp_path / "forged.json"
    for name, (make, checks) in FORGED.items():
        if "after its block" in name:
            continue
        file.write_bytes(rendered(make()))
        done = run("verify", file, "--json")
        assert done.code == 1, name
        told = {check["name"] for check in done.json["checks"] if check["ok"] is False}
        assert told == checks, name


def test_a_signature_for_an_organisation_is_not_taken_for_its_own() -> None:
    """The grant of eve does not stand in ann's transcript, whether there is one or not: it is said
    that nobody saw it."""
    made = forger()
    body = made.entries[2].record.body
    record = made.town.record(body, ("organisation", "eve"))
    made.entries[2] = replace(made.entries[2], record=record)
    true, report = judged(forger().transcript()), judged(made.transcript())
    for found, stations, eves in ((true, 4, 0), (report, 4, 1)):
        assert found.verdict == "valid", found.checks
        assert found.facts["grants_not_shown"] == stations + eves
        assert [s["grants_not_shown"] for s in found.facts["services"]] == [eves, 0]
    (roles,) = (check for check in report.checks if check.name == "roles")
    assert roles.reason.endswith("; 5 signatures rest on grants that are not shown here")


def test_a_void_by_another_organisation_is_said_to_rest_on_what_is_not_shown() -> None:
    """It may have succeeded the one that recorded the hours: that stands in their transcripts."""
    for organisation, missing in (("org", 0), ("eve", 1)):
        made = forger()
        first = made.town.id(made.entries[2].record)
        made.add(made.town.void(first, organisation), NOON + 2 * DAY)
        report = judged(made.transcript())
        assert report.verdict == "valid", report.checks
        assert report.facts["grants_not_shown"] == 4 + missing
