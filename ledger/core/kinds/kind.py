"""What a kind of record is: declared once, beside the fields of its body.

From a declaration follow the strict decoder, who may sign, who answers for a record, whom it
concerns, what it corrects, where its status is, what the rules read for it, the tables of the
export, who may open its entry by its id, the OpenAPI schema, the specification's tables and the
browser's. Nothing has a default that would be wrong in silence: a declaration that is not complete
is a `TypeError` at import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, TypeVar

from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.format.structs import Body, fields_of
from ledger.core.kinds.signers import Signers

B = TypeVar("B", bound=Body)

CLOCK: Final = "clock"
"""The scope of a station: it witnesses clock events and does nothing else."""

ROLE_SCOPES: Final = {"approver": "approve", "station": CLOCK}
"""Roles in which a delegate signs → the scope that it needs, whatever the kind."""

SELVES: Final = ("volunteer", "guardian", "sender", "requester", "recipient")
"""Roles that the very address signs that the body names so."""


EXPIRES: Final = "expires_at"
"""The field that says until when (exclusive) a record may be accepted, in whatever kind has it: who
holds what another signed cannot keep it for a better day."""


def expired(body: Body, time: int) -> bool:
    """Whether the signer did not mean a record to be accepted any more at a time (Unix s)."""
    until: int | None = getattr(body, EXPIRES, None)
    return until is not None and time >= until


@dataclass(frozen=True, slots=True)
class Correction:
    """A kind that changes the status of another record: the field that names it (32 zero bytes:
    none), and the status that it brings about; where there is a `when`, only if a field of the
    body has a value."""

    field: str
    status: str
    when: tuple[str, str] | None = None

    def brings(self, body: Body) -> str | None:
        """The status that a body brings to what it names; None where it changes none."""
        if self.when is not None and getattr(body, self.when[0]) != self.when[1]:
            return None
        return self.status

    def to_json(self) -> dict[str, Any]:
        """As `verifier/kinds.json` has it."""
        found: dict[str, Any] = {"field": self.field, "status": self.status}
        return found if self.when is None else found | {"when": list(self.when)}


@dataclass(frozen=True, slots=True)
class Reads:
    """A value of the state that the rules read for a record: its table, and the fields of the body
    that are its key. Where it `concerns`, those whom it names are concerned by the record too."""

    table: str
    fields: tuple[str, ...]
    concerns: bool = False


def reads(table: str, *fields: str) -> Reads:
    """The value of a table with these fields as its key."""
    return Reads(table, fields)


def through(table: str, *fields: str) -> Reads:
    """As `reads`; whom that value names, the record concerns."""
    return Reads(table, fields, concerns=True)


@dataclass(frozen=True, slots=True)
class Secret:
    """What keeps the id of a record, a hash of its body, from being guessed: the fields that commit
    to what nobody guesses or are random, each unless it is zero; and the field that names another
    record, for who cannot guess that one cannot guess this one."""

    fields: tuple[str, ...]
    as_in: str | None


OF_NO_PERSON: Final = None
"""The secret of a kind that names no person: it needs none."""


def hidden(*fields: str, as_in: str | None = None) -> Secret:
    """What in a body about a person cannot be guessed; nothing where no field is named."""
    return Secret(fields, as_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A declared kind; what each member says, `record_kind` explains."""

    name: str
    body: type[Body]
    signed_by: tuple[Signers, ...]
    scope: str | None
    issuer: str | None
    parties: tuple[str, ...]
    corrects: Correction | None
    status: str | None
    reads: tuple[Reads, ...]
    table: str | None
    secret: Secret | None

    def roles(self, body: Body) -> tuple[tuple[str, ...], ...]:
        """The role lists that a record with this body may carry; of a role in which several may
        sign, once."""
        found = (signers.of(body) for signers in self.signed_by)
        return tuple(roles for roles in found if roles is not None)

    def quorum(self, body: Body) -> str | None:
        """The member of the charter in force that says how many sign a record with this body;
        empty: one. None where its role lists are all there may be."""
        found = (s.most for s in self.signed_by if s.of(body) is not None)
        return next((most for most in found if most is not None), None)

    def allows(self, body: Body, roles: tuple[str, ...]) -> bool:
        """Whether a record with this body may carry these roles, in this order."""
        many = self.quorum(body) is not None and len(roles) > 1
        return (tuple(dict.fromkeys(roles)) if many else roles) in self.roles(body)

    @property
    def is_submitted(self) -> bool:
        """Whether somebody signs and submits it; the engine's own records nobody does."""
        return any(signers.roles for signers in self.signed_by)

    def issuer_of(self, body: Body) -> str | None:
        """The organisation that answers for a record, if it names one."""
        found = self.issuer and str(attrgetter(self.issuer)(body))
        return None if found == ZERO_ADDRESS else found

    def parties_of(self, body: Body) -> tuple[str, ...]:
        """The addresses in the body whom a record concerns, the zero address left out."""
        found = (str(attrgetter(path)(body)) for path in self.parties)
        return tuple(address for address in found if address != ZERO_ADDRESS)

    def volunteer_of(self, body: Body) -> str | None:
        """The volunteer whom a record is about, if it concerns one."""
        named = (path for path in self.parties if path.rpartition(".")[2] == "volunteer")
        return next((str(attrgetter(path)(body)) for path in named), None)

    def scope_for(self, role: str) -> str | None:
        """The scope that a delegate needs to sign in a role; None where no delegate can."""
        return ROLE_SCOPES.get(role) or (self.scope if role == "organisation" else None)

    def subject_of(self, body: Body) -> str | None:
        """Whom the status of a record is about; None where the kind has no status of its own."""
        return self.volunteer_of(body) if self.status else None

    def target_of(self, body: Body) -> bytes | None:
        """The id of the record that a correction is about, if it names one."""
        found = self.corrects and getattr(body, self.corrects.field)
        return found if found and any(found) else None


