"""Who is who: the students who let a university see their hours, by number and by address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ledger.core.format.volunteer_number import number_of
from ledger.errors import NotFound
from ledger.operations.credits import consenting
from ledger.operations.ledger import Ledger
from ledger.operations.vault import Vault
from ledger.operations.vault_parts import Purpose


class Directory(Protocol):
    """What a roster is matched with. It knows those alone who consented: a university cannot find
    out by it who else is a volunteer."""

    def accounts(self, identifier: str) -> tuple[str, ...]:
        """The accounts that an address or a volunteer number fits."""

    def name(self, account: str) -> str | None:
        """The name that the person is known by; None where none is known."""


@dataclass(frozen=True, slots=True)
class Consenting:
    """The students of one university, as of now."""

    university: str
    by_identifier: Mapping[str, tuple[str, ...]]
    vault: Vault | None

    @classmethod
    def of(cls, ledger: Ledger, vault: Vault | None, university: str) -> Consenting:
        """All who have a consent to a university on record; names are from the vault."""
        found: dict[str, tuple[str, ...]] = {}
        for account in consenting(ledger, university):
            for identifier in (account.lower(), number_of(account)):
                found[identifier] = (*found.get(identifier, ()), account)
        return cls(university, found, vault)

    def accounts(self, identifier: str) -> tuple[str, ...]:
        """Accounts with this identifier, of those who let the university see their hours."""
        return self.by_identifier.get(identifier.lower(), ())

    def name(self, account: str) -> str | None:
        """As `Directory.name`; the person's log of who looked has a line for it."""
        if self.vault is None:
            return None
        try:
            held = self.vault.reveal(
                account, "identity", actor=self.university, purpose=Purpose.CREDITS
            )
        except NotFound:
            return None
        return held.fields.get("name") or None
