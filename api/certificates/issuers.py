"""The issuers whose keys one server has, and the files of what they issued."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from api.certificates.did import key_did, web_did
from api.certificates.issuer import Issued, Issuer, Wanted, issue, list_url
from api.certificates.paper import print_certificate
from api.certificates.signed import with_ledger_proof
from api.certificates.status_list import StatusList, bits_of, signed_list
from api.certificates.stored import StoredCredential, fetch, fetch_code
from ledger.errors import NotFound
from ledger.operations.certificate_standing import Rests
from ledger.operations.certificates import (
    Certified,
    bound_domain,
    find_certificate,
)
from ledger.operations.ledger import Ledger
from ledger.operations.prove import Anchors
from ledger.operations.prove_certificate import certificate_proof
from ledger.operations.status_lists import statuses_in
from ledger.operations.vault import Vault

LIST_SECONDS: Final = 86400
"""How long a wallet may rely on a status list."""

RESTS_MAX: Final = 16384
"""Certificates whose parts are remembered: of 10 hours each, some 20 MB."""

LABEL: Final = "issuer "
"""Before an organisation's address: the keystore label of the key by which it issues."""


class Issuers(Mapping[str, Issuer]):
    """The issuers over keys by organisation; the keys may come and go."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """Over 32-byte keys by the organisation's address."""
        self._keys = keys

    def __getitem__(self, organisation: str) -> Issuer:
        """The issuer that an organisation is. Raises `KeyError`."""
        return Issuer(organisation, self._keys[organisation])

    def __iter__(self) -> Iterator[str]:
        """The organisations."""
        return iter(self._keys)

    def __len__(self) -> int:
        """How many."""
        return len(self._keys)


@dataclass(frozen=True, slots=True)
class IssuerRegistry:
    """Issues for the organisations whose keys are here, and gives out files; `public_url` is where
    its server is reached. Safe to share between threads."""

    ledger: Ledger
    vault: Vault
    anchors_within: Anchors
    public_url: str
    issuers: Mapping[str, Issuer] = field(default_factory=dict)
    _rests: dict[bytes, Rests] = field(default_factory=dict, repr=False, compare=False)

    def issue(self, organisation: str, wanted: Wanted) -> Issued:
        """A certificate from an organisation. Raises as `issuer.issue`, and `NotFound` where the
        organisation has no key here."""
        issuer = self.issuers.get(organisation)
        if issuer is None:
            raise NotFound("this organisation issues its certificates itself: ask it for one")
        return issue(self.ledger, self.vault, issuer, wanted, self.public_url)

    def status_list(self, organisation: str, number: int) -> dict[str, Any]:
        """A status list of an organisation for wallets, signed, good for a day. Raises
        `NotFound`."""
        issuer = self.issuers.get(organisation)
        if issuer is None:
            raise NotFound("no such status list")
        bits = bits_of(statuses_in(self.ledger, self.vault, organisation, number))
        domain = bound_domain(self.ledger, organisation, issuer.public_key())
        if domain is None:
            raise NotFound("the key of this issuer is not bound any more")
        did = web_did(domain, organisation) if domain else key_did(issuer.public_key())
        url, now = list_url(self.public_url, organisation, number), self.ledger.clock()
        made = StatusList(did, url, now, now + LIST_SECONDS, bits)
        return signed_list(made, issuer.credential_key())

    def stored(self, record: bytes, actor: str | None = None) -> tuple[Certified, StoredCredential]:
        """A certificate and its credential; `actor` (else the holder) is logged as who asked.
        Raises `NotFound`, `Withdrawn`."""
        found = find_certificate(self.ledger, record)
        holder = found.body.volunteer
        return found, fetch(self.vault, holder, record, actor or holder)

    def rests(self, found: Certified) -> Rests | None:
        """What a certificate rests on off the log; None where nobody can open it here any more. It
        never changes, so that the vault is opened for it once, by the issuer, however often
        its state is asked for."""
        if self.vault.withdrawn_at(found.body.volunteer) is not None:
            self._rests.pop(found.record, None)
            return None
        known = self._rests.get(found.record)
        if known is None:
            try:
                _, stored = self.stored(found.record, found.body.organisation)
            except NotFound:
                return None
            known = Rests(stored.services, stored.public_key)
            if len(self._rests) < RESTS_MAX:
                self._rests[found.record] = known
        return known

    def file(self, record: bytes, actor: str | None = None) -> dict[str, Any]:
        """The whole file: the credential with the ledger's newest proof. Raises as `stored`."""
        _, stored = self.stored(record, actor)
        proof = certificate_proof(
            self.ledger,
            record,
            stored.services,
            stored.public_key,
            stored.salt,
            self.anchors_within,
        )
        return with_ledger_proof(stored.credential, proof)

    def paper(self, record: bytes, actor: str | None = None) -> bytes:
        """The PDF, with the whole file inside. Raises as `stored`."""
        return print_certificate(self.file(record, actor), self.public_url)

    def file_by_code(self, record: bytes, code: str) -> dict[str, Any]:
        """The file for who holds the code on the paper. Raises `NotFound` for any other code."""
        _, stored = self.stored(record)
        if not hmac.compare_digest(code.encode(), fetch_code(stored.salt).encode()):
            raise NotFound("no such certificate, or another code")
        return self.file(record)