KINDS: Final[dict[str, Kind]] = {}
"""Name → kind, in the order of declaration."""


def scopes() -> tuple[str, ...]:
    """What an organisation can delegate, as the declared kinds use it."""
    found = (kind.scope for kind in KINDS.values() if kind.scope)
    return tuple(dict.fromkeys((*found, *ROLE_SCOPES.values())))


def status_tables() -> tuple[str, ...]:
    """The tables of the state in which kinds have a status of their own."""
    return tuple(dict.fromkeys(kind.status for kind in KINDS.values() if kind.status))


def kind_of(body: Body) -> Kind:
    """The kind of a body."""
    return KINDS[body.kind]


def record_kind(
    name: str,
    *,
    signed_by: tuple[Signers, ...],
    scope: str | None,
    issuer: str | None,
    parties: tuple[str, ...],
    corrects: Correction | None,
    status: str | None,
    reads: tuple[Reads, ...],
    table: str | None,
    secret: Secret | None,
) -> Callable[[type[B]], type[B]]:
    """Declare a frozen dataclass as the body of a kind of record; its name is the primary type.

    `signed_by`: the role lists that a record may carry, at least one: the engine's own has an empty
    one, `by()`. `scope`: what a delegate needs to sign as `organisation`. `issuer`: the field with
    the organisation that answers for it. `parties`: the fields with those whom it concerns.
    `corrects`: the record whose status it changes. `status`: the table of the state with its own
    status. `reads`: what the rules need to know. `table`: the table of the export with its fields.
    `secret`: what in it nobody can guess, or `OF_NO_PERSON`.
    A field of a struct inside is named by a path, `service.organisation`. Raises `TypeError` for a
    name that is taken, for no role list, and for a field that there is not.
    """

    def declare(body: type[B]) -> type[B]:
        if name in KINDS:
            raise TypeError(f"{name} is declared twice")
        if not signed_by:
            raise TypeError(f"{name} needs a list of roles; the engine's own has `by()`")
        kind = Kind(
            name=name,
            body=body,
            signed_by=signed_by,
            scope=scope,
            issuer=issuer,
            parties=parties,
            corrects=corrects,
            status=status,
            reads=reads,
            table=table,
            secret=secret,
        )
        for path in _paths(kind):
            _demand_field(body, path)
        body.kind, body.primary_type = name, body.__name__
        KINDS[name] = kind
        return body

    return declare


def _paths(kind: Kind) -> Iterator[str]:
    for signers in kind.signed_by:
        yield from (role for role in signers.roles if role in SELVES)
        yield from (path for path in (signers.field, signers.each) if path)
    yield from (kind.issuer,) if kind.issuer else ()
    yield from kind.parties
    if kind.corrects:
        yield kind.corrects.field
        yield from kind.corrects.when[:1] if kind.corrects.when else ()
    for value in kind.reads:
        yield from value.fields
    if kind.secret:
        yield from kind.secret.fields
        yield from (kind.secret.as_in,) if kind.secret.as_in else ()


def _demand_field(body: type[Body], path: str) -> None:
    first, _, rest = path.partition(".")
    field = fields_of(body).get(first)
    if field is None:
        raise TypeError(f"{body.__name__} has no field {first}")
    if rest:
        _demand_field(field.structs()[field.solidity], rest)
