"""Rows changed behind the ledger's back, nothing signed anew: the audit names the place. What the
public routes show has not changed, and so a mirror agrees."""

import pytest

from tests.builders.mirrors import Stage
from tests.faults.attacks.operator import audited, tamper

EDIT = (
    "UPDATE entry SET data = CAST(replace(CAST(data AS TEXT), '河', '湖') AS BLOB) "
    'WHERE "index" = 7'
)
SWAP = tuple(
    f'UPDATE entry SET "index" = {new} WHERE "index" = {old}'
    for old, new in ((3, -1), (4, 3), (-1, 4))
)
SWAP_AND_RENUMBER = (
    *SWAP,
    *(
        f"UPDATE entry SET data = CAST(replace(CAST(data AS TEXT), '\"index\":{old},', "
        f'\'"index":{new},\') AS BLOB) WHERE "index" = {new}'
        for old, new in ((4, 3), (3, 4))
    ),
)
INSIDE = {
    "an edited row": ((EDIT,), "rules", "entry 7"),
    "a deleted row": (('DELETE FROM entry WHERE "index" = 4',), "log", "entry 4"),
    "two swapped entries": (SWAP, "log", "entry 3"),
    "two swapped entries with new numbers": (SWAP_AND_RENUMBER, "state", "from entry 12 on"),
    "an account row alone": (
        ("UPDATE account SET credit_minutes = credit_minutes + 600",),
        "state",
        "account 0x",
    ),
    "a state node alone": (
        ("UPDATE state_node SET data = zeroblob(65)",),
        "state",
        "from entry 12 on",
    ),
}


@pytest.mark.parametrize("name", INSIDE)
def test_the_audit_names_what_was_changed(name: str, stage: Stage) -> None:
    statements, check, where = INSIDE[name]
    assert stage.mirror().code == 0
    tamper(stage.database, *statements)
    finding = audited(stage).findings[0]
    assert (finding.check, finding.where[: len(where)]) == (check, where)
    assert stage.mirror("--whole").code == 0
