"""Made-up records of every kind, as hypothesis strategies over their JSON form.

A value is made from the name of its Solidity type and kept if the field takes it, so nothing here
knows how the library keeps its ranges.
"""

import unicodedata
from typing import Any

from hypothesis import strategies as st

from ledger.core.format.fields import ZERO_ADDRESS, Choice, Field, checksum_address
from ledger.core.format.structs import Body, fields_of
from ledger.core.kinds import registry as bodies
from ledger.core.records.record import Entry, Record, Sheet, SignatureClaim
from ledger.errors import Refused

INTEGER_MAX = 2**53 - 1
WORDS = {
    "scopes": bodies.scopes(),
    "methods": bodies.METHODS,
    "modules": ("hours/2", "mall/1", "a-b/9999"),
}
NAMES = ("", "example.org", "a-b.example.org.cn")
HOSTS = {"domain": NAMES, "home": NAMES}
STRUCTS = {"Target": bodies.Target, "Policy": bodies.Policy, "Service": bodies.Service}

hashes = st.binary(min_size=32, max_size=32)
hash_texts = hashes.map(lambda data: "0x" + data.hex())
twenty_bytes = st.binary(min_size=20, max_size=20).map(
    lambda data: data if any(data) else b"\1" * 20
)
some_addresses = twenty_bytes.map(lambda data: checksum_address(data.hex()))
texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn", "Co"]), min_size=1, max_size=40
).map(lambda text: unicodedata.normalize("NFC", text))


def taken(field: Field, value: object) -> bool:
    try:
        field.decode(value, "")
    except Refused:
        return False
    return True


def _values(name: str, solidity: str, field: Field) -> st.SearchStrategy[Any]:
    if solidity.endswith("[]"):
        words = WORDS.get(name)
        item = st.sampled_from(words) if words else _values(name, solidity[:-2], field)
        fewest = 0 if taken(field, []) else 1
        return st.lists(item, min_size=fewest, max_size=5, unique_by=repr)
    if solidity in STRUCTS:
        return body_texts(STRUCTS[solidity])
    if name in HOSTS:
        return st.sampled_from(HOSTS[name])
    if isinstance(field, Choice):
        return st.sampled_from(field.words)
    if solidity.startswith("uint"):
        least = next((number for number in range(3) if taken(field, number)), 1)
        return st.integers(least, min(2 ** int(solidity[4:]) - 1, INTEGER_MAX))
    made = {
        "bool": st.booleans(),
        "bytes32": hash_texts,
        "address": some_addresses | st.just(ZERO_ADDRESS)
        if taken(field, ZERO_ADDRESS)
        else some_addresses,
        "string": texts,
    }
    return made[solidity]


def _field_values(name: str, field: Field) -> st.SearchStrategy[Any]:
    found = _values(name, field.solidity, field)
    return found.filter(lambda value: taken(field, value))


def body_texts(body: type[Body]) -> st.SearchStrategy[dict[str, Any]]:
    """JSON objects of one body type."""
    return st.fixed_dictionaries({n: _field_values(n, f) for n, f in fields_of(body).items()})


def made_bodies(body: type[Body]) -> st.SearchStrategy[Any]:
    """Decoded bodies of one type."""
    fields = fields_of(body)
    return body_texts(body).map(
        lambda plain: body(**{n: f.decode(plain[n], n) for n, f in fields.items()})
    )


sheets = st.builds(
    Sheet,
    st.integers(0, INTEGER_MAX),
    st.integers(1, 2**32 - 1),
    st.lists(hashes, max_size=32).map(tuple),
)
claims = st.builds(
    SignatureClaim,
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=16),
    some_addresses,
    st.binary(min_size=65, max_size=65),
    st.none() | sheets,
)
records = st.one_of([made_bodies(kind.body) for kind in bodies.KINDS.values()]).flatmap(
    lambda body: st.lists(claims, max_size=4).map(lambda found: Record(body, tuple(found)))
)
entries = st.builds(Entry, st.integers(0, INTEGER_MAX), st.integers(0, INTEGER_MAX), records)
