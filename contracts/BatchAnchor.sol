// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IBatchAnchor} from "./IBatchAnchor.sol";
import {LogTree} from "./LogTree.sol";

/// @title BatchAnchor
/// @dev The promises are written in IBatchAnchor.
contract BatchAnchor is IBatchAnchor {
    /// @inheritdoc IBatchAnchor
    uint64 public constant REVIEW_WINDOW = 7 days;

    /// @notice How often roots of one ledger can be taken back.
    uint64 public constant MAX_ERAS = 64;

    /// @notice Bytes of a reason.
    uint256 public constant MAX_REASON = 256;

    /// @dev No clock of seconds shows as much before the year 5138.
    uint256 private constant MILLISECONDS_FROM = 10 ** 11;

    /// @dev What `anchor` reads and writes each time: one word.
    struct Head {
        address anchorer;
        uint64 size;
        uint8 era;
    }

    struct Keys {
        address owner;
        address guardian;
        address pendingAnchorer;
        address pendingOwner;
    }

    struct Batch {
        bytes32 root;
        uint64 time;
        uint64 previous;
    }

    /// @dev How an era began: sizes above `keptSize` in the eras before it are disowned.
    struct Beginning {
        uint64 keptSize;
        uint64 time;
        string reason;
    }

    /// @dev One ledger of one founder. A size has its root in the era in which it was anchored.
    struct Place {
        Head head;
        Keys keys;
        mapping(uint256 era => Beginning) beginnings;
        mapping(uint256 era => mapping(uint256 size => Batch)) batches;
    }

    mapping(bytes32 slot => Place) private _places;

    /// @inheritdoc IBatchAnchor
    function open(bytes32 ledgerId, address anchorer, address guardian) external {
        Place storage place = _place(msg.sender, ledgerId);
        if (place.keys.owner != address(0)) revert AlreadyOpen(msg.sender, ledgerId);
        if (anchorer == address(0)) revert ZeroAddress();
        place.keys.owner = msg.sender;
        place.keys.guardian = guardian;
        place.head.anchorer = anchorer;
        emit Opened(msg.sender, ledgerId, anchorer, guardian);
    }

    /// @inheritdoc IBatchAnchor
    function anchor(
        address founder,
        bytes32 ledgerId,
        uint64 size,
        bytes32 root,
        bytes32[] calldata consistency
    ) external {
        Place storage place = _place(founder, ledgerId);
        Head memory head = place.head;
        if (msg.sender != head.anchorer) {
            _demandOpen(place, founder, ledgerId);
            revert NotAnchorer(msg.sender);
        }
        if (root == bytes32(0)) revert ZeroRoot();
        if (size <= head.size) revert SizeNotGrowing(head.size, size);
        if (!_follows(place, head, size, root, consistency)) revert NotConsistent(head.size, size);
        place.batches[head.era][size] = Batch(root, _now(), head.size);
        place.head.size = size;
        emit Anchored(founder, ledgerId, size, root, head.era);
    }

    /// @inheritdoc IBatchAnchor
    function disown(
        address founder,
        bytes32 ledgerId,
        uint64 fromSize,
        string calldata reason
    ) external {
        Place storage place = _place(founder, ledgerId);
        _demandOwnerOrGuardian(place, founder, ledgerId);
        if (bytes(reason).length > MAX_REASON) revert LongReason(bytes(reason).length);
        uint256 era = place.head.era;
        if (era == MAX_ERAS) revert TooManyEras();
        Batch memory first = place.batches[_eraOf(place, era, fromSize)][fromSize];
        if (first.root == bytes32(0)) revert NothingStands(fromSize);
        uint64 time = _now();
        if (time - first.time >= REVIEW_WINDOW) revert AlreadyFinal(fromSize);
        place.beginnings[era + 1] = Beginning(first.previous, time, reason);
        place.head.size = first.previous;
        place.head.era = uint8(era + 1);
        emit Disowned(
            founder, ledgerId, uint64(era + 1), fromSize, first.previous, msg.sender, reason
        );
        _revoke(place, founder, ledgerId);
    }

    /// @inheritdoc IBatchAnchor
    function proposeAnchorer(address founder, bytes32 ledgerId, address proposed) external {
        Place storage place = _place(founder, ledgerId);
        _demandOwner(place, founder, ledgerId);
        if (proposed == address(0)) revert ZeroAddress();
        place.keys.pendingAnchorer = proposed;
        emit AnchorerProposed(founder, ledgerId, proposed);
    }

    /// @inheritdoc IBatchAnchor
    function acceptAnchorer(address founder, bytes32 ledgerId) external {
        Place storage place = _place(founder, ledgerId);
        if (msg.sender != place.keys.pendingAnchorer) revert NotProposed(msg.sender);
        emit AnchorerChanged(founder, ledgerId, place.head.anchorer, msg.sender);
        place.head.anchorer = msg.sender;
        place.keys.pendingAnchorer = address(0);
    }

    /// @inheritdoc IBatchAnchor
    function revokeAnchorer(address founder, bytes32 ledgerId) external {
        Place storage place = _place(founder, ledgerId);
        _demandOwnerOrGuardian(place, founder, ledgerId);
        _revoke(place, founder, ledgerId);
    }

    /// @inheritdoc IBatchAnchor
    function proposeOwner(address founder, bytes32 ledgerId, address proposed) external {
        Place storage place = _place(founder, ledgerId);
        _demandOwner(place, founder, ledgerId);
        place.keys.pendingOwner = proposed;
        emit OwnerProposed(founder, ledgerId, proposed);
    }

    /// @inheritdoc IBatchAnchor
    function acceptOwner(address founder, bytes32 ledgerId) external {
        Place storage place = _place(founder, ledgerId);
        if (msg.sender != place.keys.pendingOwner) revert NotProposed(msg.sender);
        emit OwnerChanged(founder, ledgerId, place.keys.owner, msg.sender);
        place.keys.owner = msg.sender;
        place.keys.pendingOwner = address(0);
    }

    /// @inheritdoc IBatchAnchor
    function status(
        address founder,
        bytes32 ledgerId,
        uint64 size
    ) external view returns (Status memory found) {
        Place storage place = _place(founder, ledgerId);
        Head memory head = place.head;
        found.era = head.era;
        found.headSize = head.size;
        found.headTime = place.batches[_eraOf(place, head.era, head.size)][head.size].time;
        found.timeNow = _now();
        uint256 era = _eraOf(place, head.era, size);
        Batch memory batch = place.batches[era][size];
        bool stands = batch.root != bytes32(0);
        // Whatever else was anchored at this size was so in an earlier era, and taken back.
        while (batch.root == bytes32(0) && era > 0) batch = place.batches[--era][size];
        if (batch.root == bytes32(0)) return found;
        (found.root, found.time, found.previous) = (batch.root, batch.time, batch.previous);
        if (!stands) {
            found.state = State.Disowned;
            found.disownedAt = place.beginnings[_endOf(place, era, size)].time;
        } else {
            bool settling = found.timeNow - batch.time < REVIEW_WINDOW;
            found.state = settling ? State.Settling : State.Final;
        }
    }

    /// @inheritdoc IBatchAnchor
    function disownedRoot(
        address founder,
        bytes32 ledgerId,
        uint64 size,
        bytes32 root
    ) external view returns (uint64 time, string memory reason) {
        Place storage place = _place(founder, ledgerId);
        if (root == bytes32(0)) return (0, "");
        for (uint256 era = _eraOf(place, place.head.era, size); era > 0; ) {
            if (place.batches[--era][size].root != root) continue;
            Beginning storage end = place.beginnings[_endOf(place, era, size)];
            return (end.time, end.reason);
        }
    }

    /// @inheritdoc IBatchAnchor
    function ledgerOf(
        address founder,
        bytes32 ledgerId
    ) external view returns (address, address, address, address, address) {
        Place storage place = _place(founder, ledgerId);
        Keys memory keys = place.keys;
        return (
            keys.owner, keys.guardian, place.head.anchorer, keys.pendingAnchorer, keys.pendingOwner
        );
    }

    /// @inheritdoc IBatchAnchor
    function verifyEntry(
        address founder,
        bytes32 ledgerId,
        uint64 size,
        uint64 index,
        bytes32 leafHash,
        bytes32[] calldata path
    ) external view returns (bool) {
        Place storage place = _place(founder, ledgerId);
        bytes32 root = place.batches[_eraOf(place, place.head.era, size)][size].root;
        if (root == bytes32(0)) return false;
        return LogTree.inclusion(index, size, root, leafHash, path);
    }

    function _place(address founder, bytes32 ledgerId) private view returns (Place storage) {
        return _places[keccak256(abi.encode(founder, ledgerId))];
    }

    /// @dev Seconds, whatever the chain counts in.
    function _now() private view returns (uint64) {
        uint256 time = block.timestamp;
        return uint64(time < MILLISECONDS_FROM ? time : time / 1000);
    }

    /// @dev The first root follows nothing, and shows no proof.
    function _follows(
        Place storage place,
        Head memory head,
        uint64 size,
        bytes32 root,
        bytes32[] calldata consistency
    ) private view returns (bool) {
        if (head.size == 0) return consistency.length == 0;
        bytes32 headRoot = place.batches[_eraOf(place, head.era, head.size)][head.size].root;
        return LogTree.extends(head.size, headRoot, size, root, consistency);
    }

    /// @dev The one era in which a root of this size can stand: the newest that began below it.
    function _eraOf(
        Place storage place,
        uint256 headEra,
        uint64 size
    ) private view returns (uint256 era) {
        era = headEra;
        while (era > 0 && size <= place.beginnings[era].keptSize) --era;
    }

    /// @dev The era whose beginning took back what was anchored at this size in an earlier one.
    function _endOf(
        Place storage place,
        uint256 era,
        uint64 size
    ) private view returns (uint256 end) {
        end = era + 1;
        while (size <= place.beginnings[end].keptSize) ++end;
    }

    function _revoke(Place storage place, address founder, bytes32 ledgerId) private {
        emit AnchorerChanged(founder, ledgerId, place.head.anchorer, address(0));
        place.head.anchorer = address(0);
        place.keys.pendingAnchorer = address(0);
    }

    function _demandOpen(
        Place storage place,
        address founder,
        bytes32 ledgerId
    ) private view returns (address owner) {
        owner = place.keys.owner;
        if (owner == address(0)) revert NotOpen(founder, ledgerId);
    }

    function _demandOwner(Place storage place, address founder, bytes32 ledgerId) private view {
        if (msg.sender != _demandOpen(place, founder, ledgerId)) revert NotOwner(msg.sender);
    }

    function _demandOwnerOrGuardian(
        Place storage place,
        address founder,
        bytes32 ledgerId
    ) private view {
        if (msg.sender == _demandOpen(place, founder, ledgerId)) return;
        if (msg.sender != place.keys.guardian) revert NotOwnerOrGuardian(msg.sender);
    }
}
