"""Founding a ledger: keys, genesis, settings. Killed half-way, the same command finishes it."""

from __future__ import annotations

import re
import secrets
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from anchoring.address import EMBEDDED, drawn_id, first_contract
from anchoring.web3_chain import chain_id_of
from api.errors import WrongUse
from api.node import passphrase
from api.node.calendars import calendars
from api.node.chain_names import is_demonstration
from api.node.directory import (
    ANCHORER,
    AUTHORITY,
    DEMONSTRATION,
    KEYS,
    OWNER,
    STATION,
    LedgerDir,
    is_ledger,
)
from api.node.files import write_durably
from api.node.keystore import LOG_KEY, MASTER, Keystore
from api.node.settings import FILE, load
from ledger.core.format.structs import Body, body_to_json, decode_body
from ledger.core.kinds.registry import MODULES, Genesis, Policy, Target
from ledger.core.records.record import Record, ledger_id
from ledger.core.records.signing import address_of, sign
from ledger.errors import NotFound, Refused
from ledger.operations.ledger import Clock, system_clock

POLICY: Final = Path(__file__).with_name("policy.toml")
"""The policy of a new ledger where no other is given."""

CALENDAR: Final = "cn"
"""The calendar of a new ledger: the public holidays by which lateness is counted."""

ANCHORED_SECONDS: Final = 3600
"""How often a new ledger promises a root on its chain."""

_ORIGIN = re.compile(r"[a-z0-9][a-z0-9./-]{2,99}\Z")

_TOML = """\
# Settings of this ledger; HOURLEDGER_… variables override them. All of them: docs/operations.md
# rpc = "https://…"           # without it: the embedded demonstration chain, witnessed by nobody
# contract = "0x…"            # BatchAnchor on that chain
# guardian = "0x…"            # may take anchors back besides you: another organisation, for good
# confirmations = 12          # blocks until an anchor counts as final
# host = "127.0.0.1"
# port = 8000
# public_url = "https://…"    # how people reach the server; stands in certificates and QR codes
#                             # for ever, so set it before the first certificate is issued
# witnesses = "witnesses.policy"    # who cosigns checkpoints (C2SP tlog-policy)
# batch_entries = 10000
# batch_seconds = 5
# anchor_seconds = 600        # shortest time between two anchors: what a day costs follows from it
"""


@dataclass(frozen=True, slots=True)
class Founded:
    """A new ledger: its id, and whether its passphrase lies in a file beside the keys."""

    ledger_id: bytes
    origin: str
    passphrase_in_file: bool


def found(
    path: Path,
    name: str,
    *,
    origin: str | None = None,
    policy: Path | None = None,
    calendar: str = CALENDAR,
    host: str = "",
    rpc: str | None = None,
    ask: bool = True,
    clock: Clock = system_clock,
) -> Founded:
    """Make a ledger in an empty or new directory. `ask`: a person may be asked for the passphrase.
    `host`: where it says which ledger it keeps. `rpc`: a node of the chain that holds its roots;
    without one, the demonstration chain inside the directory.

    Raises `WrongUse`.
    """
    if is_ledger(path):
        raise WrongUse(f"there is a ledger in {path} already")
    if path.exists() and not path.is_dir():
        raise WrongUse(f"{path} is not a directory")
    origin = origin or f"hourledger.local/{secrets.token_hex(8)}"
    if not _ORIGIN.match(origin):
        raise WrongUse("an origin looks like example.org/town: lower case, digits, dots, slashes")
    rules = read_policy(policy or POLICY)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    keys, in_file = _keystore(path, ask)
    settings = load(None)
    with LedgerDir(path, settings, clock) as home:
        try:
            genesis = home.ledger.genesis
        except NotFound:
            target = _target(keys, rpc or settings.rpc, settings.contract)
            genesis = _genesis(keys, name, host, origin, target, rules, clock())
            home.ledger.append(_by_authority(keys, ledger_id(genesis), genesis))
        known = calendars(calendar, _year(genesis.issued_at) - 1, genesis.issued_at)
        for body in known:
            home.ledger.append(_by_authority(keys, ledger_id(genesis), body))
    # The settings file makes the directory a ledger, so it comes last.
    write_durably(path / FILE, _TOML.encode())
    return Founded(ledger_id(genesis), genesis.origin, in_file)


def _by_authority(keys: Keystore, ledger: bytes, body: Body) -> Record:
    return Record(body, (sign(ledger, body, "authority", keys.demand(AUTHORITY)),))


def _year(time: int) -> int:
    return datetime.fromtimestamp(time, UTC).year


def read_policy(file: Path) -> Policy:
    """A policy from a TOML file. Raises `WrongUse` naming the field that is wrong."""
    try:
        return decode_body(Policy, tomllib.loads(file.read_text(encoding="utf-8")), "policy")
    except (OSError, ValueError) as error:
        raise WrongUse(f"{file}: {error}") from error
    except Refused as error:
        raise WrongUse(f"{file}: {error.detail}") from error


def _keystore(path: Path, ask: bool) -> tuple[Keystore, bool]:
    folder = path / KEYS
    if (folder / MASTER).exists():
        secret, in_file = passphrase.existing(path, load(None)), False
        keys = Keystore.unlock(folder, secret)
    else:
        secret, in_file = passphrase.chosen(path, load(None), ask)
        keys = Keystore.create(folder, secret)
    for label in (AUTHORITY, OWNER, ANCHORER, STATION):
        keys.obtain(label)
    if not (folder / LOG_KEY).exists():
        keys.make_log_key()
    return keys, in_file or (path / passphrase.FILE).exists()


def _target(keys: Keystore, rpc: str | None, contract: str | None) -> Target:
    """The contract that will hold the log's roots. A genesis is older than what it founds: the
    address is the one that the owner's new key gives to the first contract that it deploys, the
    same on every chain, so that nothing need be asked, paid or deployed before."""
    owner = address_of(keys.demand(OWNER))
    chain_id = chain_id_of(rpc) if rpc and not rpc.startswith(EMBEDDED) else drawn_id()
    nature = DEMONSTRATION if is_demonstration(chain_id) else "public"
    return Target(chain_id, contract or first_contract(owner), owner, nature, ANCHORED_SECONDS)


def _genesis(
    keys: Keystore, name: str, host: str, origin: str, target: Target, policy: Policy, now: int
) -> Genesis:
    public = keys.log_key().public_key().public_bytes_raw()
    authority = address_of(keys.demand(AUTHORITY))
    body = Genesis(
        name=name,
        home=host,
        origin=origin,
        log_key=public,
        authorities=(authority,),
        threshold=1,
        certify_threshold=1,
        targets=(target,),
        witness_policy="",
        modules=MODULES,
        next=(),
        policy=policy,
        issued_at=now,
    )
    try:
        return decode_body(Genesis, body_to_json(body))
    except Refused as error:
        raise WrongUse(f"{error.detail}") from error
