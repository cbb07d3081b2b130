"""Consents by whom they are given to: what a university looks its students up by."""

from __future__ import annotations

from typing import Final

from alembic import op

revision: Final = "0006"
down_revision: Final = "0005"


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_consent_grantee", "consent", ["grantee"])
