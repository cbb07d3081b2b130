"""The tree is that of RFC 9162: beside its definitions, an older library and published digests."""

from collections.abc import Callable, Sequence
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from merkletools import MerkleTools

from ledger.core.trees.merkle import (
    EMPTY_ROOT,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    reader_of,
    root,
    root_at,
    root_from_inclusion,
    verify_consistency,
    verify_inclusion,
)
from ledger.errors import ProofError
from tests.builders.naive_tree import NaiveTree

SMALL = 130
LARGE = 1000
INPUTS = [n.to_bytes(2, "big") for n in range(LARGE)]
LEAVES = [leaf_hash(data) for data in INPUTS]
READ = reader_of(LEAVES)
NAIVE = NaiveTree(INPUTS)


def refused(check: Callable[[], object]) -> bool:
    try:
        check()
    except ProofError:
        return True
    return False


def flip(data: bytes, bit: int) -> bytes:
    return (int.from_bytes(data, "big") ^ (1 << bit % (8 * len(data)))).to_bytes(len(data), "big")


# The definitions.


def test_the_head_is_the_recursive_definition_for_every_size() -> None:
    for n in range(SMALL + 1):
        assert root(LEAVES[:n]) == root_at(READ, n) == NAIVE.head(0, n)
    assert root([]) == EMPTY_ROOT == sha256(b"").digest()


def test_every_inclusion_path_is_the_recursive_definition_and_verifies() -> None:
    for n in range(1, SMALL + 1):
        head = NAIVE.head(0, n)
        for m in range(n):
            path = inclusion_path(READ, m, n)
            assert path == [sibling for _, sibling in NAIVE.path(m, 0, n)]
            verify_inclusion(LEAVES[m], m, n, path, head)


def test_every_consistency_proof_is_the_recursive_definition_and_verifies() -> None:
    for n in range(1, SMALL + 1):
        for m in range(1, n + 1):
            path = consistency_path(READ, m, n)
            assert path == NAIVE.proof(m, n)
            verify_consistency(m, n, NAIVE.head(0, m), NAIVE.head(0, n), path)


# merkletools, whose tree is the same once its nodes carry the prefix 0x01.


def merkletools_tree(leaves: Sequence[bytes]) -> MerkleTools:
    tools = MerkleTools(hash_type="sha256")
    tools.hash_function = lambda data: sha256(b"\x01" + data)
    tools.add_leaf([leaf.hex() for leaf in leaves])
    tools.make_tree()
    return tools


def test_merkletools_has_the_same_head_for_every_size_up_to_1000() -> None:
    for n in range(1, LARGE + 1):
        assert merkletools_tree(LEAVES[:n]).get_merkle_root() == root_at(READ, n).hex()


