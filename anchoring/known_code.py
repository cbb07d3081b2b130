"""Every compile of BatchAnchor that was ever released, by the code that runs.

An anchor is for ever, so this list only grows: a code that leaves it disowns all that was anchored
by it. The compiler appends a note about the sources (CBOR, then its length in two bytes), which a
changed comment changes and which is never reached: what stands before it ends in INVALID.
"""

from __future__ import annotations

from typing import Final

from eth_hash.auto import keccak

KNOWN_CODE: Final = ("0x45e9ca4fe9c52faab9bb4656c528fd19ee72f6c61c417547e2297d2db2fffdba",)
"""Keccak-256 of the runtime codes without that note, oldest first."""


def is_known(code: bytes) -> bool:
    """Whether a contract with this code is one of ours."""
    return "0x" + keccak(_without_note(code)).hex() in KNOWN_CODE


def _without_note(code: bytes) -> bytes:
    end = len(code) - 2 - int.from_bytes(code[-2:], "big")
    return code[: max(0, end)]
