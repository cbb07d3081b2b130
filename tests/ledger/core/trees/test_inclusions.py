"""One path for many leaves proves what their own paths prove, and nothing else."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.core.trees.merkle import (
    inclusion_path,
    inclusion_paths,
    reader_of,
    root,
    verify_inclusion,
    verify_inclusions,
)
from ledger.errors import ProofError

LEAVES = [sha256(b"leaf %d" % n).digest() for n in range(300)]

trees = st.integers(1, len(LEAVES)).flatmap(
    lambda size: st.tuples(st.just(size), st.sets(st.integers(0, size - 1), min_size=1, max_size=9))
)


def naive_path(leaves: list[bytes], wanted: set[int], start: int = 0) -> list[bytes]:
    """By definition: the heads of the largest subtrees (RFC 9162 §2.1.1) without a wanted leaf."""
    if not wanted & set(range(start, start + len(leaves))):
        return [root(leaves)]
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    lower = naive_path(leaves[:split], wanted, start)
    return lower + naive_path(leaves[split:], wanted, start + split)


@given(trees)
def test_the_shared_path_is_the_naive_one_and_verifies(tree: tuple[int, set[int]]) -> None:
    size, wanted = tree
    path = inclusion_paths(reader_of(LEAVES[:size]), wanted, size)
    assert path == naive_path(LEAVES[:size], wanted)
    verify_inclusions({i: LEAVES[i] for i in wanted}, size, path, root(LEAVES[:size]))


@given(trees)
def test_it_is_never_longer_than_the_single_paths_together(tree: tuple[int, set[int]]) -> None:
    size, wanted = tree
    read = reader_of(LEAVES[:size])
    singles = {i: inclusion_path(read, i, size) for i in wanted}
    shared = inclusion_paths(read, wanted, size)
    assert len(shared) <= sum(map(len, singles.values()))
    assert set(shared) <= {node for path in singles.values() for node in path}
    for index, path in singles.items():
        verify_inclusion(LEAVES[index], index, size, path, root(LEAVES[:size]))


@settings(max_examples=40)
@given(trees, st.data())
def test_any_change_is_refused(tree: tuple[int, set[int]], data: st.DataObject) -> None:
    size, wanted = tree
    head = root(LEAVES[:size])
    path = inclusion_paths(reader_of(LEAVES[:size]), wanted, size)
    leaves = {i: LEAVES[i] for i in wanted}
    chosen = data.draw(st.sampled_from(sorted(wanted)))
    other = sha256(b"another").digest()
    changed = [
        ({**leaves, chosen: other}, size, path, head),
        (leaves, size, [*path, other], head),
        (leaves, size, path, other),
        ({i + size: leaf for i, leaf in leaves.items()}, size, path, head),
    ]
    if path:
        place = data.draw(st.integers(0, len(path) - 1))
        changed += [
            (leaves, size, path[:place] + path[place + 1 :], head),
            (leaves, size, [*path[:place], other, *path[place + 1 :]], head),
        ]
    free = sorted(set(range(size)) - wanted)
    if free:
        moved = data.draw(st.sampled_from(free))
        rest = {i: leaf for i, leaf in leaves.items() if i != chosen}
        changed.append(({**rest, moved: leaves[chosen]}, size, path, head))
    for claim in changed:
        with pytest.raises(ProofError):
            verify_inclusions(*claim)


def test_nothing_is_no_proof_of_anything() -> None:
    with pytest.raises(ProofError):
        verify_inclusions({}, 1, [], root(LEAVES[:1]))
    with pytest.raises(ValueError, match="not in the tree"):
        inclusion_paths(reader_of(LEAVES[:4]), [], 4)
    with pytest.raises(ValueError, match="not in the tree"):
        inclusion_paths(reader_of(LEAVES[:4]), [4], 4)
    with pytest.raises(ProofError):
        verify_inclusions({0: LEAVES[0][:12]}, 1, [], LEAVES[0])
