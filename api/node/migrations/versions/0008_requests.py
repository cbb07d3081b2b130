"""Requests end: until when they are wanted, what answers and what ended them."""

from __future__ import annotations

import json
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0008"
down_revision: Final = "0007"


def upgrade() -> None:
    """Make the table anew, and fill it from the entries: its own rows do not say enough."""
    op.drop_table("request")
    table = op.create_table(
        "request",
        sa.Column("record_id", sa.LargeBinary(), nullable=False),
        sa.Column("requester", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("wanted_until", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("activity", sa.LargeBinary(), nullable=False),
        sa.Column("ended_by", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("record_id"),
    )
    found = op.get_bind().execute(
        sa.text(
            "SELECT record_id, kind, data FROM entry"
            " WHERE kind IN ('request', 'activity') ORDER BY \"index\""
        )
    )
    rows: dict[bytes, dict[str, object]] = {}
    for name, kind, data in found:
        body = json.loads(data)["record"]["body"]
        if kind == "request":
            fields = {n: body[n] for n in ("requester", "organisation", "wanted_until")}
            rows[name] = {"record_id": name, **fields, "activity": b"", "ended_by": b""}
        elif (asked := bytes.fromhex(body["request"][2:])) in rows:
            rows[asked]["activity"] = name
    op.bulk_insert(table, list(rows.values()))
