"""Runtime codes: of the contract under other notes of the compiler, and of its imitations."""

from collections.abc import Iterator

from anchoring.contract import artifact

NOTE = 53
"""Bytes of the compiler's note, its length included."""


def notes() -> Iterator[bytes]:
    """The contract as compiled from sources with another comment, and without their hash."""
    code, note = artifact().runtime[:-NOTE], artifact().runtime[-NOTE:]
    yield code + note[:8] + bytes(byte ^ 1 for byte in note[8:42]) + note[42:]
    yield code + bytes.fromhex("a164736f6c634300081e000a")
    yield code + bytes(2)


def forgeries() -> Iterator[bytes]:
    """Codes that are not the contract's, and answer as somebody likes, or not at all."""
    whole = artifact().runtime
    code, answering = whole[:-NOTE], bytes.fromhex("5f5ff3")
    yield b""
    yield b"\x00"
    yield answering
    yield answering + whole
    yield answering + whole[len(answering) :]
    yield whole[:-1]
    yield whole[:-2] + len(whole).to_bytes(2, "big")
    yield whole[:-2] + b"\xff\xff"
    yield code
    yield code[:-1] + b"\x00" + whole[-NOTE:]
    yield whole.replace(bytes.fromhex("5f5ffd"), bytes.fromhex("5f5ff3"), 1)
