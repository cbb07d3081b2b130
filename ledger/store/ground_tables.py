"""The tables behind accreditations and checked persons. All can be rebuilt from the entries."""

from __future__ import annotations

from sqlmodel import Field, SQLModel

from ledger.store.tables import wide


class AccreditedRow(SQLModel, table=True):
    """When an organisation may act in a role."""

    __tablename__ = "accredited"
    organisation: str = Field(primary_key=True, max_length=42)
    role: str = Field(primary_key=True)
    valid_from: int = Field(sa_column=wide())
    valid_until: int = Field(sa_column=wide())
    accredited_by: bytes


class PersonRow(SQLModel, table=True):
    """The one account of a checked person."""

    __tablename__ = "person"
    person: bytes = Field(primary_key=True)
    volunteer: str = Field(max_length=42)


class CheckedRow(SQLModel, table=True):
    """Who an account is, as it was checked last."""

    __tablename__ = "checked"
    volunteer: str = Field(primary_key=True, max_length=42)
    person: bytes
    level: str
    valid_until: int = Field(sa_column=wide())
    checked_by: bytes
