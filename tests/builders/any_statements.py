"""Any statement, for properties of credentials."""

import unicodedata

from hypothesis import strategies as st

from api.certificates.credential import Credential, StatusEntry
from api.certificates.did import key_did, web_did
from api.certificates.times import LATEST
from api.pdf.statement import Opening, Row, Statement
from ledger.core.kinds.services import CREDIT, HONOUR
from tests.builders.records import address

HASHES = st.binary(min_size=32, max_size=32)
TIMES = st.integers(0, LATEST)
COUNTS = st.integers(0, 2**40)
ADDRESSES = st.sampled_from([address(name) for name in ("org", "ann", "bob")])


def texts(least: int = 1) -> st.SearchStrategy[str]:
    """Texts as records have them: short, normal form C, nothing that cannot be seen."""
    letters = st.characters(exclude_categories=["Cc", "Cf", "Cn", "Co", "Cs"])
    found = st.text(letters, min_size=least, max_size=40)
    return found.map(lambda text: unicodedata.normalize("NFC", text)).filter(
        lambda text: len(text.encode()) <= 200
    )


OPENINGS = st.none() | st.builds(
    Opening, st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=3), HASHES
)
ROWS = st.builds(
    Row,
    record=HASHES,
    hour_class=st.sampled_from([CREDIT, HONOUR]),
    activity=texts(0),
    category=texts(0),
    started_at=TIMES,
    ended_at=TIMES,
    minutes=COUNTS,
    accepted_at=TIMES,
    flags=st.lists(texts(), max_size=2).map(tuple),
    evidence=COUNTS,
    content=OPENINGS,
    charge=OPENINGS,
)
STATEMENTS = st.builds(
    Statement,
    ledger=HASHES,
    ledger_name=texts(),
    number=texts(),
    organisation=ADDRESSES,
    organisation_name=texts(),
    holder=ADDRESSES,
    holder_name=texts(0),
    purpose=texts(),
    language=st.sampled_from(["zh-Hans", "zh-Hant", "en"]),
    served_from=TIMES,
    served_until=TIMES,
    issued_at=TIMES,
    rows=st.lists(ROWS, min_size=1, max_size=3).map(tuple),
    supersedes=st.none() | HASHES,
)
STATUSES = st.none() | st.builds(
    StatusEntry, st.just("https://hours.example.org/status/1"), st.integers(0, 2**31 - 1)
)


def _credential(statement: Statement, status: StatusEntry | None, key: bytes) -> Credential:
    web = web_did("hours.example.org", statement.organisation)
    return Credential(statement, web if key[0] % 2 else key_did(key), status)


CREDENTIALS = st.builds(_credential, STATEMENTS, STATUSES, HASHES)
