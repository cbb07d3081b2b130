"""Bundles as an operator can make them who holds every key: changed, then signed and sealed again.

A verifier stops at a broken signature or hash; behind these, its judgement begins.
"""

import base64
import copy
from collections.abc import Iterator
from itertools import islice
from typing import Any

from ledger.core.format.structs import decode_body
from ledger.core.kinds.kind import kind_of
from ledger.core.kinds.registry import KINDS, Genesis
from ledger.core.proofs.bundle import parse_bundle
from ledger.core.proofs.parts import parse_hex, parse_status
from ledger.core.proofs.standing import parse_taken
from ledger.core.records.decode import decode_entry, decode_record
from ledger.core.records.record import ledger_id, record_id
from ledger.core.records.signing import sign
from ledger.core.state.tree_keys import status_name
from ledger.core.trees.merkle import inclusion_path, inclusion_paths, leaf_hash, reader_of, root
from ledger.core.trees.notes import Checkpoint, TlogProof, render_tlog_proof, sign_note
from ledger.core.trees.patricia import EMPTY, update
from ledger.core.trees.patricia_many import find_many
from ledger.core.verify.signers import issuer_of
from ledger.core.verify.standing import keys_of, rests_of, taken_leaves
from ledger.errors import LedgerError, ProofError
from tests.builders.records import Town, address, key

PEOPLE = ("authority", "org", "second", "clerk", "ann", "bob", "eve", "station", "nobody")
KEYS = {address(name): key(name) for name in PEOPLE}
WORDS = (
    ("certify", "suspend", "succeed"),
    ("grant", "revoke"),
    ("credit", "honour"),
    ("served", "not_served"),
    ("recorded", "disputed", "amended", "void"),
    ("organisation", "approver", "authority", "volunteer", "station"),
    ("service", "approve", "void", "clock", "activity"),
)

OPTIONAL = {(name,) for name in ("certification", "change", "seal", "confirmation", "permit")}

Place = tuple[Any, ...]


