"""The anchorer's memory, in the ledger's own database: which contract, and every transaction that
was ever signed. A transaction is committed here BEFORE it is sent, so that after a crash the same
bytes are sent again and never a second transaction. The chain, not this table, says what happened.

The short transactions here are the named exception to "the operation commits".
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, Engine, LargeBinary, UniqueConstraint, func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from anchoring.errors import Retry
from ledger.store.engine import snapshot, transaction

RECORDED = "recorded"
"""Signed and committed here; sent or not."""

MINED = "mined"
"""Seen on the chain, not yet deep enough."""

FINAL = "final"
"""Seen on the chain under enough blocks."""

MAX_SIZE: Final = 2**63 - 1
"""No log is larger; databases know no larger integer."""


class AnchorTarget(SQLModel, table=True):
    """A contract that this ledger anchors to, or once did."""

    __tablename__ = "anchor_target"
    __table_args__ = (UniqueConstraint("chain_id", "contract"),)

    id: int | None = Field(default=None, primary_key=True)
    chain_id: int = Field(sa_type=BigInteger)
    contract: str = Field(max_length=42)
    ledger_id: bytes = Field(sa_type=LargeBinary)
    founder: str = Field(max_length=42)
    demonstration: bool
    lost: bool = False
    created_at: int = Field(sa_type=BigInteger)


class AnchorAttempt(SQLModel, table=True):
    """One signed transaction."""

    __tablename__ = "anchor_attempt"
    __table_args__ = (UniqueConstraint("chain_id", "contract", "size", "nonce"),)

    id: int | None = Field(default=None, primary_key=True)
    chain_id: int = Field(sa_type=BigInteger)
    contract: str = Field(max_length=42)
    size: int = Field(sa_type=BigInteger, index=True)
    root: bytes = Field(sa_type=LargeBinary)
    nonce: int = Field(sa_type=BigInteger)
    tx_hash: str = Field(max_length=66)
    raw: bytes = Field(sa_type=LargeBinary)
    state: str = Field(max_length=16)
    block_number: int | None = Field(default=None, sa_type=BigInteger)
    block_hash: str | None = Field(default=None, max_length=66)
    created_at: int = Field(sa_type=BigInteger)


@dataclass(frozen=True)
class Sighting:
    """Where the chain holds an attempt."""

    state: str
    block_number: int
    block_hash: str


class Journal:
    """The attempts of one contract on one chain."""

    def __init__(self, engine: Engine, chain_id: int, contract: str) -> None:
        self._engine = engine
        self._chain_id = chain_id
        self._contract = contract

    def record(self, attempt: AnchorAttempt) -> None:
        """Commit an attempt; only after this returns may it be sent. Raises `Retry` when another
        process was faster."""
        with _writing(self._engine) as session:
            _add(session, attempt)

    def replace(self, attempt: AnchorAttempt) -> None:
        """Record a transaction found on the chain, in the place of one that it displaced."""
        with _writing(self._engine) as session:
            query = select(AnchorAttempt).where(
                *self._mine(),
                col(AnchorAttempt.size) == attempt.size,
                col(AnchorAttempt.nonce) == attempt.nonce,
            )
            for displaced in session.exec(query):
                session.delete(displaced)
            session.flush()
            _add(session, attempt)

    def attempts(self, sizes: Iterable[int]) -> dict[int, list[AnchorAttempt]]:
        """All attempts of some batches, newest first."""
        found: dict[int, list[AnchorAttempt]] = {size: [] for size in sizes}
        if not found:
            return found
        # Bounds, not a list of sizes: databases limit the number of parameters.
        query = (
            select(AnchorAttempt)
            .where(*self._mine())
            .where(col(AnchorAttempt.size).between(min(found), max(found)))
            .order_by(col(AnchorAttempt.nonce).desc(), col(AnchorAttempt.id).desc())
        )
        with _reading(self._engine) as session:
            for attempt in session.exec(query):
                if attempt.size in found:
                    found[attempt.size].append(attempt)
        return found

    def seen(self) -> dict[int, tuple[str, bytes]]:
        """Size → state and root of every batch that was last seen on the chain."""
        query = select(AnchorAttempt.size, AnchorAttempt.state, AnchorAttempt.root).where(
            *self._mine(), col(AnchorAttempt.state).in_([MINED, FINAL])
        )
        with _reading(self._engine) as session:
            return {size: (state, bytes(root)) for size, state, root in session.exec(query)}

    def note(self, attempt: AnchorAttempt, sighting: Sighting | None) -> None:
        """Write down where the chain holds an attempt, or that it no longer does."""
        seen = None if sighting is None else sighting.block_hash
        if attempt.block_hash == seen and attempt.state == (
            sighting.state if sighting else RECORDED
        ):
            return
        with _writing(self._engine) as session:
            row = session.get_one(AnchorAttempt, attempt.id)
            if sighting is None:
                row.state, row.block_number, row.block_hash = RECORDED, None, None
            else:
                row.state = sighting.state
                row.block_number, row.block_hash = sighting.block_number, sighting.block_hash
            session.add(row)

    def _mine(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return (
            col(AnchorAttempt.chain_id) == self._chain_id,
            col(AnchorAttempt.contract) == self._contract,
        )


def targets(engine: Engine, ledger_id: bytes) -> Sequence[AnchorTarget]:
    """The contracts of a ledger that are not lost, oldest first."""
    query = (
        select(AnchorTarget)
        .where(col(AnchorTarget.ledger_id) == ledger_id, col(AnchorTarget.lost).is_(False))
        .order_by(col(AnchorTarget.id))
    )
    with _reading(engine) as session:
        return list(session.exec(query))


def add_target(engine: Engine, target: AnchorTarget) -> None:
    """Remember a contract. A demonstration chain replaces the one before it, which is lost."""
    with _writing(engine) as session:
        if target.demonstration:
            mine = col(AnchorTarget.ledger_id) == target.ledger_id
            for old in session.exec(select(AnchorTarget).where(mine)):
                old.lost = old.lost or old.demonstration
                session.add(old)
        _add(session, target)


def anchors_for(engine: Engine, size: int) -> list[dict[str, object]]:
    """The anchor objects of a proof bundle for the batch of `size` entries: every chain that
    holds it, as last seen. They are claims; the verifier asks the chain."""
    query = (
        select(AnchorAttempt, AnchorTarget.founder)
        .join(
            AnchorTarget,
            (col(AnchorTarget.chain_id) == col(AnchorAttempt.chain_id))
            & (col(AnchorTarget.contract) == col(AnchorAttempt.contract)),
        )
        .where(
            col(AnchorAttempt.size) == size,
            col(AnchorAttempt.state).in_([MINED, FINAL]),
            col(AnchorTarget.lost).is_(False),
        )
        .order_by(col(AnchorTarget.id), col(AnchorAttempt.nonce))
    )
    with _reading(engine) as session:
        return [
            {
                "chain_id": attempt.chain_id,
                "contract": attempt.contract,
                "founder": founder,
                "size": attempt.size,
                "transaction": attempt.tx_hash,
                "block_number": attempt.block_number,
                "block_hash": attempt.block_hash,
            }
            for attempt, founder in session.exec(query)
        ]


def anchors_within(engine: Engine, smallest: int, largest: int) -> list[dict[str, object]]:
    """The anchors to rest a proof on: of the newest batch of `smallest` to `largest` entries that a
    chain holds deep enough, else of the newest that one holds at all; [] where none does."""
    for state in (FINAL, MINED):
        size = _newest(engine, state, smallest, largest)
        if size is not None:
            return anchors_for(engine, size)
    return []


def witnessed(engine: Engine, index: int) -> bool:
    """Whether a chain that is not lost holds, deep enough, a batch with the entry at `index`."""
    return _newest(engine, FINAL, index + 1, MAX_SIZE) is not None


def _newest(engine: Engine, state: str, smallest: int, largest: int) -> int | None:
    """Size of the newest such batch, found from the top of the index of sizes."""
    with _reading(engine) as session:
        return session.exec(newest_query(state, smallest, largest)).first()


def newest_query(state: str, smallest: int, largest: int) -> SelectOfScalar[int]:
    """The question behind it: its plan is looked at, for it is asked for each proof."""
    target = select(AnchorTarget.id).where(
        col(AnchorTarget.chain_id) == col(AnchorAttempt.chain_id),
        col(AnchorTarget.contract) == col(AnchorAttempt.contract),
        col(AnchorTarget.lost).is_(False),
    )
    return (
        select(AnchorAttempt.size)
        .where(
            col(AnchorAttempt.size).between(smallest, largest),
            col(AnchorAttempt.state) == state,
            target.exists(),
        )
        .order_by(col(AnchorAttempt.size).desc())
        .limit(1)
    )


def handed_over(engine: Engine, smallest: int, largest: int) -> dict[int, int]:
    """Size → when the first transaction that a chain holds of it was made (Unix s), of the batches
    of `smallest` to `largest` entries."""
    query = select(AnchorAttempt.size, func.min(col(AnchorAttempt.created_at))).where(
        col(AnchorAttempt.size).between(smallest, largest),
        col(AnchorAttempt.state).in_([MINED, FINAL]),
    )
    with _reading(engine) as session:
        return {size: time for size, time in session.exec(query.group_by(col(AnchorAttempt.size)))}


@contextmanager
def _reading(engine: Engine) -> Iterator[Session]:
    # Rows outlive their session, so that an attempt can be handed on.
    with snapshot(engine) as connection, Session(connection, expire_on_commit=False) as session:
        yield session


@contextmanager
def _writing(engine: Engine) -> Iterator[Session]:
    """One of the store's writing transactions: what it reads, nobody changes before it writes."""
    with transaction(engine) as connection, Session(connection, expire_on_commit=False) as session:
        yield session
        session.flush()


def _add(session: Session, row: SQLModel) -> None:
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        raise Retry("another process wrote down the same transaction or contract") from None
