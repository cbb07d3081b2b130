"""A kind that only this test knows: one declaration and one rule, and everything else follows."""

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ledger import kinds_page
from ledger.core.format.structs import Body
from ledger.core.format.types import Hash, Minutes, Someone, Time, Words
from ledger.core.kinds.kind import KINDS, by, hidden, reads, record_kind
from ledger.core.records.record import Record
from ledger.core.state.state import Change, State, volunteer_key
from ledger.errors import Refused
from ledger.operations.audit import audit
from ledger.operations.columns import batches
from ledger.operations.read import account_entries
from ledger.refusals import Code
from ledger.rules.judging import RULES, judges
from ledger.rules.roles import demand_organisation, not_future
from tests.builders.both_verifiers import JUDGE
from tests.builders.bundles import AnchoredLedger
from tests.builders.records import ZERO, address

ROOT = Path(__file__).parents[4]


@pytest.fixture
def training() -> Iterator[type[Body]]:
    @record_kind(
        "training",
        signed_by=(by("organisation"),),
        scope="train",
        issuer="organisation",
        parties=("volunteer", "organisation"),
        corrects=None,
        status=None,
        reads=(reads("volunteer", "volunteer"),),
        table="trainings",
        secret=hidden("details"),
    )
    @dataclass(frozen=True, slots=True)
    class Training(Body):
        """An organisation certifies that a volunteer finished a course."""

        organisation: Someone
        volunteer: Someone
        course: Words
        minutes: Minutes
        details: Hash
        issued_at: Time

    @judges(Training)
    def judge(state: State, body: Any, record: Record, _id: bytes, time: int) -> list[Change]:
        demand_organisation(state, record, body.organisation, "train", time)
        not_future(state, time, body.issued_at)
        if state.get(volunteer_key(body.volunteer)) is None:
            raise Refused(Code.VOLUNTEER_UNKNOWN, body.volunteer)
        return []

    yield Training
    del KINDS["training"], RULES["training"]


@pytest.fixture
def trained(training: type[Body], tmp_path: Path) -> Iterator[tuple[AnchoredLedger, bytes]]:
    """A sealed ledger in which a delegate of the new scope certified a course."""
    world = AnchoredLedger(tmp_path)
    world.book.append(world.town.grant("org", "trainer", "train"))
    body = training(  # type: ignore[call-arg]
        organisation=address("org"),
        volunteer=address("ann"),
        course="急救",
        minutes=90,
        details=ZERO,
        issued_at=world.town.now,
    )
    record = world.town.record(body, ("organisation", "trainer"))
    world.book.append(record)
    world.seal()
    yield world, world.town.id(record)
    world.book.close()
    world.book.engine.dispose()


def test_is_refused_by_its_rule_and_by_the_signers_that_it_declares(
    training: type[Body], tmp_path: Path
) -> None:
    world = AnchoredLedger(tmp_path)

    def code(signers: tuple[tuple[str, str], ...], volunteer: str = "ann") -> str:
        made = training(  # type: ignore[call-arg]
            organisation=address("org"),
            volunteer=address(volunteer),
            course="急救",
            minutes=90,
            details=ZERO,
            issued_at=world.town.now,
        )
        with pytest.raises(Refused) as refusal:
            world.book.append(world.town.record(made, *signers))
        return refusal.value.code.value

    assert code((("volunteer", "ann"),)) == "WRONG_ROLES"
    assert code((("organisation", "second"),)) == "SIGNER_NOT_ALLOWED"
    assert code((("organisation", "org"),), "nobody") == "VOLUNTEER_UNKNOWN"
    world.book.close()
    world.book.engine.dispose()


def test_is_listed_under_its_parties(trained: tuple[AnchoredLedger, bytes]) -> None:
    world, _ = trained
    for name in ("ann", "org"):
        kinds = [e.record.kind for e in account_entries(world.book, address(name), -1, 100)]
        assert "training" in kinds
    assert "training" not in [
        e.record.kind for e in account_entries(world.book, address("bob"), -1, 100)
    ]


def test_is_proved_valid_by_both_verifiers(
    trained: tuple[AnchoredLedger, bytes], tmp_path: Path
) -> None:
    world, record = trained
    bundle = world.bundle(record)
    report = world.verify(bundle)
    assert report.verdict == "valid", report.checks
    assert report.facts["kind"] == "training"
    assert judged_in_the_browser(bundle, tmp_path)["verdict"] == "valid"
    forged = json.loads(json.dumps(bundle).replace('"minutes": 90', '"minutes": 91'))
    assert world.verify(forged).verdict == "invalid"
    assert judged_in_the_browser(forged, tmp_path)["verdict"] == "invalid"


def judged_in_the_browser(bundle: Any, folder: Path) -> dict[str, Any]:
    """The verdict of the browser's verifier with the table as it is written now."""
    copy = folder / "copy"
    shutil.copytree(ROOT / "verifier", copy / "verifier", dirs_exist_ok=True)
    (copy / "node_modules").unlink(missing_ok=True)
    (copy / "node_modules").symlink_to(ROOT / "node_modules")
    (copy / "verifier/kinds_table.js").write_text(kinds_page.files()["verifier/kinds_table.js"])
    judge = copy / "tests/api/pages/judge.mjs"
    judge.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(JUDGE, judge)
    line = {"file": base64.b64encode(json.dumps(bundle).encode()).decode(), "trusted": None}
    done = subprocess.run(
        ["node", str(judge)], input=json.dumps(line) + "\n", capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_is_exported_and_audited(trained: tuple[AnchoredLedger, bytes]) -> None:
    world, record = trained
    rows = [row for _, tables in batches(world.book) for row in tables["trainings"]]
    assert [(row["record"], row["course"], row["minutes"]) for row in rows] == [
        ("0x" + record.hex(), "急救", 90)
    ]
    assert audit(world.book.engine).findings == []
