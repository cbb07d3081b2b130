"""Checking signatures, against libsecp256k1 called directly on the same digests."""

from collections.abc import Iterator

from coincurve import PublicKey

from benchmarks.figure import Figure, seconds
from ledger.core.records.record import digest
from ledger.core.records.signing import check_signatures
from tests.builders.records import START, Town

HOW = "check_signatures of an honour service: digest, two recoveries, addresses; one thread"


def figures(count: int) -> Iterator[Figure]:
    town = Town()
    records = [town.honour("org", "second", "ann", START + i * 3600, 60) for i in range(count // 2)]
    claims = [
        (digest(town.ledger, record.body), claim.signature)
        for record in records
        for claim in record.signatures
    ]

    def bare() -> None:
        for message, signature in claims:
            compact = signature[:64] + bytes((signature[64] - 27,))
            PublicKey.from_signature_and_message(compact, message, hasher=None)

    def ours() -> None:
        for record in records:
            check_signatures(town.ledger, record)

    limit, value = len(claims) / seconds(bare), len(claims) / seconds(ours)
    yield Figure("signature checks", value, "/s", "coincurve recovery alone", limit, HOW)
