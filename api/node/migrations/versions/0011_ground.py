"""Accreditations and checked persons: kinds that no ledger had before."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0011"
down_revision: Final = "0010"


def upgrade() -> None:
    """Make the tables; there is nothing to fill them from yet."""
    op.create_table(
        "accredited",
        sa.Column("organisation", sa.String(length=42), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("valid_until", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("accredited_by", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "role"),
    )
    op.create_table(
        "person",
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("volunteer", sa.String(length=42), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_table(
        "checked",
        sa.Column("volunteer", sa.String(length=42), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("valid_until", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("checked_by", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("volunteer"),
    )
