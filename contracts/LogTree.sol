// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Proofs in an append-only log's tree (RFC 9162), on the chain's SHA-256
/// @dev `inclusion` is section 2.1.3.2 and `extends` section 2.1.4.2, step by step.
library LogTree {
    /// @notice The chain has no SHA-256 where every EVM has it.
    error NoSha256();

    /// @dev Precompiled contract of FIPS 180-4 SHA-256.
    uint256 private constant SHA256 = 2;

    /// @notice Whether the tree of this size and root has the leaf hash at the index.
    function inclusion(
        uint64 index,
        uint64 size,
        bytes32 root,
        bytes32 leafHash,
        bytes32[] calldata path
    ) internal view returns (bool) {
        if (index >= size) return false;
        (uint256 fn, uint256 sn) = (index, size - 1);
        bytes32 hash = leafHash;
        for (uint256 i = 0; i < path.length; ++i) {
            if (sn == 0) return false;
            if (fn & 1 == 1 || fn == sn) {
                hash = _node(_at(path, i), hash);
                while (fn & 1 == 0 && fn != 0) (fn, sn) = (fn >> 1, sn >> 1);
            } else {
                hash = _node(hash, _at(path, i));
            }
            (fn, sn) = (fn >> 1, sn >> 1);
        }
        return sn == 0 && hash == root;
    }

    /// @notice Whether the tree of `size` and `root` has all leaves of the tree of `first` and
    /// `firstRoot` before its own, in the same places. Asked for 0 < first < size.
    function extends(
        uint64 first,
        bytes32 firstRoot,
        uint64 size,
        bytes32 root,
        bytes32[] calldata path
    ) internal view returns (bool) {
        (uint256 fn, uint256 sn) = (first - 1, size - 1);
        while (fn & 1 == 1) (fn, sn) = (fn >> 1, sn >> 1);
        // A first tree that is whole is a node of the second, and is not repeated in the path.
        bool whole = fn == 0;
        if (path.length == 0) return false;
        bytes32 older = whole ? firstRoot : path[0];
        bytes32 newer = older;
        for (uint256 i = whole ? 0 : 1; i < path.length; ++i) {
            if (sn == 0) return false;
            bytes32 sibling = _at(path, i);
            if (fn & 1 == 1 || fn == sn) {
                older = _node(sibling, older);
                newer = _node(sibling, newer);
                while (fn & 1 == 0 && fn != 0) (fn, sn) = (fn >> 1, sn >> 1);
            } else {
                newer = _node(newer, sibling);
            }
            (fn, sn) = (fn >> 1, sn >> 1);
        }
        return sn == 0 && older == firstRoot && newer == root;
    }

    /// @dev A hash of the path, without Solidity's question whether there is one: the loops know.
    function _at(bytes32[] calldata path, uint256 i) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            hash := calldataload(add(path.offset, shl(5, i)))
        }
    }

    /// @dev SHA-256(0x01 || left || right), written over memory that nobody uses. In Solidity's own
    /// words it takes three times the gas.
    function _node(bytes32 left, bytes32 right) private view returns (bytes32 hash) {
        uint256 done;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 1)
            mstore(add(free, 1), left)
            mstore(add(free, 33), right)
            done := staticcall(gas(), SHA256, free, 65, 0, 32)
            // An address without code takes every call and returns nothing.
            done := and(done, eq(returndatasize(), 32))
            hash := mload(0)
        }
        if (done == 0) revert NoSha256();
    }
}
