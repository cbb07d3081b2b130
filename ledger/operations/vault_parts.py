"""What goes into the vault and what it answers: deposits, purposes, who looked, who withdrew."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from ledger.core.records.sealed import Kind
from ledger.errors import NotFound


class Purpose(enum.StrEnum):
    """Why somebody opened or destroyed what the vault holds of a person."""

    HOLDER = "holder"
    """The person asked for it: to read, to copy, to show it, or to have it destroyed."""
    CERTIFICATE = "certificate"
    """To print a name on a certificate that the person asked for."""
    CREDITS = "credits"
    """To confirm a student's name for the university that the student consented to."""
    OBJECTION = "objection"
    """To decide an objection or a correction."""
    AUDIT = "audit"
    """An appointed auditor checks what was committed to."""
    LEGAL_DUTY = "legal_duty"
    """A law or an order demands it."""


class Withdrawn(NotFound):
    """The holder withdrew: what was committed to is gone, and the commitment is no forgery."""

    def __init__(self, at: int) -> None:
        super().__init__("the holder withdrew")
        self.at = at


@dataclass(frozen=True, slots=True)
class Access:
    """Who opened or destroyed what of a person (`all`: everything), when and why."""

    at: int
    actor: str
    kind: str
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Deposit:
    """What is to be kept of a holder: see `Vault.put`."""

    address: str
    kind: Kind
    fields: Mapping[str, str]
    subject: str = ""
