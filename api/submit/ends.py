"""Where records are handed in: the ledger of this machine, or a server elsewhere.

What a server elsewhere says is believed in one thing alone: which ledger it is, and only as far as
its genesis hashes to the id that signatures are made for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import httpx

from api.errors import WrongUse
from api.node.directory import LedgerDir
from api.node.local_days import LocalDays
from api.words import both
from ledger.core.format.structs import decode_body
from ledger.core.kinds.registry import Genesis, Policy
from ledger.core.records.decode import parse_json, read_entry
from ledger.core.records.record import Entry, Record, ledger_id, record_id, record_to_json
from ledger.errors import NotFound, Refused, Unavailable
from ledger.operations import read
from ledger.operations.ledger import Acceptance

SECONDS: Final = 60.0
"""Longest silence of a server."""

ANSWER_MAX: Final = 1 << 20
"""Longest answer in bytes: of 500 records, each with some lines of words."""

REFUSED: Final = "{code}: {zh} {en} {detail}"


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a record: `code` and `said` are empty for one that was taken; `known`: it was
    in the ledger before."""

    record_id: bytes
    known: bool = False
    code: str = ""
    said: str = ""


class End(Protocol):
    """A ledger that takes records."""

    ledger: bytes
    name: str
    days: LocalDays
    authorities: frozenset[str]

    def send(self, records: Sequence[Record]) -> list[Sent]:
        """Hand records in; what became of each, in order. Raises `Unavailable`."""

    def find(self, record: bytes) -> Entry:
        """The entry of a record. Raises `NotFound`, `Unavailable`."""

    def names(self, addresses: Iterable[str]) -> dict[str, str]:
        """Those of some addresses that have a name in this ledger."""


class Here:
    """The ledger of a directory."""

    def __init__(self, home: LedgerDir) -> None:
        """Over an open directory."""
        head = home.ledger.head()
        self._ledger = home.ledger
        self.ledger, self.name = head.ledger_id, home.ledger.genesis.name
        self.days, self.authorities = LocalDays.of(head.policy), frozenset(head.authorities)

    def send(self, records: Sequence[Record]) -> list[Sent]:
        """Hand records in."""
        answers = self._ledger.append_many(list(records))
        return [self._told(*pair) for pair in zip(records, answers, strict=True)]

    def find(self, record: bytes) -> Entry:
        """The entry of a record."""
        return read.find_record(self._ledger, record)[0]

    def names(self, addresses: Iterable[str]) -> dict[str, str]:
        """The names of organisations."""
        found = ((address, read.organisation(self._ledger, address)) for address in addresses)
        return {address: state.name for address, state in found if state is not None}

    def _told(self, record: Record, answer: Acceptance | Refused) -> Sent:
        known = record_id(self.ledger, record.body)
        if isinstance(answer, Acceptance):
            return Sent(known, answer.duplicate)
        said = f"{answer.code.value}: {both(answer.code.en)} {answer.detail}".rstrip()
        return Sent(known, code=answer.code.value, said=said)


class There:
    """A server elsewhere."""

    def __init__(self, url: str, pinned: str | None) -> None:
        """Ask which ledger it is. Raises `WrongUse` where that is not the pinned one (its id as
        0x-hex), `Unavailable` where it cannot be had."""
        if not url.startswith(("http://", "https://")):
            raise WrongUse(both("The address of a server begins with http:// or https://"))
        self._url = url.rstrip("/")
        self._client = httpx.Client(timeout=SECONDS, follow_redirects=False)
        try:
            self._identify(pinned)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give back the connections."""
        self._client.close()

    def send(self, records: Sequence[Record]) -> list[Sent]:
        """Hand records in."""
        lines = b"".join(json.dumps(record_to_json(r)).encode() + b"\n" for r in records)
        data = self._ask("POST", "/v1/records:batch", lines, "application/x-ndjson")
        answers = list(self._answers(data))
        if len(answers) != len(records):
            raise self._strange("/v1/records:batch")
        return [self._told(*pair) for pair in zip(records, answers, strict=True)]

    def find(self, record: bytes) -> Entry:
        """The entry of a record, which is of this id or is not shown."""
        path = f"/v1/records/0x{record.hex()}/entry"
        try:
            entry = read_entry(self._ask("GET", path))
        except Refused:
            raise self._strange(path) from None
        if record_id(self.ledger, entry.record.body) != record and entry.index:
            raise self._strange(path)
        return entry

    def names(self, addresses: Iterable[str]) -> dict[str, str]:
        """What the server says that organisations are called."""
        found = {}
        for address in addresses:
            try:
                stated = self._json("GET", f"/v1/organisations/{address}")
            except NotFound:
                continue
            found[address] = str(stated.get("name", ""))[:200]
        return found

    def _identify(self, pinned: str | None) -> None:
        stated = self._json("GET", "/v1/ledger")
        try:
            genesis = decode_body(Genesis, stated["genesis"])
            policy = decode_body(Policy, stated["policy"])
            self.authorities = frozenset(str(one) for one in stated["authorities"])
        except (Refused, KeyError, TypeError):
            raise self._strange("/v1/ledger") from None
        self.ledger, self.name = ledger_id(genesis), genesis.name
        self.days = LocalDays.of(policy)
        if pinned is not None and pinned.lower() != "0x" + self.ledger.hex():
            raise WrongUse(f"{both('This server serves another ledger:')} 0x{self.ledger.hex()}")

    def _answers(self, data: bytes) -> Iterator[dict[str, Any]]:
        for line in data.splitlines():
            try:
                found = parse_json(line, ANSWER_MAX)
            except Refused:
                raise self._strange("/v1/records:batch") from None
            if type(found) is not dict:
                raise self._strange("/v1/records:batch")
            yield found

    def _told(self, record: Record, answer: dict[str, Any]) -> Sent:
        known = record_id(self.ledger, record.body)
        if answer.get("outcome") == "accepted":
            if answer.get("record_id") != "0x" + known.hex():
                raise self._strange("/v1/records:batch")
            return Sent(known, answer.get("duplicate") is True)
        if answer.get("code") in ("TOO_OFTEN", "BUSY"):
            raise Unavailable(_again(self._url))
        said = {name: str(answer.get(name, "")) for name in ("code", "zh", "en", "detail")}
        return Sent(known, code=said["code"] or "?", said=REFUSED.format(**said).rstrip())

    def _json(self, method: str, path: str) -> dict[str, Any]:
        try:
            found = parse_json(self._ask(method, path), ANSWER_MAX)
        except Refused:
            raise self._strange(path) from None
        if type(found) is not dict:
            raise self._strange(path)
        return found

    def _ask(self, method: str, path: str, body: bytes | None = None, media: str = "") -> bytes:
        headers = {"Content-Type": media} if media else {}
        found = bytearray()
        try:
            with self._client.stream(
                method, self._url + path, content=body, headers=headers
            ) as answer:
                if answer.status_code == httpx.codes.NOT_FOUND:
                    raise NotFound(path)
                if answer.status_code != httpx.codes.OK:
                    raise Unavailable(f"{_again(self._url)} ({answer.status_code})")
                for piece in answer.iter_bytes():
                    found += piece
                    if len(found) > ANSWER_MAX:
                        raise self._strange(path)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(f"{_again(self._url)} {error}") from error
        return bytes(found)

    def _strange(self, path: str) -> Unavailable:
        return Unavailable(f"{self._url}{path}: {both('no ledger answers like this')}")


def _again(url: str) -> str:
    return f"{url}: {both('The server cannot take it now. Run the same command again later.')}"
