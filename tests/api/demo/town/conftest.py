"""Towns that lived in a ledger: a large one, and small ones of other seeds."""

from collections.abc import Iterator

import pytest

from api.demo.town.inhabitants import Size
from api.demo.town.run import SetClock, simulate
from api.node.directory import LedgerDir
from ledger.core.records.decode import read_entry
from ledger.core.records.record import record_id
from ledger.store import entries as store
from ledger.store.engine import snapshot
from tests.builders.simulations import LARGE, Lived

SMALL = [Size(volunteers=40, organisations=3, days=3, seed=seed) for seed in (1, 2)]


@pytest.fixture(scope="session", params=[LARGE, *SMALL], ids=["large", "seed 1", "seed 2"])
def lived(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lived]:
    folder = tmp_path_factory.mktemp("town") / "ledger"
    report = simulate(folder, request.param)
    with LedgerDir.at(folder, SetClock(0)) as home:
        with snapshot(home.ledger.engine) as connection:
            rows = store.entries_from(connection, 0, store.log_size(connection))
        entries = [read_entry(row.data) for row in rows]
        identity = home.ledger.ledger_id
        with_ids = [(record_id(identity, e.record.body), e) for e in entries]
        yield Lived(request.param, folder, report, home, with_ids)
