// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Append-only batch roots of many ledgers
/// @notice A batch is named by (founder, ledger id, tree size); its root is the RFC 9162 tree head of
/// the ledger's log at that size. A root is stored only with a proof that its log extends the one of
/// the root before. For REVIEW_WINDOW the owner or the guardian may take it back, visibly; then it is
/// final for everybody, them included. A stored root is never changed or deleted by anyone. There is
/// no upgrade, no pause and no administrator of the contract.
/// @dev An inclusion path does not bind the tree size, so size and root are stored as one fact:
/// always verify against the size that is a key here, never against a size found in a proof. Times
/// are Unix seconds, on chains that count milliseconds too.
interface IBatchAnchor {
    /// @notice What holds of a size. `Absent`: nothing, or nothing any more that was not taken back.
    enum State {
        Absent,
        Settling,
        Final,
        Disowned
    }

    /// @notice What is known of a ledger at one size, as one view of one block.
    /// @param root The root that stands; if none does, the newest that was taken back; else zero.
    /// @param time When that root was stored.
    /// @param previous The size anchored before it, on which it was checked; 0 for the first.
    /// @param state What holds of that root.
    /// @param disownedAt When it was taken back; 0 if it was not.
    /// @param headSize The greatest size that stands; 0 for none.
    /// @param headTime When the root of that size was stored.
    /// @param era Number of times that roots of this ledger were taken back.
    /// @param timeNow This block's time.
    struct Status {
        bytes32 root;
        uint64 time;
        uint64 previous;
        State state;
        uint64 disownedAt;
        uint64 headSize;
        uint64 headTime;
        uint64 era;
        uint64 timeNow;
    }

    /// @notice The caller opened this ledger id before.
    error AlreadyOpen(address founder, bytes32 ledgerId);
    /// @notice Nobody has opened this ledger id as this founder.
    error NotOpen(address founder, bytes32 ledgerId);
    /// @notice Only the owner of the ledger may do this.
    error NotOwner(address caller);
    /// @notice Only the owner or the guardian of the ledger may do this.
    error NotOwnerOrGuardian(address caller);
    /// @notice Only the present anchorer of the ledger may do this.
    error NotAnchorer(address caller);
    /// @notice Only the proposed key may accept.
    error NotProposed(address caller);
    /// @notice The zero address cannot be an anchorer or an owner.
    error ZeroAddress();
    /// @notice The zero word means "nothing anchored" and cannot be a root.
    error ZeroRoot();
    /// @notice The size must be greater than the head's.
    error SizeNotGrowing(uint64 headSize, uint64 size);
    /// @notice The log under the root does not extend the log of the head, or the proof of it is bad.
    error NotConsistent(uint64 headSize, uint64 size);
    /// @notice Nothing stands at this size that could be taken back.
    error NothingStands(uint64 size);
    /// @notice What is older than REVIEW_WINDOW stays.
    error AlreadyFinal(uint64 size);
    /// @notice No more than MAX_ERAS times.
    error TooManyEras();
    /// @notice A reason has at most MAX_REASON bytes.
    error LongReason(uint256 length);

    /// @notice A founder's ledger id now has an owner (the founder), an anchorer and a guardian.
    event Opened(
        address indexed founder,
        bytes32 indexed ledgerId,
        address anchorer,
        address guardian
    );
    /// @notice A batch root is stored, for good.
    event Anchored(
        address indexed founder,
        bytes32 indexed ledgerId,
        uint64 indexed size,
        bytes32 root,
        uint64 era
    );
    /// @notice Every size from `fromSize` on is taken back; `headSize` is the head again.
    event Disowned(
        address indexed founder,
        bytes32 indexed ledgerId,
        uint64 indexed era,
        uint64 fromSize,
        uint64 headSize,
        address by,
        string reason
    );
    /// @notice The owner named the next anchorer, who has not accepted yet.
    event AnchorerProposed(address indexed founder, bytes32 indexed ledgerId, address proposed);
    /// @notice The anchorer of a ledger is now `current`; zero: nobody may anchor.
    event AnchorerChanged(
        address indexed founder,
        bytes32 indexed ledgerId,
        address previous,
        address current
    );
    /// @notice The owner named the next owner, who has not accepted yet; zero: nobody any more.
    event OwnerProposed(address indexed founder, bytes32 indexed ledgerId, address proposed);
    /// @notice The owner of a ledger is now `current`. Its founder stays who it was.
    event OwnerChanged(
        address indexed founder,
        bytes32 indexed ledgerId,
        address previous,
        address current
    );

