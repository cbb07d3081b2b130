// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IBatchAnchor} from "./IBatchAnchor.sol";

/// @title What the state tree of an anchored batch says
/// @notice Checks totals and statuses against one BatchAnchor contract, for other contracts and
/// for whoever asks a node. It keeps nothing, and nobody has a right over it.
/// @dev The ways of a proof: a value leads by its path in the state tree to the state root; the
/// batch's last entry, its seal, names that root; the seal leads by its RFC 9162 path to the root
/// that BatchAnchor holds for the batch's size. The bytes of the seal and of the values are never
/// taken from the caller: they are written here from typed fields, in their one canonical
/// spelling (RFC 8785), so that no other entry or value can be passed off as one.
///
/// A caller pins founder and ledger id, and this contract by its address. A true answer is as of the
/// batch's end: compare the seal's time, or the size with the head size of BatchAnchor.status,
/// before calling it news. It shows that the ledger committed to the value, not that the value is
/// the right sum.
interface IStateVerifier {
    /// @notice The address given to the constructor runs no contract.
    error NotAContract(address batchAnchor);

    /// @notice What can be said of a record.
    enum Word {
        Recorded,
        Disputed,
        Amended,
        Void
    }

    /// @notice A batch as BatchAnchor names it.
    /// @param size Number of log entries up to and including the batch's seal.
    struct Batch {
        address founder;
        bytes32 ledgerId;
        uint64 size;
    }

    /// @notice The fields of the entry that closes a batch, and its way to the batch's root. The
    /// entry's index is no field: it is the batch's size less one.
    /// @param acceptedAt The entry's time, Unix seconds.
    /// @param number The batch's number, from 1.
    /// @param sealedAt The seal's time, Unix seconds.
    /// @param stateRoot Root of the state tree after everything before the seal.
    /// @param charter Hash of the newest charter before the seal.
    /// @param path RFC 9162 inclusion path, from the leaf's sibling up.
    struct Seal {
        uint64 acceptedAt;
        uint64 number;
        uint64 sealedAt;
        bytes32 stateRoot;
        bytes32 charter;
        bytes32[] path;
    }

    /// @notice The totals of an address. Hours of the two classes are never added up.
    /// @param creditMinutes Minutes of clocked service that count.
    /// @param honourMinutes Minutes of back-filled service that count.
    /// @param voidedMinutes Minutes that were voided.
    /// @param minted Whole yibi earned by credit minutes.
    /// @param received Whole yibi received from others.
    /// @param sent Whole yibi sent to others.
    /// @param entries Number of log entries that concern the address.
    /// @param head Hash chain over the leaf hashes of those entries.
    /// @param opening What opens the leaf of these totals, as a statement of the account has it.
    struct Totals {
        uint64 creditMinutes;
        uint64 honourMinutes;
        uint64 voidedMinutes;
        uint64 minted;
        uint64 received;
        uint64 sent;
        uint64 entries;
        bytes32 head;
        bytes32 opening;
    }

    /// @notice What became of a record.
    /// @param word Recorded stands here only after an objection was rejected.
    /// @param changedBy Id of the record that brought the status about, never zero.
    /// @param opening What opens the leaf of this status, as a proof of the record has it.
    struct Status {
        Word word;
        bytes32 changedBy;
        bytes32 opening;
    }

    /// @notice The contract whose roots are believed.
    function batchAnchor() external view returns (IBatchAnchor);

    /// @notice Whether a batch commits to exactly these totals of an address. False for a batch
    /// that is unknown or disowned, and for anything malformed.
    /// @param path Siblings from the leaf of the account to the state root, each as
    /// varint(bit) || hash, the bits strictly falling, out of the `proof` of an account statement.
    function verifyAccount(
        Batch calldata batch,
        Seal calldata seal,
        address account,
        Totals calldata totals,
        bytes calldata path
    ) external view returns (bool);

    /// @notice Whether a batch commits to exactly this status of a record that something changed.
    /// False as above. That nothing changed it is the absence of a leaf, and is not proved here:
    /// whoever wants to know asks a verifier of whole proofs.
    /// @param subject Whom the record is about: the volunteer of a service or certificate.
    /// @param path As above, from the leaf of the status.
    function verifyChanged(
        Batch calldata batch,
        Seal calldata seal,
        address subject,
        bytes32 recordId,
        Status calldata status,
        bytes calldata path
    ) external view returns (bool);
}
