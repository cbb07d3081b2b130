"""What a ledger's server answers. Nothing here is believed: an answer has the right form, or it is
`Unreachable`."""

from __future__ import annotations

from typing import Any, Final

from api.errors import WrongUse
from api.fetching import Unreachable, client, fetch, unreadable
from ledger.core.proofs.roots import parse_root
from ledger.core.records.charters import Root, check_charters
from ledger.core.records.decode import parse_json
from ledger.core.records.record import ledger_id
from ledger.core.trees.notes import NOTE_MAX
from ledger.core.trees.tiles import HASH, tile_path
from ledger.errors import ProofError, Refused
from ledger.operations.archive import batch_of
from ledger.store.entries import Batch

LEDGER_MAX: Final = 1 << 22
"""Longest description of a ledger in bytes: genesis, policy and 64 charters, each at most a
record with its path."""

PAGE_ITEMS: Final = 100
"""Items asked for at once."""

PAGE_MAX: Final = 8 << 20
"""Longest page in bytes: 100 batches, each with a note of at most 64 KiB."""


class Source:
    """The public routes of one ledger's server."""

    def __init__(self, url: str) -> None:
        """`url` is what stands before `/v1`. Raises `WrongUse`; nothing is asked yet."""
        if not url.startswith(("http://", "https://")):
            raise WrongUse("the address of a ledger begins with http:// or https://")
        self.url = url.rstrip("/")
        self._client = client("hourledger-mirror")

    def close(self) -> None:
        """Give back the connections."""
        self._client.close()

    def root(self) -> Root:
        """The genesis that the server states, and charters of which each follows the one before.
        Whether they stand in the log, a mirror that holds no entries does not ask."""
        value = self._json("/v1/ledger", LEDGER_MAX)
        try:
            root = parse_root(value)
            check_charters(root, ledger_id(root.genesis))
        except (ProofError, Refused) as error:
            raise self._unreadable("/v1/ledger") from error
        return root

    def checkpoint(self) -> str | None:
        """The newest checkpoint's note, not verified; None when the server says there is none."""
        data = self._get("/v1/checkpoint", NOTE_MAX)
        try:
            return None if data is None else data.decode()
        except UnicodeDecodeError as error:
            raise self._unreadable("/v1/checkpoint") from error

    def batches(self, after: int) -> list[Batch]:
        """Some batches behind number `after`, as the server lists them; none when that is all."""
        path = f"/v1/batches?after={after}&limit={PAGE_ITEMS}"
        try:
            return [batch_of(item) for item in self._items(path)]
        except ValueError as error:
            raise self._unreadable(path) from error

    def anchors(self, after: int) -> list[Any]:
        """Items of some batches behind number `after` with their anchors, of any form."""
        return self._items(f"/v1/anchors?after={after}&limit={PAGE_ITEMS}")

    def head(self, index: int) -> dict[str, Any] | None:
        """What the newest head holds at an index, of any form; None when there is no head."""
        path = f"/v1/heads/{index}"
        data = self._get(path, PAGE_MAX)
        return None if data is None else self._object(path, data, PAGE_MAX)

    def tile(self, index: int, width: int) -> bytes:
        """`width` leaf hashes of tile `index`."""
        path = f"/v1/tile/{tile_path(0, index, width)}"
        data = self._get(path, width * HASH)
        if data is None or len(data) != width * HASH:
            raise Unreachable(f"{self.url} does not give the hashes of {path}")
        return data

    def _items(self, path: str) -> list[Any]:
        items = self._json(path, PAGE_MAX).get("items")
        if type(items) is not list or len(items) > PAGE_ITEMS:
            raise self._unreadable(path)
        return items

    def _json(self, path: str, limit: int) -> dict[str, Any]:
        data = self._get(path, limit)
        if data is None:
            raise Unreachable(f"{self.url} has no {path}")
        return self._object(path, data, limit)

    def _object(self, path: str, data: bytes, limit: int) -> dict[str, Any]:
        try:
            value = parse_json(data, limit)
        except Refused as error:
            raise self._unreadable(path) from error
        if type(value) is not dict:
            raise self._unreadable(path)
        return value

    def _get(self, path: str, limit: int) -> bytes | None:
        """The body of a 200, None for a 404; everything else is raised as `Unreachable`."""
        return fetch(self._client, self.url + path, limit)

    def _unreadable(self, path: str) -> Unreachable:
        return unreadable(self.url + path)
