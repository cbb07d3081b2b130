"""Ledger, log, state and anchor journal as they were first released."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0001"
down_revision: Final = None

GUARDS: Final = (
    *(
        f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in ("entry", "batch", "refusal", "state_node")
        for verb in ("UPDATE", "DELETE")
    ),
    'CREATE TRIGGER entry_gapless BEFORE INSERT ON entry WHEN NEW."index" != '
    '(SELECT coalesce(max("index") + 1, 0) FROM entry) '
    "BEGIN SELECT RAISE(ABORT, 'entry indices are gapless'); END",
    "CREATE TRIGGER slot_overlap BEFORE INSERT ON slot WHEN "
    "EXISTS (SELECT 1 FROM slot WHERE "
    "volunteer = NEW.volunteer AND day = NEW.day AND started_at < NEW.ended_at "
    "AND NEW.started_at < ended_at) "
    "BEGIN SELECT RAISE(ABORT, 'services of one volunteer never overlap'); END",
    "CREATE TRIGGER tile_shrink BEFORE UPDATE ON tile WHEN "
    "substr(NEW.data, 1, length(OLD.data)) != OLD.data "
    "BEGIN SELECT RAISE(ABORT, 'a tile only grows'); END",
)


def _needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _wide(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _address(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=42), nullable=False)


def upgrade() -> None:
    """Make all tables and guards."""
    _log()
    _people()
    _hours()
    _journal()
    if op.get_bind().dialect.name == "sqlite":
        for statement in GUARDS:
            op.get_bind().exec_driver_sql(statement)


def _log() -> None:
    op.create_table(
        "entry",
        _wide("index"),
        _needed("record_id", sa.LargeBinary(length=32)),
        _needed("kind", sa.String(length=16)),
        _wide("accepted_at"),
        _needed("data", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("index"),
        sa.UniqueConstraint("record_id"),
    )
    op.create_table(
        "party", _address("address"), _wide("index"), sa.PrimaryKeyConstraint("address", "index")
    )
    op.create_table(
        "refusal",
        _needed("record_id", sa.LargeBinary(length=32)),
        _needed("code", sa.String(length=32)),
        _needed("detail", sa.String(length=300)),
        sa.PrimaryKeyConstraint("record_id"),
    )
    op.create_table(
        "tile",
        _needed("level", sa.Integer()),
        _wide("index"),
        _needed("data", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("level", "index"),
    )
    op.create_table(
        "sequence",
        _needed("id", sa.Integer()),
        _wide("next_index"),
        _wide("accepted_at"),
        sa.CheckConstraint("id = 1"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "integrated",
        _needed("id", sa.Integer()),
        _wide("size"),
        sa.CheckConstraint("id = 1"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "batch",
        _wide("number"),
        _wide("first_index"),
        _needed("size", sa.BigInteger()),
        _needed("root", sa.LargeBinary(length=32)),
        _wide("sealed_at"),
        _needed("checkpoint", sa.String()),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("size"),
    )


def _people() -> None:
    op.create_table(
        "state_node",
        _needed("hash", sa.LargeBinary(length=32)),
        _needed("data", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "state_opening",
        _needed("value", sa.LargeBinary(length=32)),
        _needed("data", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("value"),
    )
    op.create_table(
        "delegation",
        _address("organisation"),
        _address("delegate"),
        _needed("scopes", sa.String()),
        _wide("valid_from"),
        _wide("valid_until"),
        _needed("granted_by", sa.LargeBinary()),
        _needed("revoked", sa.String()),
        sa.PrimaryKeyConstraint("organisation", "delegate"),
    )
    op.create_index("ix_delegation_delegate", "delegation", ["delegate"])
    op.create_table(
        "head",
        _needed("id", sa.Integer()),
        _needed("ledger_id", sa.LargeBinary()),
        _needed("charter", sa.String()),
        _needed("charters", sa.LargeBinary()),
        _needed("policy", sa.String()),
        _needed("policy_version", sa.Integer()),
        sa.CheckConstraint("id = 1"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "organisation",
        _address("address"),
        _needed("name", sa.String()),
        _needed("category", sa.String()),
        _needed("periods", sa.String()),
        _needed("parent", sa.String()),
        _needed("successor", sa.String()),
        _needed("certified_by", sa.LargeBinary()),
        _needed("ended", sa.String()),
        sa.PrimaryKeyConstraint("address"),
    )
    op.create_table(
        "volunteer",
        _address("address"),
        _needed("identity", sa.LargeBinary()),
        _needed("guardian", sa.String()),
        _wide("enrolled_at"),
        sa.PrimaryKeyConstraint("address"),
    )


def _hours() -> None:
    op.create_table(
        "service",
        _needed("record_id", sa.LargeBinary()),
        _needed("hour_class", sa.String()),
        _needed("volunteer", sa.String()),
        _needed("organisation", sa.String()),
        _needed("activity", sa.LargeBinary()),
        _needed("clock_out", sa.LargeBinary()),
        _needed("permit", sa.LargeBinary()),
        _wide("started_at"),
        _wide("ended_at"),
        _needed("minutes", sa.Integer()),
        _needed("flags", sa.String()),
        _needed("voided_by", sa.LargeBinary()),
        _needed("amended_by", sa.LargeBinary()),
        _needed("objected_by", sa.LargeBinary()),
        _needed("decided_by", sa.LargeBinary()),
        _needed("secret", sa.LargeBinary()),
        sa.CheckConstraint("ended_at > started_at AND minutes > 0"),
        sa.PrimaryKeyConstraint("record_id"),
    )
    op.create_index("ix_service_volunteer", "service", ["volunteer"])
    op.create_table(
        "slot",
        _address("volunteer"),
        _needed("day", sa.Integer()),
        _wide("started_at"),
        _wide("ended_at"),
        _needed("minutes", sa.Integer()),
        _needed("record_id", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("volunteer", "day", "started_at"),
    )
    op.create_table(
        "account",
        _address("address"),
        _wide("credit_minutes"),
        _wide("honour_minutes"),
        _wide("voided_minutes"),
        _wide("received"),
        _wide("sent"),
        _wide("entries"),
        _needed("head", sa.LargeBinary(length=32)),
        _needed("secret", sa.LargeBinary(length=32)),
        sa.CheckConstraint(
            "credit_minutes >= 0 AND honour_minutes >= 0 AND voided_minutes >= 0"
            " AND received >= 0 AND sent >= 0"
        ),
        sa.PrimaryKeyConstraint("address"),
    )


def _journal() -> None:
    op.create_table(
        "anchor_target",
        _needed("id", sa.Integer()),
        _needed("chain_id", sa.BigInteger()),
        _address("contract"),
        _needed("ledger_id", sa.LargeBinary()),
        _address("founder"),
        _needed("demonstration", sa.Boolean()),
        _needed("lost", sa.Boolean()),
        _needed("created_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("chain_id", "contract"),
    )
    op.create_table(
        "anchor_attempt",
        _needed("id", sa.Integer()),
        _needed("chain_id", sa.BigInteger()),
        _address("contract"),
        _needed("size", sa.BigInteger()),
        _needed("root", sa.LargeBinary()),
        _needed("nonce", sa.BigInteger()),
        _needed("tx_hash", sa.String(length=66)),
        _needed("raw", sa.LargeBinary()),
        _needed("state", sa.String(length=16)),
        sa.Column("block_number", sa.BigInteger(), nullable=True),
        sa.Column("block_hash", sa.String(length=66), nullable=True),
        _needed("created_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("chain_id", "contract", "size", "nonce"),
    )
    op.create_index("ix_anchor_attempt_size", "anchor_attempt", ["size"])
