"""In which roles a kind of record is signed, and by how many authorities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from ledger.core.format.structs import Body

CERTIFY: Final = "certify_threshold"
THRESHOLD: Final = "threshold"
ONE: Final = ""
"""How many authorities sign: a member of the charter in force, or one."""


@dataclass(frozen=True, slots=True)
class Signers:
    """Roles that a record may carry, in order: always, or where a field of the body has a value
    (`unless`: has another one). `each` names a list of the body with one signature an item. `most`,
    where it is not None: several may sign in the one role; it names the member of the charter in
    force that says how many must (empty: one)."""

    roles: tuple[str, ...]
    field: str | None = None
    value: str = ""
    unless: bool = False
    each: str | None = None
    most: str | None = None

    def when(self, field: str, value: str) -> Signers:
        """The same where a field has a value."""
        return replace(self, field=field, value=value)

    def for_each(self, field: str) -> Signers:
        """Once for each item of a list of the body."""
        return replace(self, each=field)

    def quorum(self, member: str) -> Signers:
        """By as many as a member of the charter in force says (empty: by one), or more."""
        return replace(self, most=member)

    def when_not(self, field: str, value: str) -> Signers:
        """The same where a field has another value."""
        return replace(self, field=field, value=value, unless=True)

    def of(self, body: Body) -> tuple[str, ...] | None:
        """The roles demanded of a body; None where the condition does not hold."""
        if self.field is not None and (getattr(body, self.field) == self.value) is self.unless:
            return None
        return self.roles * (len(getattr(body, self.each)) if self.each else 1)

    def to_json(self) -> dict[str, Any]:
        """As `verifier/kinds.json` has it."""
        found: dict[str, Any] = {"roles": list(self.roles)}
        if self.field is not None:
            found["unless" if self.unless else "when"] = [self.field, self.value]
        if self.most is not None:
            found["quorum"] = self.most
        return found | ({"each": self.each} if self.each else {})


def by(*roles: str) -> Signers:
    """Signed in these roles, in this order."""
    return Signers(roles)
