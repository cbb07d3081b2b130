"""What `verify --online` asks the home of a ledger. Loaded only where somebody wants that."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from api.certificates.checking import ALL
from api.certificates.newest import Judged, is_of_record, newest_of
from api.trust.home import Site, ask_home
from api.trust.trusted import Ask
from ledger.core.documents import Asked, verify_file
from ledger.core.files.proof_file import read_file
from ledger.core.files.unreadable import Unreadable
from ledger.core.format.limits import FILE_BYTES_MAX
from ledger.core.verify.checks import Report
from ledger.errors import Refused


def asking(at: str | None) -> Ask:
    """Asks the homes of ledgers whose they are."""
    return partial(ask_home, at=at)


def by_newest(file: Path, own: Report, asked: Asked, at: str | None) -> Report:
    """The report on a file by the newest that its ledger's home holds of it. The fact `news` says
    what came of asking: see `api.certificates.newest`; it is not there where nothing was asked."""
    home = own.facts["ledger"]["home"] if is_of_record(own) else ""
    if not home:
        return own
    site = Site(home, at)

    def judged(data: bytes) -> Judged:
        report = verify_file([data], asked, ALL)
        return Judged(report, _value(data))

    def ask(record: str, code: str | None) -> Judged | None:
        if code is None:
            data = site.get(f"/v1/records/{record}/proof", FILE_BYTES_MAX)
        else:
            path = f"/v1/certificates/{record}/file"
            data = site.get(path, FILE_BYTES_MAX, {"code": code})
        return None if data is None else judged(data)

    found, news = newest_of(Judged(own, _value(file.read_bytes())), ask)
    return replace(found, facts={**found.facts, "news": news})


def _value(data: bytes) -> Any:
    try:
        return read_file([data])[1]
    except (Unreadable, Refused):
        return None
