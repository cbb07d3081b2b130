"""What an operator can do who owns the database, the log key and the anchorer's key."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from api.node.migrations.upgrade import upgrade
from ledger.core.trees.notes import Checkpoint, sign_note
from ledger.operations.audit import AuditReport, audit
from ledger.operations.ledger import Ledger
from ledger.operations.read import batches
from ledger.operations.seal import seal
from ledger.store.engine import open_engine
from ledger.store.entries import Batch
from tests.builders.http import Open
from tests.builders.ledgers import settle
from tests.builders.mirrors import Stage, add_batch
from tests.builders.records import START, Town


def tamper(database: Path, *statements: str | tuple[str, tuple[object, ...]]) -> None:
    """Drop every guard of a database and change rows; each statement must change something."""
    with closing(sqlite3.connect(database)) as raw, raw:
        for (name,) in raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            text, values = (statement, ()) if isinstance(statement, str) else statement
            assert raw.execute(text, values).rowcount > 0, text


def audited(stage: Stage) -> AuditReport:
    """The audit of the ledger, with the chain if it is anchored."""
    if not stage.anchored:
        return audit(stage.ledger.engine)
    from anchoring.reader import ChainReader

    assert stage.home.web3 is not None
    chain = ChainReader(stage.home.web3)
    return audit(stage.ledger.engine, chain, stage.home.anchors_for)


def signed_again(stage: Stage, batch: Batch, root: bytes, size: int | None = None) -> Batch:
    """A batch with another root, and size if given, signed by the log key."""
    origin = stage.town.body.origin
    head = Checkpoint(origin, size or batch.size, root)
    note = sign_note(head.body(), origin, stage.town.log_key)
    return replace(batch, size=head.size, root=root, checkpoint=note)


def another_history(stage: Stage, minutes: int, later_batches: int = 2) -> Open:
    """The same town by the same keys, in which Ann's hour is of another length."""
    folder = stage.root / "another"
    folder.mkdir()
    town = Town()
    engine = open_engine(folder / "ledger.sqlite")
    upgrade(engine)
    home = Open(town, Ledger(engine, town.clock), stage.home.chain_path)
    activity = settle(town, home.ledger)
    home.ledger.append(town.served(home.ledger, "org", "ann", activity, START + 90000, minutes))
    seal(home.ledger, town.log_key)
    for _ in range(later_batches):
        add_batch(town, home.ledger, 1)
    return home


def newest(stage: Stage) -> Batch:
    return batches(stage.ledger, 0, 1000)[-1]
