"""Tiles are those of C2SP tlog-tiles, and grow to the same bytes however the leaves arrive."""

from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.core.trees.merkle import (
    consistency_path,
    inclusion_path,
    leaf_hash,
    reader_of,
    root,
    root_at,
)
from ledger.core.trees.tiles import (
    entry_bundle,
    extend,
    node_from_tile,
    parse_entry_bundle,
    parse_tile_path,
    tile_path,
    tiled_reader,
)

Tiles = dict[tuple[int, int], bytes]

LEAVES = [leaf_hash(n.to_bytes(4, "big")) for n in range(70_000)]


def loader(tiles: Tiles) -> Callable[[int, int], bytes]:
    return lambda level, index: tiles[level, index]


def grown(*cuts: int) -> Tiles:
    """The tiles after leaves arrived in batches that end at each cut."""
    tiles: Tiles = {}
    size = 0
    for cut in cuts:
        tiles |= extend(loader(tiles), size, LEAVES[size:cut])
        size = cut
    return tiles


# The example of the specification, and the paths of Tessera's own test.
PATHS = [
    (0, 0, 256, "0/000"),
    (0, 0, 255, "0/000.p/255"),
    (1, 0, 256, "1/000"),
    (0, 999, 1, "0/999.p/1"),
    (0, 1000, 256, "0/x001/000"),
    (1, 1234067, 256, "1/x001/x234/067"),
    (0, 1234067, 8, "0/x001/x234/067.p/8"),
    (7, 455667, 256, "7/x455/667"),
    (5, 123456789, 41, "5/x123/x456/789.p/41"),
    (2, 12123456789, 256, "2/x012/x123/x456/789"),
]


@pytest.mark.parametrize(("level", "index", "width", "path"), PATHS)
def test_published_paths_are_written_and_read(
    level: int, index: int, width: int, path: str
) -> None:
    assert tile_path(level, index, width) == path
    assert parse_tile_path(path) == (level, index, width)


@given(level=st.integers(0, 7), index=st.integers(0, 10**18 - 1), width=st.integers(1, 256))
@settings(deadline=None)
def test_every_path_is_read_back(level: int, index: int, width: int) -> None:
    assert parse_tile_path(tile_path(level, index, width)) == (level, index, width)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "0",
        "0/",
        "/000",
        "0/0",
        "0/00",
        "0/0000",
        "00/000",
        "01/000",
        "8/000",
        "63/000",
        "-1/000",
        "0/x000/001",
        "0/001/000",
        "0/x001",
        "0/x001/x000",
        "0/X001/000",
        "0/x1/000",
        "0/x001//000",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/257",
        "0/000.p/01",
        "0/000.p/-1",
        "0/000.p/",
        "0/000.p",
        "0/000p/1",
        "0/000.p/1/",
        "0/000/",
        " 0/000",
        "0/000\n",
        "0/\u0660\u0660\u0660",
        "0/00\uff10",
        "tile/0/000",
        "0/../000",
        "0/x001/x001/x001/x001/x001/x001/000",
    ],
)
def test_another_spelling_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="not a tile path"):
        parse_tile_path(path)


@given(st.text(alphabet="0123456789x/.p", max_size=20))
@settings(deadline=None, max_examples=500)
def test_what_is_read_has_one_spelling(path: str) -> None:
    try:
        found = parse_tile_path(path)
    except ValueError:
        return
    assert tile_path(*found) == path