# Every index of the small trees; of the larger ones the edges and a spread of others.
SAMPLES = [(n, list(range(n))) for n in range(1, 65)] + [
    (n, sorted({0, 1, n // 3, n // 2, n - 2, n - 1})) for n in range(67, LARGE + 1, 31)
]


def test_our_verifier_takes_every_proof_of_merkletools() -> None:
    for n, indices in SAMPLES:
        tools, head = merkletools_tree(LEAVES[:n]), root_at(READ, n)
        for index in indices:
            steps = tools.get_proof(index)
            path = [bytes.fromhex(sibling) for step in steps for sibling in step.values()]
            assert path == inclusion_path(READ, index, n)
            verify_inclusion(LEAVES[index], index, n, path, head)


def test_merkletools_takes_every_path_of_ours() -> None:
    for n, indices in SAMPLES:
        tools, head = merkletools_tree(LEAVES[:1]), root_at(READ, n).hex()
        for index in indices:
            sides = [side for side, _ in NAIVE.path(index, 0, n)]
            path = inclusion_path(READ, index, n)
            steps = [{side: hash.hex()} for side, hash in zip(sides, path, strict=True)]
            assert tools.validate_proof(steps, LEAVES[index].hex(), head)


# Published: draft-ietf-plants-merkle-tree-certs-07, appendix C.1. One digest over the answers for
# every subtree [start, end) of a tree of up to 130 leaves, whose inputs are the bytes 0 to 129.

DRAFT_LEAVES = [leaf_hash(bytes([n])) for n in range(SMALL)]
SUBTREES_DIGEST = "b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81"
INCLUSION_DIGEST = "ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f"
CONSISTENCY_DIGEST = "10fa99b37bf9bf9ffa26b412fbd98bd75363256d0b75d61bc4538b9c9c5a0a74"
SUBTREES = [
    (start, end)
    for end in range(SMALL + 1)
    for start in range(end + 1)
    if start == end or start % (1 << (end - start - 1).bit_length()) == 0
]


def line(text: str, path: Sequence[bytes]) -> bytes:
    return (text + "".join(f" {sibling.hex()}" for sibling in path) + "\n").encode()


def test_the_published_digest_of_all_subtree_heads_is_ours() -> None:
    digest = sha256()
    for start, end in SUBTREES:
        digest.update(line(f"[{start}, {end})", [root(DRAFT_LEAVES[start:end])]))
    assert digest.hexdigest() == SUBTREES_DIGEST


def test_the_published_digest_of_all_inclusion_proofs_is_ours() -> None:
    digest = sha256()
    for start, end in SUBTREES:
        read = reader_of(DRAFT_LEAVES[start:end])
        for index in range(start, end):
            path = inclusion_path(read, index - start, end - start)
            digest.update(line(f"{index} [{start}, {end})", path))
    assert digest.hexdigest() == INCLUSION_DIGEST


def test_the_published_digest_of_all_consistency_proofs_is_ours() -> None:
    digest = sha256()
    for n in range(SMALL + 1):
        for start, end in SUBTREES:
            if end <= n:
                path = subtree_proof(DRAFT_LEAVES[:n], start, end) if start < end else []
                digest.update(line(f"[{start}, {end}) {n}", path))
    assert digest.hexdigest() == CONSISTENCY_DIGEST


def subtree_proof(leaves: Sequence[bytes], start: int, end: int) -> list[bytes]:
    """The draft's subtree consistency proof: where the subtree begins at a split, it is ours."""
    if start == 0:
        return consistency_path(reader_of(leaves), end, len(leaves))
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if end <= k:
        return [*subtree_proof(leaves[:k], start, end), root(leaves[k:])]
    return [*subtree_proof(leaves[k:], start - k, end - k), root(leaves[:k])]


# Whatever is changed in a proof, it no longer holds. Sizes are another matter: a path does not
# bind the size of its tree, which is why sizes come from checkpoints alone.

SIZES = st.integers(1, LARGE)
PLACES = st.integers(0, 2**16)
BITS = st.integers(0, 255)


@settings(max_examples=500, deadline=None)
@given(size=SIZES, place=PLACES, bit=BITS, at=PLACES, junk=st.binary(min_size=32, max_size=32))
def test_an_inclusion_proof_holds_and_no_change_of_it_does(
    size: int, place: int, bit: int, at: int, junk: bytes
) -> None:
    index = place % size
    leaf, head, path = LEAVES[index], root_at(READ, size), inclusion_path(READ, index, size)
    verify_inclusion(leaf, index, size, path, head)
    assert root_from_inclusion(leaf, index, size, path) == head
    assert refused(lambda: verify_inclusion(flip(leaf, bit), index, size, path, head))
    assert refused(lambda: verify_inclusion(leaf, index, size, path, flip(head, bit)))
    for changed in changes(path, bit, at, junk):
        assert refused(lambda path=changed: verify_inclusion(leaf, index, size, path, head))
    for other in {at % size, index ^ 1, index + 1, index - 1, size, -1} - {index}:
        assert refused(lambda place=other: verify_inclusion(leaf, place, size, path, head))


@settings(max_examples=500, deadline=None)
@given(size=SIZES, place=PLACES, bit=BITS, at=PLACES, junk=st.binary(min_size=32, max_size=32))
def test_a_consistency_proof_holds_and_no_change_of_it_does(
    size: int, place: int, bit: int, at: int, junk: bytes
) -> None:
    old = place % size + 1
    before, after = root_at(READ, old), root_at(READ, size)
    path = consistency_path(READ, old, size)
    verify_consistency(old, size, before, after, path)
    assert refused(lambda: verify_consistency(old, size, flip(before, bit), after, path))
    assert refused(lambda: verify_consistency(old, size, before, flip(after, bit), path))
    if old < size:
        assert refused(lambda: verify_consistency(old, size, after, before, path))
        assert refused(lambda: verify_consistency(size, old, after, before, path))
    for changed in changes(path, bit, at, junk):
        assert refused(lambda path=changed: verify_consistency(old, size, before, after, path))


def changes(path: list[bytes], bit: int, at: int, junk: bytes) -> list[list[bytes]]:
    """One bit flipped in each hash; a hash dropped, added, cut; the order turned round."""
    found = [[*path[:i], flip(path[i], bit), *path[i + 1 :]] for i in range(len(path))]
    found += [path[:i] + path[i + 1 :] for i in range(len(path))]
    place = at % (len(path) + 1)
    found += [[*path[:place], junk, *path[place:]], [*path, junk]]
    if path:
        found.append([path[0][:-1], *path[1:]])
    if len(path) > 1:
        found.append(path[::-1])
    return found


def test_a_path_of_another_length_is_refused_even_where_it_leads_to_the_root_given() -> None:
    a, b, c, d = LEAVES[:4]
    ab, cd = node_hash(a, b), node_hash(c, d)
    for size, path, head in (
        (4, [b], ab),
        (3, [b], ab),
        (2, [], a),
        (8, [b, cd], node_hash(ab, cd)),
    ):
        with pytest.raises(ProofError, match="the path is too short"):
            verify_inclusion(a, 0, size, path, head)
    for leaf, size, path in ((a, 1, [b]), (b, 2, [a, c])):
        head = leaf
        for sibling in path:
            head = node_hash(sibling, head)
        with pytest.raises(ProofError, match="the path is too long"):
            verify_inclusion(leaf, size - 1, size, path, head)


def test_a_consistency_proof_of_another_length_is_refused_even_where_it_leads_to_the_roots() -> (
    None
):
    a, b, c, d = LEAVES[:4]
    ab, cd = node_hash(a, b), node_hash(c, d)
    with pytest.raises(ProofError, match="the path is too short"):
        verify_consistency(1, 4, a, ab, [b])
    old, new = node_hash(ab, c), node_hash(ab, cd)
    verify_consistency(3, 4, old, new, [c, d, ab])
    with pytest.raises(ProofError, match="the path is too long"):
        verify_consistency(3, 4, node_hash(a, old), node_hash(a, new), [c, d, ab, a])
    with pytest.raises(ProofError, match="the path is empty"):
        verify_consistency(3, 4, old, new, [])


# Inputs of a wrong form.


@pytest.mark.parametrize("odd", [b"", bytes(31), bytes(33), "0" * 32, None, bytearray(32)])
def test_what_is_not_32_bytes_is_no_hash(odd: object) -> None:
    two = node_hash(LEAVES[0], LEAVES[1])
    assert refused(lambda: verify_inclusion(odd, 0, 1, [], LEAVES[0]))  # type: ignore[arg-type]
    assert refused(lambda: verify_inclusion(LEAVES[0], 0, 1, [], odd))  # type: ignore[arg-type]
    assert refused(lambda: verify_inclusion(LEAVES[0], 0, 2, [odd], two))  # type: ignore[list-item]
    assert refused(lambda: verify_consistency(1, 1, odd, odd, []))  # type: ignore[arg-type]
    assert refused(lambda: verify_consistency(1, 2, LEAVES[0], two, [odd]))  # type: ignore[list-item]


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 1), (2**64, 1)])
def test_an_index_outside_the_tree_is_refused(index: int, size: int) -> None:
    assert refused(lambda: verify_inclusion(LEAVES[0], index, size, [], LEAVES[0]))


