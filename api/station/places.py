"""Places: the centres of fences, in the vault, found again by what an activity commits to."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

from api.station.fence import Centre
from ledger.errors import LedgerError
from ledger.operations.vault import Vault
from ledger.operations.vault_parts import Deposit, Purpose

KNOWN_MAX: Final = 4096
"""Centres kept in memory: opening the vault writes a line to its access log each time."""


class Places:
    """Centres by organisation and commitment. Safe to share between threads."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._known: OrderedDict[tuple[str, bytes], Centre] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, organisation: str, centre: Centre) -> bytes:
        """Keep a centre; the commitment (32 bytes) that an activity then names as its place."""
        fields = {"latitude": str(centre.latitude), "longitude": str(centre.longitude)}
        subject = f"place {centre.latitude} {centre.longitude}"
        commitment = self._vault.put(organisation, "activity", fields, subject)
        again = Deposit(organisation, "activity", fields, _subject(commitment))
        (answer,) = self._vault.put_many([again])
        if isinstance(answer, LedgerError):
            raise answer
        return commitment

    def centre(self, organisation: str, commitment: bytes) -> Centre | None:
        """The centre behind a commitment, where it was put here."""
        key = (organisation, commitment)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        try:
            found = self._vault.reveal(
                organisation,
                "activity",
                _subject(commitment),
                actor=organisation,
                purpose=Purpose.LEGAL_DUTY,
            )
        except LedgerError:
            return None
        centre = Centre(int(found.fields["latitude"]), int(found.fields["longitude"]))
        with self._lock:
            self._known[key] = centre
            while len(self._known) > KNOWN_MAX:
                self._known.popitem(last=False)
        return centre


def _subject(commitment: bytes) -> str:
    return "place 0x" + commitment.hex()