def forgeries(bundle: dict[str, Any], step: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """One in `step` of all forged bundles, with their names; one that cannot be signed or sealed is
    left out."""
    changes = (
        (place, new)
        for place, value in [*_places(bundle)]
        for new in ((None,) if place[-1:] in OPTIONAL else _others(value))
    )
    for place, new in islice(changes, None, None, step):
        changed = copy.deepcopy(bundle)
        _put(changed, place, new)
        try:
            yield f"{'/'.join(map(str, place))} := {new!r}", resealed(changed, place)
        except LedgerError:
            continue


def _places(value: Any, here: Place = ()) -> Iterator[tuple[Place, Any]]:
    """What a signature or a seal says; not the signatures and paths themselves."""
    yield here, value
    if here and here[-1] in ("genesis", "path", "tlog_proof", "anchors", "format"):
        return
    parts = value.items() if isinstance(value, dict) else ()
    parts = enumerate(value) if isinstance(value, list) else parts
    for name, part in parts:
        if "signature" not in str(name) or name == "signatures":
            yield from _places(part, (*here, name))


def _others(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from ([], value[::-1], value[:1], value + value[:1])
    elif isinstance(value, int):
        yield from (0, value + 1, max(value - 1, 0), value + 10**7)
    elif isinstance(value, str) and value in KEYS:
        yield from (other for other in KEYS if other != value)
    elif isinstance(value, str):
        yield "0x" + "00" * (len(value) // 2 - 1) if value.startswith("0x") else value + "a"
        yield from (word for words in WORDS if value in words for word in words if word != value)


def _put(value: Any, place: Place, new: Any) -> None:
    for step in place[:-1]:
        value = value[step]
    if place:
        value[place[-1]] = new


def resealed(bundle: dict[str, Any], kept: Place = ()) -> dict[str, Any]:
    """A bundle that is signed and sealed anew; the value at the place `kept` stays. Raises
    `LedgerError` for one that no longer has the form of a bundle."""
    town = Town()
    ledger = ledger_id(decode_body(Genesis, bundle["genesis"]))
    entry = bundle["record"]["entry"]
    basis, body = bundle["basis"], entry["record"]["body"]
    service = body.get("service", body)
    if bundle["basis"]["clocks"]:
        for clock, way in zip(basis["clocks"], ("in", "out"), strict=False):
            named = _resign_clock(ledger, service, clock, way)
            _set(service, f"clock_{way}", named, kept)
    for name in ("confirmation", "permit"):
        if basis[name] is not None:
            _set(service, name, _resign(ledger, basis[name]), kept)
    others = [bundle["certification"], *bundle["delegations"]]
    found = _resign(ledger, entry["record"])
    value = (bundle["standing"] or {}).get("status")
    if bundle["change"] is not None:
        _set(bundle["change"]["record"]["body"], "target", found, kept)
        by = _resign(ledger, bundle["change"]["record"])
        if value and value["changed_by"]:
            _set(value, "changed_by", by, kept)
        others.append(bundle["change"])
    shown = [other for other in others if other is not None]
    for other in shown:
        _resign(ledger, other["record"])
    seal = bundle["seal"]
    if seal is None or bundle["standing"] is None or bundle["record"]["tlog_proof"] is None:
        return bundle
    held, asked = _taken(bundle, kept)
    subject = decode_record(entry["record"]).body
    about = kind_of(subject).subject_of(subject)
    if about is not None:
        name = status_name(about, parse_hex(found, "id"))
        asked.append(name)
        held |= {name: parse_status(value).value() or b""} if value else {}
    top, nodes = update(lambda _: {}, EMPTY, held)
    proof = find_many(lambda names: {n: nodes[n] for n in names}, top, asked)[1] if asked else b""
    bundle["standing"]["proof"] = base64.b64encode(proof).decode()
    _set(seal["record"]["body"], "state_root", "0x" + top.hex(), kept)
    size = min(1 + max(entry["index"], seal["index"]), 10**4)
    leaves = [leaf_hash(str(place).encode()) for place in range(size)]
    inside = [e for e in (entry, seal, *shown) if e["index"] < size]
    for one in inside:
        leaves[one["index"]] = decode_entry(one).leaf()
    read = reader_of(leaves)
    checkpoint = Checkpoint(bundle["genesis"]["origin"], size, root(leaves))
    note = sign_note(checkpoint.body(), checkpoint.origin, town.log_key)
    steps = tuple(inclusion_path(read, min(entry["index"], size - 1), size))
    bundle["record"]["tlog_proof"] = render_tlog_proof(TlogProof(entry["index"], steps, note))
    wanted = {one["index"] for one in inside if one is not entry}
    shared = inclusion_paths(read, wanted, size) if wanted else []
    bundle["path"] = base64.b64encode(b"".join(shared)).decode()
    for anchor in bundle["anchors"]:
        anchor["size"] = size
    return bundle


def _taken(bundle: dict[str, Any], kept: Place) -> tuple[dict[bytes, bytes], list[bytes]]:
    """Leaves of a tree that says what a bundle says was taken back, and all keys that are asked. It
    says something of each key that signed, unless that is what was changed."""
    parsed = parse_bundle(bundle)
    organisation, rests = issuer_of(parsed.record.entry.record), rests_of(parsed)
    standing, count = bundle["standing"], len(keys_of(organisation, rests))
    if "standing" not in kept:
        standing["revoked"] = [*standing["revoked"], *([[]] * count)][:count]
        standing["organisation"] = standing["organisation"] if organisation else None
    try:
        taken = parse_taken(standing["organisation"], standing["revoked"])
        wanted, _ = taken_leaves(organisation, rests, taken)
    except ProofError:
        wanted = {}
    held = {key: value for key, value in wanted.items() if value is not None}
    return {b"another": b"value", **held}, list(wanted)


def _set(holder: dict[str, Any], name: str, value: str, kept: Place) -> None:
    if not kept or kept[-1] != name:
        holder[name] = value


def _resign(ledger: bytes, record: dict[str, Any]) -> str:
    """Sign a record in place with the keys of its signers; its id."""
    body = decode_record(record).body
    for claim in record["signatures"]:
        if claim["signer"] in KEYS and "sheet" not in claim:
            made = sign(ledger, body, claim["role"], KEYS[claim["signer"]])
            claim["signature"] = "0x" + made.signature.hex()
    return "0x" + record_id(ledger, body).hex()


def _resign_clock(
    ledger: bytes, service: dict[str, Any], clock: dict[str, Any], direction: str
) -> str:
    names = ("activity", "organisation", "volunteer")
    mine = {name: service[name] for name in names} | {"direction": direction}
    rest = {n: v for n, v in clock.items() if not n.endswith("signature") and n != "station"}
    body = decode_body(KINDS["clock"].body, {**mine, **rest})
    for name, signer in (("volunteer", service["volunteer"]), ("station", clock["station"])):
        if signer in KEYS:
            made = sign(ledger, body, name, KEYS[signer])
            clock[f"{name}_signature"] = "0x" + made.signature.hex()
    return "0x" + record_id(ledger, body).hex()
