"""The one place where a server says what has become of a certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anchoring.journal import witnessed
from ledger.operations.certificate_standing import Standing, standing

if TYPE_CHECKING:
    from api.certificates.issuers import Office
    from ledger.operations.book import Book
    from ledger.operations.certificates import Certified


def standing_of(book: Book, office: Office | None, found: Certified) -> Standing:
    """What is to be said of a certificate now, by its file where an office here can open that."""
    rests = office.rests(found) if office is not None else None
    return standing(book, found, rests, lambda index: witnessed(book.engine, index))
