"""The root document anew, written once more from docs/spec/kinds/charters.md."""

from dataclasses import replace
from hashlib import sha256

import rfc8785
from eth_utils.crypto import keccak

from ledger.core.format.structs import body_to_json
from ledger.core.kinds import registry as b
from ledger.core.records.record import Record
from tests.builders.families import Codes, Example, Family, Records, Step, one_of
from tests.builders.records import Town, address, key
from tests.builders.story import Story
from tests.ledger.rules.oracle_ledger import History, ahead

MEMBERS = (
    "home", "origin", "log_key", "authorities", "threshold", "certify_threshold", "targets",
    "witness_policy", "modules", "next",
)  # fmt: skip


def hash_of(body: b.AnyCharter) -> bytes:
    return sha256(rfc8785.dumps(body_to_json(body))).digest()


def following(before: b.AnyCharter, now: int, **changes: object) -> b.Charter:
    """The next charter, which says the same but for some changes."""
    same = {name: getattr(before, name) for name in MEMBERS}
    version = getattr(before, "version", 1) + 1
    said = {"chain_lost": False, "reason": "a reason", "issued_at": now}
    said |= {"version": version, "previous": hash_of(before)}
    return b.Charter(**{**same, **said, **changes})  # type: ignore[arg-type]


def _number(one: str) -> int:
    return int(one, 16)


def _charter(h: History, record: Record, body: b.Charter, now: int) -> Codes:
    before = h.charter()
    signers = [claim.signer for claim in record.signatures]
    if not signers or {claim.role for claim in record.signatures} != {"authority"}:
        yield "WRONG_ROLES"
    if body.version != 2 + len(h.of(b.Charter)) or body.previous != hash_of(before):
        yield "CHARTER_NOT_NEXT"
    if body.version > 65:
        yield "CHARTER_LIMIT"
    named = list(body.authorities)
    chains = [target.chain_id for target in body.targets]
    if (
        not 0 < body.certify_threshold <= body.threshold <= len(named)
        or sorted(set(named), key=_number) != named
        or len(set(chains)) < len(chains)
        or len(chains) > 4
        or sorted(set(body.modules)) != list(body.modules)
    ):
        yield "BAD_VALUE"
    if before.next and any(keccak(hexstr=one) not in before.next for one in named):
        yield "CHARTER_COMMITTED"
    old, new = set(before.authorities), set(named) - set(before.authorities)
    if set(signers) - old - new:
        yield "SIGNER_NOT_ALLOWED"
    if sorted(set(signers), key=_number) != signers:
        yield "WRONG_ROLES"
    if new - set(signers) or len(old & set(signers)) < before.threshold:
        yield "QUORUM"
    if set(body.modules) != {"hours/2"}:
        yield "BAD_VALUE"
    yield from ahead(h, now, body.issued_at)


_CHANGES: tuple[dict[str, object], ...] = (
    {}, {"threshold": 2}, {"threshold": 4}, {"certify_threshold": 1}, {"certify_threshold": 0},
    {"version": 7}, {"previous": key("another")}, {"modules": ("hours/2", "mall/1")},
    {"log_key": key("new log")}, {"next": (key("nobody"),)},
)  # fmt: skip


def _adopt(
    story: Story, names: tuple[str, ...], signers: tuple[str, ...], which: int, late: int
) -> Records:
    changes = {"threshold": len(names), "certify_threshold": 1, **_CHANGES[which]}
    town, before = story.town, story.oracle.charter()
    rising = tuple(sorted(map(address, names), key=_number))
    body = following(before, town.now + late, authorities=rising, **changes)
    yield town.by_authorities(body, *signers)


def _examples(town: Town) -> list[Example]:
    body = following(
        town.body,
        town.now,
        authorities=tuple(sorted((address("authority"), address("second")), key=_number)),
        threshold=2,
        targets=(replace(town.body.targets[0], chain_id=10),),
        witness_policy="witness w1 w1.example+1+AQ==\nquorum w1\n",
        chain_lost=True,
    )
    return [Example(33, "charter", town.by_authorities(body, "authority", "second"))]


_ALL = ("authority", "mayor", "warden")

FAMILY = Family(
    judges={"charter": _charter},
    steps={
        "charter": Step(
            2,
            _adopt,
            (
                one_of(_ALL, _ALL, ("authority", "mayor"), (*_ALL, "eve"), ("eve",)),
                one_of(_ALL, _ALL, _ALL, (*_ALL, "eve"), ("authority", "mayor"), ("authority",)),
                one_of(*range(len(_CHANGES)), 0, 0, 0),
                one_of(0, 0, 0, 400),
            ),
        )
    },
    examples=_examples,
)
