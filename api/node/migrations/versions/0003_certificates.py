"""Keys of issuers, certificates, consent, and services counted as practice credits."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0003"
down_revision: Final = "0002"


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _wide(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _address(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=42), nullable=False)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "issuer_key",
        _address("organisation"),
        _bytes("public_key"),
        _text("domain"),
        _wide("valid_from"),
        _wide("valid_until"),
        _bytes("bound_by"),
        sa.Column("revoked", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "public_key"),
    )
    op.create_table(
        "certificate",
        _bytes("record_id"),
        _address("organisation"),
        _address("volunteer"),
        _bytes("voided_by"),
        _bytes("superseded_by"),
        _bytes("secret"),
        sa.PrimaryKeyConstraint("record_id"),
    )
    op.create_index("ix_certificate_organisation", "certificate", ["organisation"])
    op.create_index("ix_certificate_volunteer", "certificate", ["volunteer"])
    op.create_table(
        "certificate_number",
        _address("organisation"),
        _text("number"),
        _bytes("record_id"),
        sa.PrimaryKeyConstraint("organisation", "number"),
    )
    op.create_index("ix_certificate_number_number", "certificate_number", ["number"])
    op.create_table(
        "consent",
        _address("volunteer"),
        _address("grantee"),
        _text("purpose"),
        _wide("served_from"),
        _wide("served_until"),
        _wide("valid_until"),
        _bytes("granted_by"),
        sa.PrimaryKeyConstraint("volunteer", "grantee", "purpose"),
    )
    op.create_table(
        "credited",
        _address("organisation"),
        _text("scheme"),
        _bytes("service"),
        _bytes("record_id"),
        sa.PrimaryKeyConstraint("organisation", "scheme", "service"),
    )
