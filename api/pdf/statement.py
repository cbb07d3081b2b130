"""What a certificate states, before it has any form: the same for JSON, PDF and pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.core.kinds.services import CREDIT, HONOUR


@dataclass(frozen=True, slots=True)
class Opening:
    """What a commitment of a record says, with the salt (32 bytes) that proves it."""

    fields: Mapping[str, str]
    salt: bytes


@dataclass(frozen=True, slots=True)
class Row:
    """One service as it stands in the ledger (MCA Order 67, art. 7).

    `record` is the service's record id; times are Unix seconds UTC. `content` and `charge` open the
    commitments to what was done and to the person in charge, None where nobody opened them.
    `category` and `activity` (its title) are empty for an hour without an activity. `evidence` is
    the number of commitments to evidence.
    """

    record: bytes
    hour_class: str
    activity: str
    category: str
    started_at: int
    ended_at: int
    minutes: int
    accepted_at: int
    flags: tuple[str, ...] = ()
    evidence: int = 0
    content: Opening | None = None
    charge: Opening | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A snapshot of recorded services of one volunteer, stated by the organisation that recorded
    them, for one period (half-open, Unix seconds UTC) and one purpose (MCA Order 67, art. 15).

    `number` is the certificate's number, unique in its organisation. `organisation` and `holder`
    are addresses; `holder_name` is masked, or empty. `language` is a BCP 47 tag: zh-Hans, zh-Hant
    or en. `supersedes` is the record id of the certificate that this one replaces.
    """

    ledger: bytes
    ledger_name: str
    number: str
    organisation: str
    organisation_name: str
    holder: str
    holder_name: str
    purpose: str
    language: str
    served_from: int
    served_until: int
    issued_at: int
    rows: tuple[Row, ...]
    supersedes: bytes | None = None

    @property
    def credit_minutes(self) -> int:
        """Minutes of clocked hours."""
        return self._minutes(CREDIT)

    @property
    def honour_minutes(self) -> int:
        """Minutes of back-filled hours. Never added to the others without saying so."""
        return self._minutes(HONOUR)

    def _minutes(self, hour_class: str) -> int:
        return sum(row.minutes for row in self.rows if row.hour_class == hour_class)
