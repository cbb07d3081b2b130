"""The tables behind certificates and practice credits. All can be rebuilt from the entries.

A number of a certificate, and a service under a scheme, stand here once: their key says so.
"""

from __future__ import annotations

from sqlmodel import Field, SQLModel

from ledger.store.tables import wide


class IssuerKeyRow(SQLModel, table=True):
    """An Ed25519 key with which an organisation signs credentials."""

    __tablename__ = "issuer_key"
    organisation: str = Field(primary_key=True, max_length=42)
    public_key: bytes = Field(primary_key=True)
    domain: str
    valid_from: int = Field(sa_column=wide())
    valid_until: int = Field(sa_column=wide())
    bound_by: bytes
    revoked: str


class CertificateRow(SQLModel, table=True):
    """A certificate; what voided and replaced it is empty where there is nothing."""

    __tablename__ = "certificate"
    record_id: bytes = Field(primary_key=True)
    organisation: str = Field(index=True, max_length=42)
    volunteer: str = Field(index=True, max_length=42)
    voided_by: bytes
    superseded_by: bytes
    secret: bytes


class CertificateNumberRow(SQLModel, table=True):
    """The number of a certificate, given once by an organisation."""

    __tablename__ = "certificate_number"
    organisation: str = Field(primary_key=True, max_length=42)
    number: str = Field(primary_key=True, index=True)
    record_id: bytes


class ConsentRow(SQLModel, table=True):
    """What a volunteer lets somebody count."""

    __tablename__ = "consent"
    volunteer: str = Field(primary_key=True, max_length=42)
    grantee: str = Field(primary_key=True, index=True, max_length=42)
    purpose: str = Field(primary_key=True)
    served_from: int = Field(sa_column=wide())
    served_until: int = Field(sa_column=wide())
    valid_until: int = Field(sa_column=wide())
    granted_by: bytes


class CreditedRow(SQLModel, table=True):
    """A service that a university counted under a scheme."""

    __tablename__ = "credited"
    organisation: str = Field(primary_key=True, max_length=42)
    scheme: str = Field(primary_key=True)
    service: bytes = Field(primary_key=True)
    record_id: bytes