def test_a_tree_of_70000_has_the_tiles_of_the_specification() -> None:
    tiles = grown(70_000)
    widths = {place: len(data) // 32 for place, data in tiles.items()}
    full = {(0, index): 256 for index in range(273)} | {(1, 0): 256}
    assert widths == full | {(0, 273): 112, (1, 1): 17, (2, 0): 1}
    assert tiles[0, 0] == b"".join(LEAVES[:256])
    assert tiles[1, 0][:32] == root(LEAVES[:256])
    assert tiles[2, 0] == root(LEAVES[: 256 * 256])


def test_a_tree_of_256_has_a_full_tile_and_one_hash_above() -> None:
    assert grown(256) == {(0, 0): b"".join(LEAVES[:256]), (1, 0): root(LEAVES[:256])}
    assert grown(0) == {}


# Around every size at which a tile fills up; two levels of it.
EDGES = [1, 2, 255, 256, 257, 511, 512, 513, 65535, 65536, 65537]


@given(cuts=st.lists(st.one_of(st.sampled_from(EDGES), st.integers(1, 3000)), max_size=12))
@settings(deadline=None, max_examples=40)
def test_batches_in_any_cut_grow_to_the_tiles_of_one_go(cuts: list[int]) -> None:
    cuts = sorted({*cuts, 1})
    assert grown(*cuts) == grown(cuts[-1])


def test_one_leaf_at_a_time_grows_to_the_tiles_of_one_go() -> None:
    assert grown(*range(1, 700)) == grown(699)


def test_a_batch_touches_only_the_tiles_that_grow() -> None:
    tiles = grown(600)
    assert set(extend(loader(tiles), 600, LEAVES[600:610])) == {(0, 2)}
    assert set(extend(loader(tiles), 600, LEAVES[600:768])) == {(0, 2), (1, 0)}
    assert extend(loader(tiles), 600, []) == {}


def test_a_batch_that_is_hashed_again_gives_the_same_tiles() -> None:
    once = extend(loader(grown(600)), 600, LEAVES[600:700])
    assert extend(loader(grown(700)), 600, LEAVES[600:700]) == once


@given(size=st.sampled_from([1, 255, 256, 257, 600, 65537, 70_000]), place=st.integers(0, 2**20))
@settings(deadline=None, max_examples=40)
def test_proofs_out_of_tiles_are_those_of_the_tree_in_memory(size: int, place: int) -> None:
    tiled, plain = tiled_reader(loader(TILES_70000)), PLAIN_70000
    index, old = place % size, place % size + 1
    assert root_at(tiled, size) == root_at(plain, size)
    assert inclusion_path(tiled, index, size) == inclusion_path(plain, index, size)
    assert consistency_path(tiled, old, size) == consistency_path(plain, old, size)


PLAIN_70000 = reader_of(LEAVES)
TILES_70000 = grown(70_000)


def test_a_tile_that_has_not_grown_gives_no_node() -> None:
    tile = b"".join(LEAVES[:5])
    assert node_from_tile(tile, 2, 0) == root(LEAVES[:4])
    assert node_from_tile(tile, 0, 4) == LEAVES[4]
    for level, index in ((0, 5), (1, 2), (2, 1), (3, 0)):
        with pytest.raises(ValueError, match="has not grown that far"):
            node_from_tile(tile, level, index)


@given(st.lists(st.binary(max_size=40), max_size=20))
@settings(deadline=None)
def test_an_entry_bundle_is_read_back(entries: list[bytes]) -> None:
    assert parse_entry_bundle(entry_bundle(entries)) == entries


def test_an_entry_bundle_has_big_endian_lengths_and_takes_the_longest_entry() -> None:
    assert entry_bundle([b"one", b""]) == b"\x00\x03one\x00\x00"
    longest = bytes(65535)
    assert parse_entry_bundle(entry_bundle([longest, b"x"])) == [longest, b"x"]
    with pytest.raises(OverflowError):
        entry_bundle([bytes(65536)])


@given(st.lists(st.binary(min_size=1, max_size=10), min_size=1, max_size=5), st.integers(1, 100))
@settings(deadline=None)
def test_a_bundle_cut_inside_an_entry_is_refused(entries: list[bytes], cut: int) -> None:
    data = entry_bundle(entries)
    kept = data[: len(data) - cut % len(data)] if cut % len(data) else data[:-1]
    ends = {len(entry_bundle(entries[:n])) for n in range(len(entries) + 1)}
    if len(kept) in ends:
        assert parse_entry_bundle(kept) == entries[: sorted(ends).index(len(kept))]
        return
    with pytest.raises(ValueError, match="ends inside an entry"):
        parse_entry_bundle(kept)


def test_leaf_hashes_of_a_bundle_are_the_level_0_tile() -> None:
    entries = [b"one", b"two", b"three"]
    tile = extend(loader({}), 0, [leaf_hash(entry) for entry in entries])[0, 0]
    found = [
        sha256(b"\x00" + entry).digest() for entry in parse_entry_bundle(entry_bundle(entries))
    ]
    assert tile == b"".join(found)
