"""The browser unpacks what zlib unpacks, and nothing else."""

import base64
import json
import random
import subprocess
import zlib
from pathlib import Path

from tests.builders.waiting import PATIENCE

INFLATE = Path(__file__).with_name("inflate.mjs")


def by_zlib(packed: bytes) -> bytes | None:
    unpacking = zlib.decompressobj()
    try:
        found = unpacking.decompress(packed)
    except zlib.error:
        return None
    return found if unpacking.eof and not unpacking.unused_data else None


def test_unpacking_agrees_with_zlib_on_what_is_changed() -> None:
    """Streams of every kind of block, whole and changed."""
    draw = random.Random(5)
    text = json.dumps([draw.randrange(999) for _ in range(3000)]).encode()
    streams = []
    for level in (0, 1, 6, 9):
        for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE):
            packer = zlib.compressobj(level, strategy=strategy)
            whole = packer.compress(text) + packer.flush()
            for number in range(20):
                data = bytearray(whole)
                for _ in range(number % 4):
                    # Near the begin stand the tables of codes.
                    place = draw.randrange(min(len(data), draw.choice([80, 10**6])))
                    data[place] = draw.randrange(256)
                streams += [bytes(data), bytes(data) + b"\0" * (number == 0)]
    lines = b"".join(base64.b64encode(data) + b"\n" for data in streams)
    done = subprocess.run(
        ["node", str(INFLATE)], input=lines, capture_output=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr.decode()
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    found = [None if answer is None else base64.b64decode(answer) for answer in answers]
    assert found == [by_zlib(data) for data in streams]
    assert found.count(text) >= 4 * 4 * 5
    assert None in found
