// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CanonicalJson} from "./CanonicalJson.sol";
import {IBatchAnchor} from "./IBatchAnchor.sol";
import {IStateVerifier} from "./IStateVerifier.sol";
import {StateTree} from "./StateTree.sol";

/// @title StateVerifier
/// @dev The promises are written in IStateVerifier.
contract StateVerifier is IStateVerifier {
    /// @inheritdoc IStateVerifier
    IBatchAnchor public immutable batchAnchor;

    /// @param anchor The BatchAnchor contract to believe; nobody can change it.
    constructor(IBatchAnchor anchor) {
        if (address(anchor).code.length == 0) revert NotAContract(address(anchor));
        batchAnchor = anchor;
    }

    /// @inheritdoc IStateVerifier
    function verifyAccount(
        Batch calldata batch,
        Seal calldata seal,
        address account,
        Totals calldata totals,
        bytes calldata path
    ) external view returns (bool) {
        if (!_fit(totals)) return false;
        bytes memory key = abi.encodePacked(sha256(abi.encodePacked(hex"0d01", account)));
        bytes memory value = _hidden(totals.opening, CanonicalJson.totalsValue(totals));
        return StateTree.holds(seal.stateRoot, key, value, path) && _isSealedBy(batch, seal);
    }

    /// @inheritdoc IStateVerifier
    function verifyChanged(
        Batch calldata batch,
        Seal calldata seal,
        address subject,
        bytes32 recordId,
        Status calldata status,
        bytes calldata path
    ) external view returns (bool) {
        if (status.changedBy == bytes32(0)) return false;
        bytes8 person = bytes8(sha256(abi.encodePacked(hex"0d03", subject)));
        bytes32 mine = sha256(abi.encodePacked(hex"0d04", subject, recordId));
        bytes memory key = abi.encodePacked(person, mine);
        bytes memory value = _hidden(status.opening, CanonicalJson.statusValue(status));
        return StateTree.holds(seal.stateRoot, key, value, path) && _isSealedBy(batch, seal);
    }

    /// @dev The value of a leaf, from what it states and what opens it.
    function _hidden(bytes32 opening, bytes memory stated) private pure returns (bytes memory) {
        return abi.encodePacked(sha256(abi.encodePacked(bytes1(0x09), opening, stated)));
    }

    /// @dev Whether the last entry of an anchored batch is this seal.
    function _isSealedBy(Batch calldata batch, Seal calldata seal) private view returns (bool) {
        if (batch.size == 0 || seal.number == 0) return false;
        uint64 index = batch.size - 1;
        uint256 widest = index | seal.acceptedAt | seal.number | seal.sealedAt;
        if (widest > CanonicalJson.INTEGER_MAX) return false;
        bytes memory entry = CanonicalJson.sealEntry(index, seal);
        bytes32 leaf = sha256(abi.encodePacked(bytes1(0x00), entry));
        return batchAnchor.verifyEntry(
            batch.founder, batch.ledgerId, batch.size, index, leaf, seal.path
        );
    }

    /// @dev INTEGER_MAX is all ones, so a number above it shows in the union of all.
    function _fit(Totals calldata totals) private pure returns (bool) {
        uint64 time = totals.creditMinutes | totals.honourMinutes | totals.voidedMinutes;
        uint64 coins = totals.minted | totals.received | totals.sent;
        return (time | coins | totals.entries) <= CanonicalJson.INTEGER_MAX;
    }
}
