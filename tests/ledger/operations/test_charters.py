"""A ledger under another charter: what is sealed, who signs, with which key it goes on."""

from pathlib import Path

import pytest

from ledger.core.kinds.registry import Charter, Seal
from ledger.core.records.charters import charter_hash
from ledger.core.records.decode import read_entry
from ledger.errors import Damaged, NotFound, Refused
from ledger.operations.audit import audit
from ledger.operations.receipt import receipt
from ledger.operations.seal import complete, seal
from ledger.store import entries as store
from ledger.store.engine import snapshot
from tests.builders.councils import MEMBERS, NEW_LOG, Council, rising
from tests.builders.records import START, address


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return Council(tmp_path)


def refused(council: Council, *signers: str, **changes: object) -> str:
    record = council.record(council.next(**changes), *signers)
    with pytest.raises(Refused) as error:
        council.ledger.append(record)
    return error.value.code.value


def test_a_charter_is_sealed_at_once_and_the_seal_names_it(council: Council) -> None:
    before = council.charter
    index = council.adopt(certify_threshold=1)
    with snapshot(council.ledger.engine) as connection:
        rows = store.entries_from(connection, index - 1, index + 2)
        batch = store.last_batch(connection)
    earlier, charter, closing = (read_entry(row.data).record.body for row in rows)
    assert isinstance(earlier, Seal)
    assert isinstance(charter, Charter)
    assert isinstance(closing, Seal)
    assert (earlier.charter, closing.charter) == (charter_hash(before), charter_hash(charter))
    assert rows[2].accepted_at == rows[1].accepted_at
    assert batch is not None
    assert batch.size == index + 2


def test_records_of_one_call_stand_on_both_sides_of_the_seal(council: Council) -> None:
    charter = council.record(council.next(certify_threshold=1), *MEMBERS[:2])
    one = council.town.certify("new", valid_from=council.town.now + 1)
    alone = council.record(one.body, "mayor")
    first, between, last = council.ledger.append_many([council.town.enrol("eve"), charter, alone])
    assert not isinstance(between, Refused)
    assert [a.index - between.index for a in (first, last) if not isinstance(a, Refused)] == [-1, 2]


def test_one_authority_of_three_changes_nothing_alone(council: Council) -> None:
    assert refused(council, "mayor") == "QUORUM"
    policy = council.record(council.town.certify("x").body, "mayor")
    with pytest.raises(Refused, match="1 of 2 authorities signed"):
        council.ledger.append(policy)


def test_who_is_new_signs_and_a_stranger_does_not_count(council: Council) -> None:
    both = rising(*MEMBERS[:2], "eve")
    assert refused(council, *MEMBERS[:2], authorities=both) == "QUORUM"
    assert refused(council, "mayor", "eve", authorities=both) == "QUORUM"
    assert refused(council, *MEMBERS[:2], "bob") == "SIGNER_NOT_ALLOWED"
    council.adopt(*MEMBERS[:2], "eve", authorities=both)
    assert council.ledger.head().authorities == both
    assert refused(council, "mayor", "warden") == "SIGNER_NOT_ALLOWED"


def test_a_ledger_has_one_line_of_charters(council: Council) -> None:
    fork = council.next(reason="another")
    council.adopt()
    for body in (fork, council.next(version=2), council.next(previous=council.town.ledger)):
        with pytest.raises(Refused) as error:
            council.ledger.append(council.record(body, *MEMBERS[:2]))
        assert error.value.code.value == "CHARTER_NOT_NEXT"


def test_the_next_authorities_can_be_committed_to(council: Council) -> None:
    from eth_utils.crypto import keccak

    council.adopt(next=tuple(keccak(hexstr=address(name)) for name in (*MEMBERS, "eve")))
    wrong = rising(*MEMBERS, "bob")
    assert refused(council, *MEMBERS, "bob", authorities=wrong) == "CHARTER_COMMITTED"
    council.adopt(*MEMBERS, "eve", authorities=rising(*MEMBERS, "eve"))


def test_a_ledger_goes_on_with_the_log_key_of_its_charter(council: Council) -> None:
    first = council.serve(0)
    council.seal()
    old, made = council.town.log_key, receipt(council.ledger, council.town.log_key, first, 5)
    index = council.rotate()
    assert made["charters"] == []
    second = council.serve(1)
    with pytest.raises(Damaged, match="not the one that the charter names"):
        seal(council.ledger, old)
    council.seal()
    assert audit(council.ledger.engine).findings == []
    assert receipt(council.ledger, NEW_LOG, second, 5)["charters"]
    with pytest.raises(NotFound, match="not at hand"):
        receipt(council.ledger, NEW_LOG, first, 5)
    with snapshot(council.ledger.engine) as connection:
        rotated = store.batch_holding(connection, index)
    assert rotated is not None
    assert rotated.size == index + 2


def test_a_crash_between_charter_and_head_is_healed_by_the_new_key(council: Council) -> None:
    public = NEW_LOG.public_key().public_bytes_raw()
    council.ledger.append(council.record(council.next(log_key=public), *MEMBERS[:2]))
    with pytest.raises(Damaged):
        complete(council.ledger, council.town.log_key)
    batch = complete(council.ledger, NEW_LOG)
    assert batch is not None
    assert batch.size == council.ledger.size
    assert audit(council.ledger.engine).findings == []


def test_a_ledger_takes_sixty_four_charters_and_no_more(council: Council) -> None:
    for _ in range(64):
        council.adopt()
    assert refused(council, *MEMBERS[:2]) == "CHARTER_LIMIT"
    assert len(council.bundle(council.serve(0))["charters"]) == 64


def test_a_module_that_the_program_does_not_know_is_not_adopted(council: Council) -> None:
    assert refused(council, *MEMBERS[:2], modules=("hours/2", "mall/1")) == "BAD_VALUE"
    assert council.town.now >= START
