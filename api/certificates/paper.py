"""The paper form of a certificate: the page, the whole file inside, a code that leads to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from api.certificates.credential import MEDIA_TYPE
from api.certificates.reading import read_document
from api.certificates.signed import ledger_proof_of
from api.certificates.stored import fetch_code
from api.node.chain_names import chain_of
from api.pdf.attachment import Attachment
from api.pdf.certificate_pdf import Anchored, Paper, certificate_pdf
from api.pdf.ended import Ended
from api.pdf.link import Online, make_link
from ledger.core.proofs.certificate_proof import CertificateProof, parse_certificate_proof
from ledger.core.records.record import record_id
from ledger.core.verify.certificate import worst_of
from ledger.core.verify.certificate_status import Found, find_statuses
from ledger.core.verify.log_checks import opened

VERIFY: Final = "/verify"
"""The page that checks, below the server's address."""


def print_certificate(document: Mapping[str, Any], public_url: str) -> bytes:
    """The PDF of a certificate's file: the credential with the ledger's proof."""
    proof = parse_certificate_proof(ledger_proof_of(document))
    statement = read_document(document).statement
    record = record_id(statement.ledger, proof.certificate.entry.record.body)
    code = bytes.fromhex(fetch_code(proof.salt))
    link = make_link(public_url.rstrip("/") + VERIFY, Online(statement.ledger, record, code))
    data = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    attachment = Attachment(f"{statement.number}.json", data, MEDIA_TYPE)
    offset = proof.root.genesis.policy.utc_offset_minutes
    anchor = _anchored(proof.anchors)
    ended = _ended(proof, statement.ledger)
    return certificate_pdf(Paper(statement, link, anchor, attachment, offset, ended)).pdf


def _ended(proof: CertificateProof, ledger: bytes) -> Ended | None:
    """What became of it, by its own proof; None while all of it counts."""
    proven = proof.certificate.proof
    if proven is None and not proof.changes:
        return None
    found = list[Found]()
    head = opened(proven, proof.root) if proven else None
    find_statuses(proof, ledger, head, found)
    worst = worst_of(found)
    if worst is None:
        return None
    rows = {
        record_id(ledger, one.entry.record.body): one.word
        for one in found[1:]
        if one.word != "recorded"
    }
    return Ended(worst.word, rows)


def _anchored(anchors: tuple[Mapping[str, Any], ...]) -> Anchored | None:
    """The first anchor, a real chain before one for demonstration."""
    found = sorted(anchors, key=lambda anchor: chain_of(anchor["chain_id"]).demonstration)
    if not found:
        return None
    anchor, chain = found[0], chain_of(found[0]["chain_id"])
    return Anchored(
        chain=chain.name,
        chain_id=anchor["chain_id"],
        block=anchor["block_number"],
        transaction=anchor["transaction"],
        demonstration=chain.demonstration,
    )
