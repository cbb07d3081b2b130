"""Commands that carry a ledger to other machines: export, restore, mirror."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer

from anchoring.errors import Retry
from api.cli.options import CONSOLE, ERRORS, Dir, Rpc
from api.errors import WrongUse
from api.mirror.evidence import Alarm, keep
from api.mirror.fetching import Source
from api.mirror.following import follow
from api.mirror.monitor import compare_restored, compare_with_chain, witness_at
from api.mirror.promises import compare_receipts
from api.mirror.stored import StoredHeads
from api.node import anchor_transfer as kept_anchors
from api.node.directory import LEDGER, LedgerDir
from api.node.files import flush_folder, write_durably
from api.node.migrations.upgrade import upgrade
from api.node.settings import FILE
from api.tables.parquet import write_parquet
from api.terminal.format import counted
from ledger.errors import Unavailable
from ledger.operations.export import export as export_log
from ledger.operations.ledger import system_clock
from ledger.operations.restore import Restored
from ledger.operations.restore import restore as restore_log
from ledger.store.engine import open_engine

Export = Annotated[Path, typer.Argument(metavar="DIR", file_okay=False, help="The export.")]

_SETTINGS: Final = b"# Settings of this ledger, restored from an export: docs/operations.md\n"


def export(
    folder: Export,
    directory: Dir = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Compare what was exported before, too.")
    ] = False,
    parquet: Annotated[
        bool, typer.Option("--parquet", help="Write tables for analysis instead, no log.")
    ] = False,
) -> None:
    """Write all that is sealed as plain files; a second time, what is new."""
    with LedgerDir.at(directory) as home, _writing_to(folder):
        if parquet:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            count = write_parquet(home.ledger, folder)
            CONSOLE.print(f"{counted(count, 'Parquet file', 'Parquet files')} in {folder}")
            return
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        contracts = kept_anchors.contracts(home.ledger.engine, home.ledger.ledger_id)
        done = export_log(
            home.ledger, folder, write_durably, home.anchors_for, contracts, whole=whole
        )
    CONSOLE.print(
        f"{_sealed(done.size, done.batches)}; {counted(done.written, 'new file', 'new files')}"
    )
    if done.waiting:
        CONSOLE.print(f"Left out, waiting for a batch: {counted(done.waiting, 'entry', 'entries')}")


def restore(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", exists=True, file_okay=False, help="The export.")
    ],
    into: Annotated[Path, typer.Option(metavar="LEDGERDIR", help="A new or empty directory.")],
    rpc: Rpc = None,
) -> None:
    """Rebuild a ledger from its export, every entry judged again; it has no keys.

    With a chain: refused when the chain holds other roots, or batches newer than the export.
    """
    into = into.resolve()
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise WrongUse(f"{into} is not an empty directory")
    into.parent.mkdir(parents=True, exist_ok=True)
    # Beside the place, so that the last step is one renaming on one file system.
    beside = Path(tempfile.mkdtemp(prefix=f".{into.name}.", dir=into.parent))
    try:
        done, anchors = _rebuild(folder, beside, rpc)
        beside.replace(into)
    except BaseException:
        shutil.rmtree(beside)
        raise
    flush_folder(into.parent)
    CONSOLE.print(f"Ledger [bold]0x{done.ledger_id.hex()}[/] restored in {into}")
    CONSOLE.print(f"{_sealed(done.size, done.batches)}, {counted(anchors, 'anchor', 'anchors')}")
    CONSOLE.print("Its keys and its vault are not part of an export: bring them back yourself.")


def _rebuild(folder: Path, into: Path, rpc: str | None) -> tuple[Restored, int]:
    engine = open_engine(into / LEDGER)
    try:
        upgrade(engine)
        done = restore_log(folder, engine)
        anchors = kept_anchors.adopt(folder, engine, done.ledger_id, system_clock())
        compare_restored(folder, engine, done, rpc)
    finally:
        engine.dispose()
    write_durably(into / FILE, _SETTINGS, mode=0o644)
    return done, anchors


def mirror(
    url: Annotated[str, typer.Argument(metavar="URL", help="The ledger's server.")],
    folder: Annotated[
        Path, typer.Option("--dir", metavar="DIR", file_okay=False, help="Where the mirror lives.")
    ],
    rpc: Rpc = None,
    contract: Annotated[
        str | None, typer.Option(help="Believe only this contract on that chain.")
    ] = None,
    trusted: Annotated[
        str | None, typer.Option("--ledger-id", metavar="ID", help="Follow this ledger only.")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Compare what was verified before, too.")
    ] = False,
    receipts: Annotated[
        list[Path] | None,
        typer.Option("--receipt", metavar="FILE", help="A receipt that must be kept; any number."),
    ] = None,
    watch: Annotated[
        float | None, typer.Option(metavar="SECONDS", min=0.1, help="Keep following.")
    ] = None,
) -> None:
    """Follow another ledger and raise the alarm when it contradicts itself or the chain.

    Exit 0: all agrees; 1: alarm; 3: the ledger or the chain cannot be asked now.
    """
    wanted = _ledger_id(trusted)
    if contract is not None and not re.fullmatch(r"0x[0-9a-fA-F]{40}", contract):
        raise WrongUse("a contract is an address of 20 bytes as 0x-hex")
    stored, source = StoredHeads(folder), Source(url)
    try:
        while True:
            try:
                with _writing_to(folder):
                    new = follow(source, stored, wanted, whole=whole)
                with witness_at(rpc, contract) as witness:
                    settled = compare_with_chain(source, stored, witness)
                kept = compare_receipts(source, stored, receipts or ())
                _say(stored, new, settled, rpc is not None)
                if receipts:
                    told = counted(len(receipts), "receipt", "receipts")
                    CONSOLE.print(f"{told}, kept: {kept:,}")
            except (Unavailable, Retry) as error:
                if watch is None:
                    raise
                ERRORS.print(str(error), markup=False, highlight=False)
            if watch is None:
                return
            time.sleep(watch)
    except Alarm as alarm:
        place = keep(folder, alarm)
        # One line each: whoever greps a log for an alarm gets all of it.
        ERRORS.print(f"ALARM {alarm.sentence}", style="red", markup=False, soft_wrap=True)
        ERRORS.print(f"Evidence: {place}", markup=False, soft_wrap=True)
        raise typer.Exit(1) from alarm
    finally:
        source.close()


@contextmanager
def _writing_to(folder: Path) -> Iterator[None]:
    """A disk that is full or a folder that is not ours is a person's to put right: `WrongUse`."""
    try:
        yield
    except OSError as error:
        raise WrongUse(f"{folder} cannot be written: {error.strerror or error}") from error


def _ledger_id(text: str | None) -> bytes | None:
    if text is not None and not re.fullmatch(r"0x[0-9a-f]{64}", text):
        raise WrongUse("a ledger id is 32 bytes as lower-case 0x-hex")
    return None if text is None else bytes.fromhex(text[2:])


def _sealed(entries: int, batches: int) -> str:
    return f"{counted(entries, 'entry', 'entries')} in {counted(batches, 'batch', 'batches')}"


def _say(stored: StoredHeads, new: int, settled: int, with_chain: bool) -> None:
    assert stored.manifest is not None
    CONSOLE.print(f"Ledger 0x{stored.manifest.ledger_id.hex()} ({stored.manifest.origin})")
    CONSOLE.print(f"{_sealed(stored.size, stored.last)} agree; new: {new:,}")
    if with_chain:
        CONSOLE.print(f"On the chain up to batch {settled:,}")
    else:
        CONSOLE.print("Not compared with a chain: give one by --rpc")
