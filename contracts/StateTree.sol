// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Membership in a Merkle Patricia tree over byte keys
/// @dev The encoding of torchwood's `mpt`, as in ledger/core/trees/patricia.py:
///
///     leaf   SHA-256(0x00 || varint len(key) || key || varint len(value) || value)
///     inner  SHA-256(0x01 || varint bit || left || right)
///
/// A path is varint(bit) || sibling for each inner node above the leaf, the lowest first.
library StateTree {
    /// @dev Five bytes of seven bits, as many as the ledger's own reader takes.
    uint256 private constant LAST_SHIFT = 28;

    /// @notice Whether the tree of this root holds the key with the value. False for a path that
    /// is cut, has a padded or long number, or whose bits do not fall.
    function holds(
        bytes32 root,
        bytes memory key,
        bytes memory value,
        bytes calldata path
    ) internal pure returns (bool) {
        bytes32 hash = sha256(
            abi.encodePacked(bytes1(0x00), varint(key.length), key, varint(value.length), value)
        );
        uint256 below = type(uint256).max;
        uint256 at = 0;
        while (at < path.length) {
            (uint256 bit, uint256 end) = _readVarint(path, at);
            if (end == 0 || bit >= below || path.length - end < 32) return false;
            bytes calldata number = path[at:end];
            bytes32 sibling = bytes32(path[end:end + 32]);
            hash = _isSet(key, bit)
                ? sha256(abi.encodePacked(bytes1(0x01), number, sibling, hash))
                : sha256(abi.encodePacked(bytes1(0x01), number, hash, sibling));
            below = bit;
            at = end + 32;
        }
        return hash == root;
    }

    /// @notice Seven bits a byte, lowest first; the top bit says that more follow.
    function varint(uint256 number) internal pure returns (bytes memory out) {
        while (number >= 0x80) {
            out = bytes.concat(out, bytes1(uint8(number) | 0x80));
            number >>= 7;
        }
        return bytes.concat(out, bytes1(uint8(number)));
    }

    /// @dev The number at a place and the place after it; (0, 0) if it is cut, long or padded.
    function _readVarint(
        bytes calldata data,
        uint256 at
    ) private pure returns (uint256 number, uint256 end) {
        for (uint256 shift = 0; shift <= LAST_SHIFT && at < data.length; shift += 7) {
            uint256 next = uint8(data[at++]);
            number |= (next & 0x7f) << shift;
            if (next < 0x80) return next == 0 && shift > 0 ? (0, 0) : (number, at);
        }
        return (0, 0);
    }

    /// @dev A key is read as if 0x00 and then 0xff for ever followed it.
    function _isSet(bytes memory key, uint256 bit) private pure returns (bool) {
        uint256 place = bit >> 3;
        if (place >= key.length) return place > key.length;
        return (uint8(key[place]) >> (7 - (bit & 7))) & 1 == 1;
    }
}
