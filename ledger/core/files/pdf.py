"""The proof file inside a PDF, by one rule that every verifier follows (docs/spec/proofs.md).

A PDF that a stranger hands in is hostile until shown otherwise, and two readers of PDFs find
different files in it. So no PDF is read at all: a mark says where the proof file stands, as it is.
"""

from __future__ import annotations

import re
from typing import Final

from ledger.core.files.unreadable import PDF_BROKEN, PDF_EMPTY, PDF_SEVERAL, damaged, no_proof
from ledger.core.format.limits import FILE_BYTES_MAX

MAGIC: Final = b"%PDF-"
"""What a PDF file begins with (ISO 32000-1 §7.5.2)."""

PDF_BYTES_MAX: Final = FILE_BYTES_MAX + 16 * 1024 * 1024
"""Longest PDF that is searched: the longest proof file, and its pages."""

MARK: Final = b"/HourledgerProof"
"""A name in the dictionary of the stream that holds the proof file, and nowhere else."""

_HEAD: Final = re.compile(rb"/HourledgerProof 2\n/Length ([1-9][0-9]{0,7})\n>>\nstream\n")


def attached_file(pdf: bytes) -> bytes:
    """The one proof file in a PDF. Raises `Unreadable` where there is none, or more than one, or
    where it does not stand there as it was written."""
    if len(pdf) > PDF_BYTES_MAX:
        raise damaged(PDF_BROKEN)
    at = pdf.find(MARK)
    if at < 0:
        raise no_proof(PDF_EMPTY)
    head = _HEAD.match(pdf, at)
    end = head.end() + int(head[1]) if head else len(pdf) + 1
    if head is None or end > len(pdf):
        raise damaged(PDF_BROKEN)
    if pdf.find(MARK, end) >= 0:
        raise damaged(PDF_SEVERAL)
    return pdf[head.end() : end]
