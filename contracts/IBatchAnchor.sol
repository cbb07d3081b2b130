// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Append-only batch roots of many ledgers
/// @notice A batch is named by (ledger id, epoch, tree size); its root is the RFC 9162 tree head of
/// the ledger's log at that size. A stored root is never changed or deleted by anyone. The owner of
/// a ledger chooses its anchorer and may start a new epoch; both leave an event. There is no
/// upgrade, no pause and no administrator of the contract.
/// @dev An inclusion path does not bind the tree size, so size and root are stored as one fact:
/// always verify against the size that is a key here, never against a size found in a proof.
interface IBatchAnchor {
    /// @notice The ledger id was opened before; the first caller keeps it.
    error AlreadyOpen(bytes32 ledgerId);
    /// @notice Nobody has opened this ledger id.
    error NotOpen(bytes32 ledgerId);
    /// @notice Only the owner of the ledger may do this.
    error NotOwner(bytes32 ledgerId, address caller);
    /// @notice Only the present anchorer of the ledger may do this.
    error NotAnchorer(bytes32 ledgerId, address caller);
    /// @notice Only the proposed anchorer may accept.
    error NotPendingAnchorer(bytes32 ledgerId, address caller);
    /// @notice The zero address cannot be an anchorer; use revokeAnchorer.
    error ZeroAnchorer();
    /// @notice The zero word means "nothing anchored" and cannot be a root.
    error ZeroRoot();
    /// @notice The size must be greater than the head of the present epoch.
    error SizeNotGrowing(bytes32 ledgerId, uint64 headSize, uint64 size);
    /// @notice An epoch starts from 0 or from a size that is anchored and not disowned.
    error NotGoodSize(bytes32 ledgerId, uint64 fromSize);

    /// @notice A ledger id now has an owner and an anchorer. Its epoch is 1, its size 0.
    event Opened(bytes32 indexed ledgerId, address indexed owner, address indexed anchorer);
    /// @notice A batch root is stored, for good.
    event Anchored(
        bytes32 indexed ledgerId,
        uint64 indexed epoch,
        uint64 indexed size,
        bytes32 root,
        address anchorer
    );
    /// @notice The owner named the next anchorer, who has not accepted yet.
    event AnchorerProposed(bytes32 indexed ledgerId, address indexed proposed);
    /// @notice The anchorer of a ledger is now `current`; zero: nobody may anchor.
    event AnchorerChanged(
        bytes32 indexed ledgerId,
        address indexed previous,
        address indexed current
    );
    /// @notice Every size above `fromSize` in the epochs before `epoch` is disowned.
    event EpochStarted(
        bytes32 indexed ledgerId,
        uint64 indexed epoch,
        uint64 fromSize,
        string reason
    );

    /// @notice Opens a ledger id, once; the caller becomes its owner.
    /// @dev Ids are first come, first served: open before the genesis record is published.
    /// @param ledgerId SHA-256 of the canonical genesis body.
    /// @param anchorer The key that will anchor; keep it apart from the owner's key.
    function open(bytes32 ledgerId, address anchorer) external;

    /// @notice Stores the root of the ledger's log at `size`, in the present epoch.
    /// @param ledgerId An open ledger whose anchorer is the caller.
    /// @param size Number of log entries under the root; greater than the head's.
    /// @param root RFC 9162 SHA-256 tree head; not zero.
    function anchor(bytes32 ledgerId, uint64 size, bytes32 root) external;

    /// @notice First step of a rotation, by the owner. Proposing again replaces the proposal.
    function proposeAnchorer(bytes32 ledgerId, address proposed) external;

    /// @notice Second step of a rotation, by the proposed key: proves that somebody holds it.
    function acceptAnchorer(bytes32 ledgerId) external;

    /// @notice Takes the right to anchor from the present and the proposed key, at once.
    function revokeAnchorer(bytes32 ledgerId) external;

    /// @notice The owner's way out when a leaked anchorer key has anchored false sizes: goes on
    /// from the last good size in a new epoch. The disowned roots stay readable.
    /// @param fromSize 0 or an anchored size that is not disowned.
    /// @param reason Free text for those who will ask.
    function startEpoch(bytes32 ledgerId, uint64 fromSize, string calldata reason) external;

    /// @notice Everything about one batch and the head, as one view of one block.
    /// @return root The stored root, zero if none.
    /// @return disowned True if a later epoch started from below `size`.
    /// @return headSize Greatest good size, or the start of the epoch if it is still empty.
    /// @return headEpoch The present epoch; 0 if the ledger is not open.
    /// @return headBlock Block of the last opening, anchor or epoch start.
    /// @return blockNow This block; compare it with headBlock only.
    function status(
        bytes32 ledgerId,
        uint64 epoch,
        uint64 size
    )
        external
        view
        returns (
            bytes32 root,
            bool disowned,
            uint64 headSize,
            uint64 headEpoch,
            uint64 headBlock,
            uint64 blockNow
        );

    /// @notice The keys of a ledger; all zero if it is not open.
    function ledgerOf(
        bytes32 ledgerId
    ) external view returns (address owner, address anchorer, address pendingAnchorer);

    /// @notice Whether an entry is in a batch, by RFC 9162 section 2.1.3.2. The size is the key of
    /// the stored root; an unknown or disowned batch holds nothing.
    /// @param index Position of the entry in the log, from 0.
    /// @param leafHash SHA-256(0x00 || entry). Hash the entry yourself: an inner node of the tree
    /// given as a leaf hash proves no entry.
    /// @param path Inclusion path, from the leaf's sibling up.
    function verifyEntry(
        bytes32 ledgerId,
        uint64 epoch,
        uint64 size,
        uint64 index,
        bytes32 leafHash,
        bytes32[] calldata path
    ) external view returns (bool);
}
