"""The ledger's tables. Entry bytes are the truth; all the rest can be rebuilt from them.

Invariants stand here as constraints too: gapless indices, unique record ids, append-only entries
and checkpoints, no overlapping service of one volunteer, no totals below zero.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Index,
    LargeBinary,
    Table,
    event,
)
from sqlmodel import Field, SQLModel


def wide(*, primary_key: bool = False) -> Column[int]:
    """A column for integers of 64 bits."""
    return Column(BigInteger, primary_key=primary_key, autoincrement=False, nullable=False)


class EntryRow(SQLModel, table=True):
    """One entry: its canonical bytes, and the columns by which it is found."""

    __tablename__ = "entry"
    index: int = Field(sa_column=wide(primary_key=True))
    record_id: bytes = Field(sa_column=Column(LargeBinary(32), unique=True, nullable=False))
    kind: str = Field(max_length=16)
    accepted_at: int = Field(sa_column=wide())
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class PartyRow(SQLModel, table=True):
    """Which entries concern an address: the index behind account pages."""

    __tablename__ = "party"
    address: str = Field(primary_key=True, max_length=42)
    index: int = Field(sa_column=wide(primary_key=True))


class RefusalRow(SQLModel, table=True):
    """A refusal that depended on the state of the ledger: the same id gets the same answer."""

    __tablename__ = "refusal"
    record_id: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    code: str = Field(max_length=32)
    detail: str = Field(max_length=300)


class TileRow(SQLModel, table=True):
    """A hash tile (C2SP tlog-tiles): up to 256 hashes of 32 bytes; it only ever grows."""

    __tablename__ = "tile"
    level: int = Field(primary_key=True)
    index: int = Field(sa_column=wide(primary_key=True))
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class SequenceRow(SQLModel, table=True):
    """The one row that hands out indices; whoever writes holds its lock."""

    __tablename__ = "sequence"
    __table_args__ = (CheckConstraint("id = 1"),)
    id: int = Field(primary_key=True)
    next_index: int = Field(sa_column=wide())
    accepted_at: int = Field(sa_column=wide())


class IntegratedRow(SQLModel, table=True):
    """How much of the log is in the tiles."""

    __tablename__ = "integrated"
    __table_args__ = (CheckConstraint("id = 1"),)
    id: int = Field(primary_key=True)
    size: int = Field(sa_column=wide())


class BatchRow(SQLModel, table=True):
    """A sealed batch and its signed checkpoint: one size has one root for ever."""

    __tablename__ = "batch"
    number: int = Field(sa_column=wide(primary_key=True))
    first_index: int = Field(sa_column=wide())
    size: int = Field(sa_column=Column(BigInteger, unique=True, nullable=False))
    root: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    sealed_at: int = Field(sa_column=wide())
    checkpoint: str


class CosignatureRow(SQLModel, table=True):
    """A signature line of a witness under the checkpoint of a size: the newest of that witness."""

    __tablename__ = "cosignature"
    size: int = Field(sa_column=wide(primary_key=True))
    vkey: str = Field(primary_key=True)
    time: int = Field(sa_column=wide())
    line: str


class HeadRow(SQLModel, table=True):
    """The constitution: charter and policy as JCS text."""

    __tablename__ = "head"
    __table_args__ = (CheckConstraint("id = 1"),)
    id: int = Field(primary_key=True)
    ledger_id: bytes
    charter: str
    charters: bytes
    policy: str
    policy_version: int


class OrganisationRow(SQLModel, table=True):
    """An organisation; periods of certification as JSON text, what was taken back as pairs
    `index:since`, separated by blanks."""

    __tablename__ = "organisation"
    address: str = Field(primary_key=True, max_length=42)
    name: str
    category: str
    periods: str
    parent: str
    successor: str
    certified_by: bytes
    ended: str


class DelegationRow(SQLModel, table=True):
    """What one key may do for one organisation; scopes, and what was taken back as pairs
    `index:since`, separated by blanks."""

    __tablename__ = "delegation"
    organisation: str = Field(primary_key=True, max_length=42)
    delegate: str = Field(primary_key=True, max_length=42, index=True)
    scopes: str
    valid_from: int = Field(sa_column=wide())
    valid_until: int = Field(sa_column=wide())
    granted_by: bytes
    revoked: str


class VolunteerRow(SQLModel, table=True):
    """An enrolled volunteer."""

    __tablename__ = "volunteer"
    address: str = Field(primary_key=True, max_length=42)
    identity: bytes
    guardian: str
    enrolled_at: int = Field(sa_column=wide())


class NewestRow(SQLModel, table=True):
    """When the newest word of a kind about one thing was signed; what about, as text."""

    __tablename__ = "newest"
    kind: str = Field(primary_key=True)
    about: str = Field(primary_key=True)
    issued_at: int = Field(sa_column=wide())


class IdentityRow(SQLModel, table=True):
    """An identity commitment, which one key stands under."""

    __tablename__ = "identity"
    commitment: bytes = Field(primary_key=True)
    volunteer: str = Field(max_length=42)


class ServiceRow(SQLModel, table=True):
    """A service, its flags separated by blanks; what voided, amended and disputes it, and what
    rejected the last objection, is empty where there is nothing, as is the secret that hides its
    status."""

    __tablename__ = "service"
    __table_args__ = (
        CheckConstraint("ended_at > started_at AND minutes > 0"),
        Index("ix_service_organisation_started_at", "organisation", "started_at"),
    )
    record_id: bytes = Field(primary_key=True)
    hour_class: str
    volunteer: str = Field(index=True)
    organisation: str
    activity: bytes
    clock_out: bytes
    permit: bytes
    started_at: int = Field(sa_column=wide())
    ended_at: int = Field(sa_column=wide())
    minutes: int
    flags: str
    voided_by: bytes
    amended_by: bytes
    objected_by: bytes
    decided_by: bytes
    secret: bytes


class SlotRow(SQLModel, table=True):
    """Time of a volunteer that one counting service takes on one local day."""

    __tablename__ = "slot"
    volunteer: str = Field(primary_key=True, max_length=42)
    day: int = Field(primary_key=True)
    started_at: int = Field(sa_column=wide(primary_key=True))
    ended_at: int = Field(sa_column=wide())
    minutes: int
    record_id: bytes


class AccountRow(SQLModel, table=True):
    """Totals of one address."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(
            "credit_minutes >= 0 AND honour_minutes >= 0 AND voided_minutes >= 0"
            " AND received >= 0 AND sent >= 0"
        ),
    )
    address: str = Field(primary_key=True, max_length=42)
    credit_minutes: int = Field(sa_column=wide())
    honour_minutes: int = Field(sa_column=wide())
    voided_minutes: int = Field(sa_column=wide())
    received: int = Field(sa_column=wide())
    sent: int = Field(sa_column=wide())
    entries: int = Field(sa_column=wide())
    head: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    secret: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class StateNodeRow(SQLModel, table=True):
    """A node of the state tree: what its hash is made of. Nodes of old trees stay."""

    __tablename__ = "state_node"
    hash: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class StateOpeningRow(SQLModel, table=True):
    """What a value of the state tree was made of: 32 bytes that open it, and what it states."""

    __tablename__ = "state_opening"
    value: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


