"""When the newest word about a key, an organisation, a consent and a calendar was signed."""

from __future__ import annotations

import json
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0009"
down_revision: Final = "0008"

ABOUT: Final = {
    "calendar": ("year",),
    "consent": ("volunteer", "grantee", "purpose"),
    "delegation": ("organisation", "delegate"),
    "issuer_key": ("organisation", "public_key"),
    "organisation": ("organisation",),
}
"""As the rules had it when this was written."""


def upgrade() -> None:
    """Make the table, and fill it from the entries."""
    table = op.create_table(
        "newest",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("kind", "about"),
    )
    rows: dict[tuple[str, str], int] = {}
    for kind, data in op.get_bind().execute(
        sa.text('SELECT kind, data FROM entry ORDER BY "index"')
    ):
        if kind in ABOUT:
            body = json.loads(data)["record"]["body"]
            rows[kind, " ".join(str(body[field]) for field in ABOUT[kind])] = body["issued_at"]
    found = [{"kind": k, "about": about, "issued_at": at} for (k, about), at in rows.items()]
    op.bulk_insert(table, found)
