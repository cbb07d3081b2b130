"""Runtime codes that imitate the contract's."""

from collections.abc import Iterator

from anchoring.contract import artifact


def forgeries() -> Iterator[bytes]:
    """Codes that are not the contract's, and answer as somebody likes, or not at all."""
    whole, answering = artifact().runtime, bytes.fromhex("5f5ff3")
    yield b""
    yield b"\x00"
    yield answering
    yield answering + whole
    yield answering + whole[len(answering) :]
    yield whole[:-1]
    yield whole + b"\x00"
    yield whole[:-1] + bytes([whole[-1] ^ 1])
    yield whole + bytes.fromhex("a164736f6c634300081e000a")
