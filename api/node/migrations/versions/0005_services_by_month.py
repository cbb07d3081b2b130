"""Services of an organisation by time: what its public page sums up."""

from __future__ import annotations

from typing import Final

from alembic import op

revision: Final = "0005"
down_revision: Final = "0004"


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_service_organisation_started_at", "service", ["organisation", "started_at"])