    /// @notice Seconds for which a root may be taken back.
    function REVIEW_WINDOW() external view returns (uint64);

    /// @notice Opens a ledger id as the caller's own, once: he is its founder and first owner.
    /// Somebody else who opens the same id has another place, which nobody takes for this one.
    /// @param ledgerId SHA-256 of the canonical genesis body.
    /// @param anchorer The key that will anchor; keep it apart from the owner's key.
    /// @param guardian Who may take back besides the owner, for good; zero for nobody.
    function open(bytes32 ledgerId, address anchorer, address guardian) external;

    /// @notice Stores the root of the ledger's log at `size`. By its anchorer.
    /// @param size Number of log entries under the root; greater than the head's.
    /// @param root RFC 9162 SHA-256 tree head; not zero.
    /// @param consistency RFC 9162 section 2.1.4 proof from the head to this root; empty if there is
    /// no head.
    function anchor(
        address founder,
        bytes32 ledgerId,
        uint64 size,
        bytes32 root,
        bytes32[] calldata consistency
    ) external;

    /// @notice Takes back the root of `fromSize` and all above it, and the anchorer's right with
    /// them. By the owner or the guardian, while `fromSize` is not final. The head falls back to the
    /// size before; roots that were taken back stay readable, and their sizes may be anchored anew.
    /// @param fromSize The smallest size that is taken back; its root stands.
    /// @param reason For those who will ask; whoever shows it treats it as a stranger's text.
    function disown(
        address founder,
        bytes32 ledgerId,
        uint64 fromSize,
        string calldata reason
    ) external;

    /// @notice First step of a rotation, by the owner. Proposing again replaces the proposal.
    function proposeAnchorer(address founder, bytes32 ledgerId, address proposed) external;

    /// @notice Second step of a rotation, by the proposed key: proves that somebody holds it.
    function acceptAnchorer(address founder, bytes32 ledgerId) external;

    /// @notice Takes the right to anchor from the present and the proposed key, at once. By the owner
    /// or the guardian.
    function revokeAnchorer(address founder, bytes32 ledgerId) external;

    /// @notice First step of handing the ledger over, by the owner; zero takes a proposal back.
    function proposeOwner(address founder, bytes32 ledgerId, address proposed) external;

    /// @notice Second step, by the proposed owner.
    function acceptOwner(address founder, bytes32 ledgerId) external;

    /// @notice Everything about one size and the head.
    function status(
        address founder,
        bytes32 ledgerId,
        uint64 size
    ) external view returns (Status memory);

    /// @notice When and why a root was taken back, for one that does not stand: a size may have been
    /// anchored anew with another. Zero and empty if this root was never taken back.
    function disownedRoot(
        address founder,
        bytes32 ledgerId,
        uint64 size,
        bytes32 root
    ) external view returns (uint64 time, string memory reason);

    /// @notice The keys of a ledger; all zero if it is not open.
    function ledgerOf(
        address founder,
        bytes32 ledgerId
    )
        external
        view
        returns (
            address owner,
            address guardian,
            address anchorer,
            address pendingAnchorer,
            address pendingOwner
        );

    /// @notice Whether an entry is in a batch that stands, by RFC 9162 section 2.1.3.2. The size is
    /// the key of the stored root. A batch that stands may still be taken back: see `status`.
    /// @param index Position of the entry in the log, from 0.
    /// @param leafHash SHA-256(0x00 || entry). Hash the entry yourself: an inner node of the tree
    /// given as a leaf hash proves no entry.
    /// @param path Inclusion path, from the leaf's sibling up.
    function verifyEntry(
        address founder,
        bytes32 ledgerId,
        uint64 size,
        uint64 index,
        bytes32 leafHash,
        bytes32[] calldata path
    ) external view returns (bool);
}
