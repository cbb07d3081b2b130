"""What the ledger takes in has one spelling; what a proof shows is judged alike for ever."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.core.records.intake import check_intake
from ledger.core.records.record import Record
from ledger.core.records.signing import check_signatures
from ledger.errors import Refused
from ledger.operations import ledger as taking
from ledger.operations.audit import audit
from ledger.refusals import Code
from tests.builders.bundles import AnchoredLedger
from tests.builders.records import START

DECOMPOSED = "Cafe\u0301"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[AnchoredLedger]:
    world = AnchoredLedger(tmp_path)
    yield world
    world.ledger.close()
    world.ledger.engine.dispose()


def titled(world: AnchoredLedger, title: str) -> Record:
    return world.town.activity("org", START + 10**6, START + 10**6 + 3600, title=title)


def test_a_text_in_another_form_is_refused_by_its_place(world: AnchoredLedger) -> None:
    with pytest.raises(Refused) as refused:
        world.ledger.append(titled(world, DECOMPOSED))
    assert refused.value.code is Code.BAD_VALUE
    assert refused.value.detail == "body.title: the text is not in normal form C"
    world.ledger.append(titled(world, "Caf\u00e9"))


def test_texts_are_looked_at_wherever_they_stand(world: AnchoredLedger) -> None:
    grant = world.town.grant("org", "second", "approve")
    assert check_intake(world.ledger.ledger_id, grant) == world.town.id(grant)
    object.__setattr__(grant.body, "scopes", ("approve", DECOMPOSED))
    with pytest.raises(Refused, match=r"body\.scopes\[1\]"):
        check_intake(world.ledger.ledger_id, grant)


def test_an_operator_who_takes_it_in_all_the_same_is_found_and_proofs_stay_what_they_are(
    world: AnchoredLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = titled(world, DECOMPOSED)
    with monkeypatch.context() as forged:
        forged.setattr(taking, "check_intake", check_signatures)
        world.ledger.append(record)
    world.seal()
    (finding,) = audit(world.ledger.engine).findings
    assert "the text is not in normal form C" in finding.reason
    assert world.verify(world.bundle(world.town.id(record))).verdict == "valid"
