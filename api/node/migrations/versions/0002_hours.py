"""What is behind an hour: activities, attendance, clock pairs, permits, calendars."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"


def _needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _bytes(name: str) -> sa.Column[Any]:
    return _needed(name, sa.LargeBinary())


def _text(name: str) -> sa.Column[Any]:
    return _needed(name, sa.String())


def _wide(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _address(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=42), nullable=False)


def upgrade() -> None:
    """Make the tables."""
    _activities()
    _attendance()
    _leave()


def _activities() -> None:
    op.create_table(
        "activity",
        _bytes("record_id"),
        _text("organisation"),
        _text("category"),
        _wide("starts_at"),
        _wide("ends_at"),
        _wide("seats"),
        _bytes("place"),
        _wide("fence_metres"),
        _text("recipient"),
        _wide("honour_minutes_max"),
        _bytes("details"),
        _wide("accepted_at"),
        _wide("taken"),
        _wide("honour_minutes"),
        _wide("cancelled_at"),
        sa.CheckConstraint("taken >= 0 AND taken <= seats AND honour_minutes >= 0"),
        sa.CheckConstraint("honour_minutes <= honour_minutes_max"),
        sa.PrimaryKeyConstraint("record_id"),
    )
    op.create_table(
        "request",
        _bytes("record_id"),
        _text("requester"),
        _text("organisation"),
        sa.PrimaryKeyConstraint("record_id"),
    )


def _attendance() -> None:
    op.create_table(
        "attendance",
        _bytes("activity"),
        _address("volunteer"),
        _needed("seated", sa.Boolean()),
        _wide("day"),
        _wide("ins"),
        _bytes("clock_in"),
        _wide("clocked_in_at"),
        _bytes("device"),
        _needed("placed", sa.Boolean()),
        sa.PrimaryKeyConstraint("activity", "volunteer"),
    )
    op.create_table(
        "pair",
        _bytes("clock_out"),
        _bytes("clock_in"),
        _bytes("activity"),
        _text("organisation"),
        _address("volunteer"),
        _wide("started_at"),
        _wide("ended_at"),
        _bytes("device_in"),
        _bytes("device_out"),
        _needed("placed", sa.Boolean()),
        _text("answer"),
        _bytes("confirmation"),
        _bytes("service"),
        sa.CheckConstraint("ended_at > started_at"),
        sa.PrimaryKeyConstraint("clock_out"),
        sa.UniqueConstraint("clock_in"),
    )
    op.create_index("ix_pair_activity", "pair", ["activity"])
    op.create_index("ix_pair_volunteer", "pair", ["volunteer"])
    op.create_table(
        "device",
        _bytes("activity"),
        _bytes("device"),
        _text("first"),
        _needed("shared", sa.Boolean()),
        sa.PrimaryKeyConstraint("activity", "device"),
    )


def _leave() -> None:
    op.create_table(
        "permit",
        _bytes("record_id"),
        _address("organisation"),
        _wide("served_from"),
        _wide("served_until"),
        _wide("enter_until"),
        _wide("minutes_max"),
        _wide("minutes"),
        sa.CheckConstraint("minutes >= 0 AND minutes <= minutes_max"),
        sa.PrimaryKeyConstraint("record_id"),
    )
    op.create_index("ix_permit_organisation", "permit", ["organisation"])
    op.create_table(
        "allowance",
        _address("volunteer"),
        _wide("day"),
        _wide("minutes_max"),
        sa.PrimaryKeyConstraint("volunteer", "day"),
    )
    op.create_table(
        "calendar",
        _wide("year"),
        _text("holidays"),
        _text("workdays"),
        sa.PrimaryKeyConstraint("year"),
    )
    op.create_table(
        "burst",
        _address("signer"),
        _wide("hour"),
        _wide("entries"),
        sa.PrimaryKeyConstraint("signer", "hour"),
    )