def test_what_equals_an_integer_is_no_integer() -> None:
    two = node_hash(LEAVES[0], LEAVES[1])
    verify_inclusion(LEAVES[1], 1, 2, [LEAVES[0]], two)
    assert refused(lambda: verify_inclusion(LEAVES[1], True, 2, [LEAVES[0]], two))
    assert refused(lambda: verify_inclusion(LEAVES[1], 1, 2.0, [LEAVES[0]], two))  # type: ignore[arg-type]
    assert refused(lambda: verify_consistency(True, 2, LEAVES[0], two, [LEAVES[1]]))


def test_nothing_is_consistent_with_the_empty_tree() -> None:
    assert refused(lambda: verify_consistency(0, 1, EMPTY_ROOT, LEAVES[0], []))
    assert refused(lambda: verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, []))


def test_one_size_has_one_root_and_an_empty_proof() -> None:
    two = root_at(READ, 2)
    verify_consistency(2, 2, two, two, [])
    assert refused(lambda: verify_consistency(2, 2, two, LEAVES[0], []))
    assert refused(lambda: verify_consistency(2, 2, two, two, [two]))


def test_proofs_that_do_not_exist_are_not_made() -> None:
    for index, size in ((0, 0), (1, 1), (-1, 1)):
        with pytest.raises(ValueError, match="not in the tree"):
            inclusion_path(READ, index, size)
    for old, new in ((0, 1), (2, 1), (-1, 1)):
        with pytest.raises(ValueError, match="old size"):
            consistency_path(READ, old, new)


@settings(deadline=None)
@given(index=st.integers(0, 2**63 - 2), size=st.integers(1, 2**63 - 1), count=st.integers(0, 70))
def test_any_index_and_size_end_in_a_root_or_a_refusal(index: int, size: int, count: int) -> None:
    path = [LEAVES[0]] * count
    try:
        assert len(root_from_inclusion(LEAVES[0], index, size, path)) == 32
    except ProofError as error:
        assert error.check == "inclusion"  # noqa: PT017
