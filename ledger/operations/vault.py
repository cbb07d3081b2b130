"""The vault: what people said of themselves, kept off the log so that it can be forgotten.

    put       fields → a fresh salt, both sealed under the person's data key → commitment
    recommit  the same or corrected fields under a fresh salt, as the next version → commitment
    reveal    logged first, then salt and fields: whoever holds them can show what a commitment says
    forget    data key and contents destroyed, tombstone left, bytes scrubbed from the file
    rotate    every key wrapped under a new master key; sealed values stay as they are

The log keeps commitments for ever; without its salt a commitment says nothing of anybody. Earlier
versions stay until the holder withdraws, since the log holds their commitments too.

A backup that is put back brings withdrawn people back: forget them again before it is used. What
is older than the last move to a new master key cannot be put back once the old key is destroyed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, get_args

from sqlalchemy import Connection, Engine

from ledger.core.format.fields import Address, Choice
from ledger.core.records.sealed import (
    KEY_BYTES,
    Bound,
    Content,
    Kind,
    MasterKey,
    VaultKey,
    check_text,
    new_content,
    open_content,
    seal_content,
)
from ledger.errors import Damaged, LedgerError, NotFound, Refused
from ledger.operations.ledger import Clock, system_clock
from ledger.operations.vault_parts import Access, Deposit, Purpose, Withdrawn
from ledger.refusals import Code
from ledger.store import vault as store
from ledger.store.engine import snapshot, transaction
from ledger.store.vault import AccessLine, SealedContent, WrappedKey

_ALL: Final = "all"
"""Stands in the access log where everything of a person was opened or destroyed."""

_ADDRESS = Address()
_KIND = Choice(*get_args(Kind))


_PURPOSE = Choice(*(str(purpose) for purpose in Purpose))


class Vault:
    """One vault, open under its master key. Safe to share between threads.

    `address` is always the holder's, in EIP-55 spelling; `subject` names one thing of that holder
    and kind: any text that whoever asks can find again, empty for the identity itself. Every method
    raises `Refused` (`BAD_VALUE`, no value in it) for malformed input, `Damaged` for bytes that
    were changed or moved or for another master key, and `Unavailable` while the file is busy.
    """

    def __init__(self, engine: Engine, master: MasterKey, clock: Clock = system_clock) -> None:
        """Over an engine of `open_vault`; a new vault gets its key. Raises `Damaged` with the check
        `master key` when the vault is under another one."""
        self.engine = engine
        self.clock = clock
        self._master = master
        with transaction(engine) as connection:
            wrapped = store.vault_key(connection)
            if wrapped is None:
                new = master.wrap(secrets.token_bytes(KEY_BYTES), "vault")
                wrapped = WrappedKey(master.id, new)
                store.insert_vault_key(connection, wrapped)
        self._key = VaultKey(master.unwrap(wrapped.key_id, wrapped.wrapped_key, "vault"))

    def put(self, address: str, kind: Kind, fields: Mapping[str, str], subject: str = "") -> bytes:
        """Keep fields under a fresh salt; the commitment (32 bytes) to them. The same fields again
        give the same commitment, so a retry is safe; other fields are refused: see `recommit`.
        Raises `Withdrawn` for a holder who withdrew."""
        (answer,) = self.put_many([Deposit(address, kind, fields, subject)])
        if isinstance(answer, LedgerError):
            raise answer
        return answer

    def put_many(self, deposits: Sequence[Deposit]) -> list[bytes | Refused | Withdrawn]:
        """As `put`, many in one transaction: an answer for each, in order."""
        with self._writing() as connection:
            return [self._put(connection, deposit) for deposit in deposits]

    def _put(self, connection: Connection, deposit: Deposit) -> bytes | Refused | Withdrawn:
        try:
            holder, locator = self._names(deposit.address, deposit.kind, deposit.subject)
            new = new_content(deposit.kind, deposit.subject, 1, deposit.fields)
        except Refused as refusal:
            return refusal
        at = store.withdrawn_at(connection, holder)
        if at is not None:
            return Withdrawn(at)
        found = store.content(connection, locator)
        if found is None:
            return self._add(connection, holder, locator, new)
        newest = self._open(connection, found)
        if newest.fields != new.fields:
            return Refused(Code.BAD_VALUE, "subject: it has other fields already")
        return newest.commitment

    def recommit(
        self,
        address: str,
        kind: Kind,
        subject: str = "",
        fields: Mapping[str, str] | None = None,
    ) -> bytes:
        """Commit anew with a fresh salt, to corrected fields or to the newest ones: the commitment
        (32 bytes) of the next version. Raises `NotFound`, `Withdrawn`."""
        holder, locator = self._names(address, kind, subject)
        with self._living(holder) as connection:
            newest = self._open(connection, _find(connection, locator, None))
            wanted = newest.fields if fields is None else fields
            new = new_content(kind, subject, newest.version + 1, wanted)
            return self._add(connection, holder, locator, new)

    def reveal(
        self,
        address: str,
        kind: Kind,
        subject: str = "",
        *,
        actor: str,
        purpose: Purpose,
        version: int | None = None,
    ) -> Content:
        """Salt and fields of one version, else of the newest; written to the access log before they
        are given. Raises `NotFound`, `Withdrawn`."""
        holder, locator = self._names(address, kind, subject)
        with self._living(holder) as connection:
            found = self._open(connection, _find(connection, locator, version))
            self._log(connection, holder, kind, actor, purpose)
        return found

    def holdings(self, address: str, *, actor: str, purpose: Purpose) -> list[Content]:
        """All that the vault holds of a person, in all versions, logged as `reveal` does: the copy
        that PIPL article 45 promises. Raises `NotFound`, `Withdrawn`."""
        holder = self._holder(address)
        with self._living(holder) as connection:
            opened = [self._open(connection, row) for row in store.contents_of(connection, holder)]
            if not opened:
                raise NotFound("the vault holds nothing of this address")
            self._log(connection, holder, _ALL, actor, purpose)
        return opened

    def forget(self, address: str, actor: str) -> int:
        """Destroy a person's data key, salts and fields for ever; when that was (Unix seconds).

        One transaction destroys, leaves the tombstone and logs; then the bytes are scrubbed from
        the file. Again: the same answer, and a scrub that was interrupted is finished. Raises
        `NotFound` when there is nothing of that address, `Unavailable` when everything is destroyed
        but another process holds the file: call again."""
        holder = self._holder(address)
        with self._writing() as connection:
            at = store.withdrawn_at(connection, holder)
            if at is None:
                if store.holder_key(connection, holder) is None:
                    raise NotFound("the vault holds nothing of this address")
                at = self.clock()
                store.destroy(connection, holder, at)
                self._log(connection, holder, _ALL, actor, Purpose.HOLDER)
        self.complete()
        return at

    def complete(self) -> None:
        """Finish what a killed `forget` left to do; costs one read when there is nothing."""
        store.scrub(self.engine)

    def withdrawn_at(self, address: str) -> int | None:
        """When the holder withdrew (Unix seconds), if ever: what a verifier is told."""
        holder = self._holder(address)
        with snapshot(self.engine) as connection:
            return store.withdrawn_at(connection, holder)

    def accesses(self, address: str) -> list[Access]:
        """Who opened or destroyed what of a person, oldest first; it outlives the data."""
        holder = self._holder(address)
        with snapshot(self.engine) as connection:
            lines = store.accesses_of(connection, holder)
        opened = []
        for line in lines:
            bound = (line.number, line.at, line.holder, line.kind, line.purpose)
            actor = self._key.open_actor(line.sealed_actor, *bound)
            opened.append(Access(line.at, actor, line.kind, Purpose(line.purpose)))
        return opened

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with transaction(self.engine) as connection:
            # Nothing may be wrapped under a master key that another process has just replaced.
            wrapped = store.vault_key(connection)
            assert wrapped is not None
            self._master.demand(wrapped.key_id)
            yield connection

    @contextmanager
    def _living(self, holder: bytes) -> Iterator[Connection]:
        with self._writing() as connection:
            # Asked first: rows that a backup brought back are not opened.
            at = store.withdrawn_at(connection, holder)
            if at is not None:
                raise Withdrawn(at)
            yield connection

    def _holder(self, address: str) -> bytes:
        return self._key.holder(_ADDRESS.decode(address, "address"))

    def _names(self, address: str, kind: str, subject: str) -> tuple[bytes, bytes]:
        _KIND.decode(kind, "kind")
        check_text(subject, "subject")
        return self._holder(address), self._key.locator(address, kind, subject)

    def _add(self, connection: Connection, holder: bytes, locator: bytes, new: Content) -> bytes:
        if store.holder_key(connection, holder) is None:
            wrapped = self._master.wrap(secrets.token_bytes(KEY_BYTES), holder)
            store.insert_holder_key(connection, holder, WrappedKey(self._master.id, wrapped))
        sealed = seal_content(self._data_key(connection, holder), holder, locator, new)
        row = SealedContent(locator, new.version, holder, new.kind, sealed)
        store.insert_content(connection, row)
        return new.commitment

    def _open(self, connection: Connection, row: SealedContent) -> Content:
        key = self._data_key(connection, row.holder)
        return open_content(key, row.holder, row.locator, row.kind, row.version, row.sealed)

    def _data_key(self, connection: Connection, holder: bytes) -> bytes:
        found = store.holder_key(connection, holder)
        if found is None:
            raise Damaged("vault", "a content has no data key")
        return self._master.unwrap(found.key_id, found.wrapped_key, holder)

    def _log(
        self, connection: Connection, holder: bytes, kind: str, actor: str, purpose: Purpose
    ) -> None:
        _ADDRESS.decode(actor, "actor")
        _PURPOSE.decode(str(purpose), "purpose")
        bound = (store.next_access(connection), self.clock(), holder, kind, str(purpose))
        line = AccessLine(*bound, self._key.seal_actor(actor, *bound))
        store.insert_access(connection, line)


def rotate_master_key(engine: Engine, old: MasterKey, new: MasterKey) -> None:
    """Wrap every key of a vault under a new master key, in one transaction, and scrub the old
    wrappings from the file; sealed values stay. Again: nothing but a scrub that was interrupted.
    Raises `Damaged` with the check `master key` when the vault is under neither key."""
    with transaction(engine) as connection:
        vault = store.vault_key(connection)
        if vault is None:
            raise NotFound("the vault has no key yet")
        if vault.key_id != new.id:
            store.replace_vault_key(connection, _wrap_anew(old, new, vault, "vault"))
            for chunk in store.holder_keys(connection):
                anew = {holder: _wrap_anew(old, new, key, holder) for holder, key in chunk}
                store.replace_holder_keys(connection, anew)
            store.want_scrub(connection)
    store.scrub(engine)


def _wrap_anew(old: MasterKey, new: MasterKey, key: WrappedKey, of: Bound) -> WrappedKey:
    return WrappedKey(new.id, new.wrap(old.unwrap(key.key_id, key.wrapped_key, of), of))


def _find(connection: Connection, locator: bytes, version: int | None) -> SealedContent:
    found = store.content(connection, locator, version)
    if found is None:
        raise NotFound("the vault has no such thing")
    return found