def table_of(model: type[SQLModel]) -> Table:
    """The SQLAlchemy table of a row type."""
    table = model.metadata.tables[str(model.__tablename__)]
    return table


GUARDS: tuple[str, ...] = (
    *(
        f"CREATE TRIGGER IF NOT EXISTS {table}_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in ("entry", "batch", "refusal", "state_node")
        for verb in ("UPDATE", "DELETE")
    ),
    'CREATE TRIGGER IF NOT EXISTS entry_gapless BEFORE INSERT ON entry WHEN NEW."index" != '
    '(SELECT coalesce(max("index") + 1, 0) FROM entry) '
    "BEGIN SELECT RAISE(ABORT, 'entry indices are gapless'); END",
    "CREATE TRIGGER IF NOT EXISTS slot_overlap BEFORE INSERT ON slot WHEN "
    "EXISTS (SELECT 1 FROM slot WHERE "
    "volunteer = NEW.volunteer AND day = NEW.day AND started_at < NEW.ended_at "
    "AND NEW.started_at < ended_at) "
    "BEGIN SELECT RAISE(ABORT, 'services of one volunteer never overlap'); END",
    "CREATE TRIGGER IF NOT EXISTS tile_shrink BEFORE UPDATE ON tile WHEN "
    "substr(NEW.data, 1, length(OLD.data)) != OLD.data "
    "BEGIN SELECT RAISE(ABORT, 'a tile only grows'); END",
)
"""SQLite triggers: what the tables above cannot say by themselves."""


def _guard(target: object, connection: Connection, **_: object) -> None:
    if connection.dialect.name == "sqlite":
        for statement in GUARDS:
            connection.exec_driver_sql(statement)


event.listen(SQLModel.metadata, "after_create", _guard)
