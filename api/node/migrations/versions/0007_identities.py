"""Identity commitments, each of which one key stands under."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0007"
down_revision: Final = "0006"


def upgrade() -> None:
    """Make the table, and fill it with those who are enrolled."""
    op.create_table(
        "identity",
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("volunteer", sa.String(length=42), nullable=False),
        sa.PrimaryKeyConstraint("commitment"),
    )
    op.execute(
        "INSERT INTO identity SELECT identity, MIN(address) FROM volunteer GROUP BY identity"
    )
