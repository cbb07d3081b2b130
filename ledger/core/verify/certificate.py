"""The verifier of certificates: what a credential states of hours, against the ledger.

    1 format      the proof is of its form, every value in its one spelling
    2 credential  the organisation's own Ed25519 key signed the credential, and the record of the
                  certificate commits to it
    3 signatures  every signature of every record recovers to the address that claims it
    4 roles       the signers are those whom the kinds of record demand
    5 leaf        the proof's index is the certificate's own
    6 inclusion   all entries shown lead to the checkpoint's root
    7 checkpoint  the log key that the genesis names signed that root
    8 anchor      a chain holds that root for that size
    9 times       served, signed, accepted, sealed and anchored in this order
   10 issuer      an authority certified the organisation when it certified, and for every service
   11 rows        each row is what its record says, and the totals are their sums
   12 status      the state tree says what became of the certificate and of each service

Pure, as `record.py`. Whether the credential's own signature holds is found by whoever
reads credentials (W3C Data Integrity) and handed in with the key that made it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from ledger.core.kinds.registry import Certificate, IssuerKey
from ledger.core.proofs.certificate_proof import CertificateProof, binds, parse_certificate_proof
from ledger.core.records.record import Entry, Record, record_id
from ledger.core.state.totals import FINAL, STATES
from ledger.core.verify.anchor import AnchorLookup, ask_chain
from ledger.core.verify.certificate_facts import certificate_facts
from ledger.core.verify.certificate_rows import Claim, check_rows
from ledger.core.verify.certificate_status import Found, find_statuses
from ledger.core.verify.changes import target_of
from ledger.core.verify.checks import Report, Run, verdict_of
from ledger.core.verify.log_checks import UNSIGNED, Behind, check_batch
from ledger.core.verify.opening import open_document
from ledger.core.verify.signatures import check_all_signed
from ledger.core.verify.signers import certified_name, check_signers
from ledger.core.verify.times import check_times
from ledger.errors import ProofError

CHECKS: Final = (
    "format",
    "credential",
    "signatures",
    "roles",
    "leaf",
    "inclusion",
    "checkpoint",
    "anchor",
    "times",
    "issuer",
    "rows",
    "status",
)
"""The checks, in order."""

UNKNOWN: Final = "it is signed in no way that is known here, but by "
"""Why the check `credential` cannot be made, before the names of the suites."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a credential states, as its reader found it.

    `document` is the JCS of the credential without its proofs; `key` the Ed25519 key (32 bytes)
    whose signature over it was found to hold, None where its reader knows none of the ways in which
    it is signed; `ignored` the names of those it does not know. Times are Unix seconds UTC, the
    period is half-open; `supersedes` is 32 zero bytes where there is none; `domain` is that of the
    issuer's `did:web`, empty where the issuer has none.
    """

    document: bytes
    key: bytes | None
    ignored: tuple[str, ...]
    ledger: bytes
    ledger_name: str
    organisation: str
    organisation_name: str
    domain: str
    holder: str
    number: str
    served_from: int
    served_until: int
    issued_at: int
    supersedes: bytes
    rows: tuple[Claim, ...]


def verify_certificate(
    proof: object,
    read: Callable[[], Claims],
    chain: AnchorLookup | None = None,
) -> Report:
    """Judge a certificate by its ledger proof (a JSON object). `read` gives what the credential
    states; its `ProofError` fails the check that it names, `format` or `credential`."""
    run = Run(CHECKS, "certificate")
    whole = "a proof of a certificate"
    opened = open_document(run, proof, parse_certificate_proof, "proof", whole=whole)
    if isinstance(opened, Report):
        return opened
    parsed, ledger = opened
    try:
        claims = read()
    except ProofError as error:
        run.note(error.check, False, error.reason)
        return run.report("invalid")
    if run.make("credential", lambda: _credential(parsed, claims, ledger)) and claims.key is None:
        run.note("credential", None, UNKNOWN + ", ".join(claims.ignored))
    run.make("signatures", lambda: check_all_signed(ledger, _records(parsed)))
    run.make("roles", lambda: _roles(parsed, ledger))
    run.make("issuer", lambda: _issuer(parsed))
    run.make("rows", lambda: check_rows(parsed, body_of(parsed), claims.rows, ledger))
    head = check_batch(run, parsed.root, parsed.certificate, _behind(parsed))
    finding = ask_chain(run, parsed.anchors, parsed.root, ledger, head, chain)
    shown = (parsed.certificate.entry, *parsed.firm(), *parsed.late())
    run.make("times", lambda: check_times(parsed.root.genesis, shown, parsed.seal, finding))
    found: list[Found] = []
    if head is None and not parsed.changes:
        run.note("status", None, UNSIGNED)
    else:
        run.make("status", lambda: find_statuses(parsed, ledger, head, found))
    worst = worst_of(found)
    verdict = verdict_of(run.all(), parsed.anchors, finding, worst[0] if worst else None)
    if verdict == "invalid":
        return run.report(verdict)
    anchored_at = finding.block_time if finding else None
    facts = certificate_facts(parsed, body_of(parsed), ledger, found, worst, anchored_at)
    return run.report(verdict, facts)


def worst_of(found: list[Found]) -> Found | None:
    """What the verdict rests on: a certificate that was taken back or replaced, whatever became of
    its services; else the gravest of all."""
    if found and found[0].word in FINAL:
        return found[0]
    return next((f for word in STATES[:0:-1] for f in found if f[0] == word), None)


def body_of(proof: CertificateProof) -> Certificate:
    """The body of the record of the certificate; raises `ProofError`."""
    body = proof.certificate.entry.record.body
    if not isinstance(body, Certificate):
        raise ProofError("credential", "the record is no certificate")
    return body


def _credential(proof: CertificateProof, claims: Claims, ledger: bytes) -> str:
    body, entry = body_of(proof), proof.certificate.entry
    bound = proof.issuer_key.record.body
    if not binds(proof.issuer_key, body) or proof.issuer_key.index >= entry.index:
        raise ProofError("credential", "no key of the organisation is shown to be bound then")
    if not isinstance(bound, IssuerKey) or claims.key not in (None, bound.public_key):
        raise ProofError("credential", "the key that signed it is not the organisation's")
    if claims.domain not in ("", bound.domain):
        raise ProofError("credential", "the key was bound for another domain than the issuer's")
    stated = (
        claims.ledger,
        claims.ledger_name,
        claims.organisation,
        claims.holder,
        claims.number,
        claims.served_from,
        claims.served_until,
        claims.issued_at,
        claims.supersedes,
    )
    recorded = (
        ledger,
        proof.root.genesis.name,
        body.organisation,
        body.volunteer,
        body.number,
        body.served_from,
        body.served_until,
        body.issued_at,
        body.supersedes,
    )
    if stated != recorded:
        raise ProofError("credential", "the credential states other things than the record")
    if sha256(proof.salt + claims.document).digest() != body.credential:
        raise ProofError("credential", "the record commits to another credential")
    if certifier(proof) != claims.organisation_name:
        raise ProofError("credential", "the organisation was certified under another name")
    told = f"{claims.organisation_name} signed it, and recorded it as number {body.number}"
    return told + ("; not checked here: " + ", ".join(claims.ignored) if claims.ignored else "")


def certifier(proof: CertificateProof) -> str:
    """The name under which the organisation was certified when it certified this."""
    return _name(proof, proof.certificate.entry)


def _name(proof: CertificateProof, entry: Entry) -> str:
    """The name in the first certification shown that covers an entry."""
    reason = ProofError("issuer", "the organisation's certification is missing")
    for certification in proof.certifications:
        try:
            return certified_name(entry, certification)
        except ProofError as error:
            reason = error
    raise reason


def _records(proof: CertificateProof) -> list[Record]:
    seal = (proof.seal,) if proof.seal else ()
    entries = (proof.certificate.entry, *proof.firm(), *proof.late(), *seal)
    return [entry.record for entry in entries]


def _behind(proof: CertificateProof) -> Behind:
    stated = proof.standing is not None
    return Behind(proof.seal, proof.firm(), proof.late(), proof.path, stated)


def _roles(proof: CertificateProof, ledger: bytes) -> str:
    entries = (proof.certificate.entry, *proof.firm(), *proof.late())
    parts = [(e.record, e.index, e.accepted_at) for e in entries]
    check_signers(proof, parts, _changes(proof, ledger))
    return "every record is signed as its kind demands"


def _changes(proof: CertificateProof, ledger: bytes) -> list[tuple[Entry, Entry]]:
    """Each part that has changed, and what changed it."""
    changes = {target_of(change.record): change for change in proof.changes}
    named = ((e, changes.get(record_id(ledger, e.record.body))) for e in proof.parts() if changes)
    return [(entry, change) for entry, change in named if change is not None]


def _issuer(proof: CertificateProof) -> str:
    name = certifier(proof)
    for entry in proof.services:
        _name(proof, entry)
    return f"{name} was certified then, and for the time of every service"
