"""The office: the desks that one server runs, and the files of what they issued."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from api.certificates.did import key_did, web_did
from api.certificates.issuer import Desk, Issued, Wanted, issue, list_url
from api.certificates.paper import print_certificate
from api.certificates.signed import with_ledger_proof
from api.certificates.status_list import StatusList, bits_of, signed_list
from api.certificates.stored import Kept, fetch, fetch_code
from ledger.errors import NotFound
from ledger.operations.book import Book
from ledger.operations.certificate_standing import Rests
from ledger.operations.certificates import (
    Certified,
    bound_domain,
    find_certificate,
)
from ledger.operations.prove_certificate import certificate_proof
from ledger.operations.status_lists import statuses_in
from ledger.operations.vault import Vault

AnchorsFor = Callable[[int], list[dict[str, Any]]]

LIST_SECONDS: Final = 86400
"""How long a wallet may rely on a status list."""

RESTS_MAX: Final = 16384
"""Certificates whose parts are remembered: of 10 hours each, some 20 MB."""

LABEL: Final = "desk "
"""Before an organisation's address: the keystore label of its desk's key."""


class Desks(Mapping[str, Desk]):
    """The desks over keys by organisation; the keys may come and go."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """Over 32-byte keys by the organisation's address."""
        self._keys = keys

    def __getitem__(self, organisation: str) -> Desk:
        """The desk of an organisation. Raises `KeyError`."""
        return Desk(organisation, self._keys[organisation])

    def __iter__(self) -> Iterator[str]:
        """The organisations."""
        return iter(self._keys)

    def __len__(self) -> int:
        """How many."""
        return len(self._keys)


@dataclass(frozen=True, slots=True)
class Office:
    """Issues for the organisations whose desks are here, and gives out files; `public_url` is where
    its server is reached. Safe to share between threads."""

    book: Book
    vault: Vault
    anchors_for: AnchorsFor
    public_url: str
    desks: Mapping[str, Desk] = field(default_factory=dict)
    _rests: dict[bytes, Rests] = field(default_factory=dict, repr=False, compare=False)

    def issue(self, organisation: str, wanted: Wanted) -> Issued:
        """A certificate from an organisation's desk. Raises as `desk.issue`, and `NotFound` where
        the organisation has no desk here."""
        desk = self.desks.get(organisation)
        if desk is None:
            raise NotFound("this organisation issues its certificates itself: ask it for one")
        return issue(self.book, self.vault, desk, wanted, self.public_url)

    def status_list(self, organisation: str, number: int) -> dict[str, Any]:
        """A status list of an organisation for wallets, signed, good for a day. Raises
        `NotFound`."""
        desk = self.desks.get(organisation)
        if desk is None:
            raise NotFound("no such status list")
        bits = bits_of(statuses_in(self.book, self.vault, organisation, number))
        domain = bound_domain(self.book, organisation, desk.public_key())
        if domain is None:
            raise NotFound("the key of this desk is not bound any more")
        issuer = web_did(domain, organisation) if domain else key_did(desk.public_key())
        url, now = list_url(self.public_url, organisation, number), self.book.clock()
        made = StatusList(issuer, url, now, now + LIST_SECONDS, bits)
        return signed_list(made, desk.credential_key())

    def kept(self, record: bytes, actor: str | None = None) -> tuple[Certified, Kept]:
        """A certificate and its credential; `actor` (else the holder) is logged as who asked.
        Raises `NotFound`, `Withdrawn`."""
        found = find_certificate(self.book, record)
        holder = found.body.volunteer
        return found, fetch(self.vault, holder, record, actor or holder)

    def rests(self, found: Certified) -> Rests | None:
        """What a certificate rests on off the log; None where nobody can open it here any more. It
        never changes, so that the vault is opened for it once, by the issuer's desk, however often
        its state is asked for."""
        if self.vault.withdrawn_at(found.body.volunteer) is not None:
            self._rests.pop(found.record, None)
            return None
        known = self._rests.get(found.record)
        if known is None:
            try:
                _, kept = self.kept(found.record, found.body.organisation)
            except NotFound:
                return None
            known = Rests(kept.services, kept.public_key)
            if len(self._rests) < RESTS_MAX:
                self._rests[found.record] = known
        return known

    def file(self, record: bytes, actor: str | None = None) -> dict[str, Any]:
        """The whole file: the credential with the ledger's newest proof. Raises as `kept`."""
        _, kept = self.kept(record, actor)
        proof = certificate_proof(
            self.book, record, kept.services, kept.public_key, kept.salt, self.anchors_for
        )
        return with_ledger_proof(kept.credential, proof)

    def paper(self, record: bytes, actor: str | None = None) -> bytes:
        """The PDF, with the whole file inside. Raises as `kept`."""
        return print_certificate(self.file(record, actor), self.public_url)

    def file_by_code(self, record: bytes, code: str) -> dict[str, Any]:
        """The file for who holds the code on the paper. Raises `NotFound` for any other code."""
        _, kept = self.kept(record)
        if not hmac.compare_digest(code.encode(), fetch_code(kept.salt).encode()):
            raise NotFound("no such certificate, or another code")
        return self.file(record)
