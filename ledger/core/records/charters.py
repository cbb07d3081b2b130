"""The root document of a ledger and its versions: which is in force where, and what may follow one.

A charter is an entry. One at index c is sealed at once, in a batch of c + 2 entries, and everything
of it begins there: it is in force for entries from index c + 2 on, its log key signs heads of c + 2
entries and more, and its targets hold those of more than c + 2. All three are one question, `at`.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from eth_hash.auto import keccak

from ledger.core.format.structs import body_to_json
from ledger.core.kinds.constitution import AnyCharter, Charter, Genesis, Target
from ledger.core.records.quorum import AUTHORITY, authorities_of, demand_sound, rise
from ledger.core.records.record import Entry, Record, jcs
from ledger.core.records.signing import check_signatures
from ledger.errors import ProofError, Refused
from ledger.refusals import Code

CHARTERS_MAX: Final = 64
"""Most charters after the genesis: modules are adopted together, a charter a release."""

SEALED_AFTER: Final = 2
"""A charter at index c stands in a batch of c + 2 entries."""


@dataclass(frozen=True, slots=True)
class Root:
    """The genesis and the later charters in order, as entries of the log; `paths`, where a file
    shows them, are their ways to the head that the file rests on."""

    genesis: Genesis
    charters: tuple[Entry, ...] = ()
    paths: tuple[tuple[bytes, ...], ...] = ()

    def at(self, place: int) -> AnyCharter:
        """The newest charter with c + 2 <= `place`: of an index, who may sign that entry; of a
        size, whose log key signs that head."""
        known = (e for e in reversed(self.charters) if e.index + SEALED_AFTER <= place)
        found = next(known, None)
        return self.genesis if found is None else body_of(found)

    def targets(self, size: int) -> tuple[Target, ...]:
        """The contracts that hold the head of a size: those of the charter for its last entry."""
        return self.at(size - 1).targets

    def newest(self) -> AnyCharter:
        """The newest charter."""
        return body_of(self.charters[-1]) if self.charters else self.genesis

    def sealed(self, index: int) -> bytes:
        """What a seal at an index says of charters: the hash of the newest before it."""
        found = next((e for e in reversed(self.charters) if e.index < index), None)
        return charter_hash(self.genesis if found is None else body_of(found))


def body_of(entry: Entry) -> Charter:
    """The charter that an entry is. Raises `ProofError`."""
    if not isinstance(entry.record.body, Charter):
        raise ProofError("format", "a charter is needed")
    return entry.record.body


def charter_hash(charter: AnyCharter) -> bytes:
    """SHA-256 of the JCS form of a charter's body; of the genesis it is the ledger id."""
    return sha256(jcs(body_to_json(charter))).digest()


def version_of(charter: AnyCharter) -> int:
    """The version of a charter; the genesis is the first."""
    return charter.version if isinstance(charter, Charter) else 1


def demand_next(before: AnyCharter, record: Record) -> None:
    """A charter follows the one before: the next version of it, within its bounds, signed by as
    many authorities of the one before as it says and by each that is new. Raises `Refused`."""
    body = record.body
    assert isinstance(body, Charter)
    if (body.version, body.previous) != (version_of(before) + 1, charter_hash(before)):
        raise Refused(Code.CHARTER_NOT_NEXT, f"the next version is {version_of(before) + 1}")
    if body.version > CHARTERS_MAX + 1:
        raise Refused(Code.CHARTER_LIMIT, f"at most {CHARTERS_MAX} follow the genesis")
    demand_sound(body)
    if before.next and any(_committed(one) not in before.next for one in body.authorities):
        raise Refused(Code.CHARTER_COMMITTED, "an authority is none of those committed to")
    _demand_signers(before, body, authorities_of(record))


def _demand_signers(before: AnyCharter, body: Charter, signers: tuple[str, ...]) -> None:
    new = set(body.authorities) - set(before.authorities)
    if set(signers) - new - set(before.authorities):
        raise Refused(Code.SIGNER_NOT_ALLOWED, "not an authority of this ledger")
    if not rise(signers):
        raise Refused(Code.WRONG_ROLES, "authorities sign in rising order, each once")
    if not new <= set(signers):
        raise Refused(Code.QUORUM, "a new authority has not signed")
    count = len(set(signers) & set(before.authorities))
    if count < before.threshold:
        raise Refused(Code.QUORUM, f"{count} of {before.threshold} authorities signed")


def _committed(address: str) -> bytes:
    """What a charter says in `next` of an authority of the next one."""
    return keccak(bytes.fromhex(address[2:]))


def check_charters(root: Root, ledger: bytes) -> None:
    """Each charter follows the one before, signed in this ledger, as the engine takes them: none
    before the last was sealed, none at an earlier time. Raises `ProofError` and `Refused`."""
    demand_sound(root.genesis)
    before: AnyCharter = root.genesis
    least, since = 1, 0
    for entry in root.charters:
        body = body_of(entry)
        if any(claim.role != AUTHORITY for claim in entry.record.signatures):
            raise ProofError("format", "authorities alone sign a charter")
        demand_next(before, entry.record)
        check_signatures(ledger, entry.record)
        if entry.index < least or entry.accepted_at < since:
            raise ProofError("format", "a charter stands before the one that it follows")
        before, least, since = body, entry.index + SEALED_AFTER, entry.accepted_at
