"""Hours of each volunteer by month, class and category."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0004"
down_revision: Final = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "month_hours",
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("volunteer", sa.String(length=42), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("cells", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("ix_month_hours_volunteer", "month_hours", ["volunteer"])
