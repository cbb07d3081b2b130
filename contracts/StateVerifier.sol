// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CanonicalJson} from "./CanonicalJson.sol";
import {IBatchAnchor} from "./IBatchAnchor.sol";
import {IStateVerifier} from "./IStateVerifier.sol";
import {StateTree} from "./StateTree.sol";

/// @title StateVerifier
/// @dev The promises are written in IStateVerifier.
contract StateVerifier is IStateVerifier {
    /// @dev As every reader of the ledger's proofs takes them.
    uint256 private constant FLAGS_MAX = 64;
    uint256 private constant FLAG_BYTES_MAX = 32;

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
        bytes memory key = abi.encodePacked("account/", account);
        bytes memory value = CanonicalJson.totalsValue(totals);
        return StateTree.holds(seal.stateRoot, key, value, path) && _isSealedBy(batch, seal);
    }

    /// @inheritdoc IStateVerifier
    function verifyStatus(
        Batch calldata batch,
        Seal calldata seal,
        bytes32 recordId,
        Status calldata status,
        bytes calldata path
    ) external view returns (bool) {
        if (!_fit(status)) return false;
        bytes memory key = abi.encodePacked("record/", recordId);
        bytes memory value = CanonicalJson.statusValue(status);
        return StateTree.holds(seal.stateRoot, key, value, path) && _isSealedBy(batch, seal);
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

    /// @dev A flag's characters are checked because they are written as they are: a quotation mark
    /// inside one could pass two flags off as one.
    function _fit(Status calldata status) private pure returns (bool) {
        if ((status.word == Word.Recorded) != (status.changedBy == bytes32(0))) return false;
        if (status.flags.length > FLAGS_MAX) return false;
        for (uint256 i = 0; i < status.flags.length; i++) {
            if (!_isFlag(bytes(status.flags[i]))) return false;
        }
        return true;
    }

    function _isFlag(bytes calldata flag) private pure returns (bool) {
        if (flag.length == 0 || flag.length > FLAG_BYTES_MAX || flag[0] == "_") return false;
        for (uint256 i = 0; i < flag.length; i++) {
            if ((flag[i] < "A" || flag[i] > "Z") && flag[i] != "_") return false;
        }
        return true;
    }
}
