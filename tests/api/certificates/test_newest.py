"""The newest of a certificate: its file by its code, else its record and each hour alone."""

import json
from typing import Any

import pytest

from api.certificates.checking import verify_any
from api.certificates.newest import Judged, newest_of
from api.certificates.signed import ledger_proof_of
from api.certificates.stored import fetch_code
from ledger.errors import Unavailable
from tests.builders.both_verifiers import Chains, on_chain
from tests.builders.trusting import everybody
from tests.vectors import certificates

FILES: dict[str, Any] = {
    v["name"]: v["file"]
    for v in json.loads(certificates.FILE.read_text(encoding="utf-8"))["certificates"]
}


def judged(name: str) -> Judged:
    file = FILES[name]
    *others, ledger = file["proof"]
    anchored = {**ledger, "ledgerProof": on_chain(ledger["ledgerProof"], 1)}
    file = {**file, "proof": [*others, anchored]}
    return Judged(verify_any(json.dumps(file).encode(), Chains(), pins=everybody), file)


def asked(name: str, found: Judged | None) -> tuple[str, str]:
    """What an old file comes to, if the site has this of it, and nothing of its parts."""
    own = judged(name)
    proof: Any = ledger_proof_of(own.value)
    code = fetch_code(bytes.fromhex(proof["salt"][2:]))

    def ask(record: str, given: str | None) -> Judged | None:
        assert given in (None, code), "the code opens this file, and goes nowhere else"
        return found if given else None

    report, news = newest_of(own, ask)
    return report.verdict, news


def test_a_service_that_was_voided_since_makes_the_old_paper_void() -> None:
    assert asked("valid", judged("service void")) == ("void", "newer")
    assert asked("valid", judged("valid")) == ("valid", "same")
    assert asked("service void", judged("valid")) == ("void", "unfit")


@pytest.mark.parametrize("name", ["paper void", "with service void, softened"])
def test_another_paper_or_a_forged_one_is_no_news(name: str) -> None:
    assert asked("valid", judged(name)) == ("valid", "unfit")


def test_a_site_that_has_nothing_or_does_not_answer_leaves_the_paper_as_of_its_day() -> None:
    assert asked("valid", None) == ("valid", "missing")

    def silent(record: str, code: str | None) -> Judged | None:
        raise Unavailable("not now")

    report, news = newest_of(judged("valid"), silent)
    assert (report.verdict, news) == ("valid", "silent")
