"""A process that appends as fast as it can and says what was acknowledged; made to be killed."""

import sys
import threading
from pathlib import Path

from ledger.operations.seal import seal
from tests.builders.ledgers import opened_ledger
from tests.builders.records import START, Town

THREADS = 4


def main(folder: Path, run: int) -> None:
    town = Town(now=START + 20 * 86400)
    ledger = opened_ledger(town, folder)
    print("ready", flush=True)
    lock = threading.Lock()

    def work(worker: int) -> None:
        for number in range(1_000_000):
            start = START + 30 * 86400 + number * 60
            title = f"{run} {worker} {number}"
            receipt = ledger.append(town.activity("org", start, start + 60, title=title))
            with lock:
                print(receipt.index, receipt.record_id.hex(), flush=True)

    for worker in range(THREADS):
        threading.Thread(target=work, args=(worker,), daemon=True).start()
    while True:
        seal(ledger, town.log_key)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
