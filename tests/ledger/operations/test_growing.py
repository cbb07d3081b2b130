"""A tree that grows at its edge has the head of the naive tree at every size, in whatever steps."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.operations.growing import Edge, Tiles, widths
from tests.builders.naive_tree import NaiveTree, leaf

INPUTS = [number.to_bytes(4, "big") for number in range(70_000)]
LEAVES = [leaf(data) for data in INPUTS]
NAIVE = NaiveTree(INPUTS)
STEPS = st.lists(st.sampled_from([1, 2, 3, 100, 255, 256, 257, 511, 600]), max_size=12)


@given(STEPS)
def test_the_head_is_that_of_the_naive_tree_after_every_step(steps: list[int]) -> None:
    edge = Edge()
    for step in steps:
        edge.add(LEAVES[edge.size : edge.size + step])
        assert edge.root() == NAIVE.head(0, edge.size)


@given(STEPS, STEPS)
def test_a_tree_taken_up_from_its_unfinished_tiles_goes_on_as_if_it_had_never_stopped(
    before: list[int], after: list[int]
) -> None:
    edge, full = Edge(), Tiles()
    for step in before:
        full |= edge.add(LEAVES[edge.size : edge.size + step])
    unfinished = edge.unfinished()
    again = Edge.at(edge.size, lambda level, index, _: unfinished[level, index])
    for step in after:
        leaves = LEAVES[edge.size : edge.size + step]
        assert again.add(leaves) == edge.add(leaves)
    assert again.root() == edge.root()
    assert again.unfinished() == edge.unfinished()


def test_three_levels_of_tiles_give_the_head_too() -> None:
    edge, full = Edge(), Tiles()
    for start in range(0, len(LEAVES), 9_999):
        full |= edge.add(LEAVES[start : start + 9_999])
    assert edge.root() == NAIVE.head(0, len(LEAVES))
    assert sorted({level for level, _ in full}) == [0, 1]
    assert widths(len(LEAVES)) == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert len(full) == 273 + 1
