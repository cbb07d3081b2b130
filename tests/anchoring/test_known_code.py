"""Which contracts are ours is said by a list that only grows."""

import pytest

from anchoring.contract import artifact
from anchoring.known_code import KNOWN_CODE, is_known
from tests.builders.codes import forgeries

RELEASED = ("0xfdf69d16e8696b20385b4a8c18ea94025641f06498fe60fb7f6c01cf39e83016",)
"""To be added to when a contract is released; what stands here is anchored by for ever."""


def test_no_code_ever_leaves_the_list() -> None:
    assert KNOWN_CODE[: len(RELEASED)] == RELEASED


def test_what_is_deployed_is_known_whatever_its_sources_are_called() -> None:
    """The compiler appends nothing about them, which a comment would change."""
    runtime = artifact().runtime
    assert is_known(runtime)
    assert b"solc" not in runtime
    assert b"ipfs" not in runtime


@pytest.mark.parametrize("code", list(forgeries()))
def test_no_other_code_is_taken_for_it(code: bytes) -> None:
    assert not is_known(code)
