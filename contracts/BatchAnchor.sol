// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IBatchAnchor} from "./IBatchAnchor.sol";

/// @title BatchAnchor
/// @dev The promises are written in IBatchAnchor.
contract BatchAnchor is IBatchAnchor {
    struct Keys {
        address owner;
        address anchorer;
        address pendingAnchorer;
    }

    /// @dev One slot. `batches` counts the anchors of all epochs.
    struct Head {
        uint64 size;
        uint64 atBlock;
        uint64 epoch;
        uint64 batches;
    }

    mapping(bytes32 ledgerId => Keys) private _keys;
    mapping(bytes32 ledgerId => Head) private _heads;
    /// @dev The size each epoch went on from; unset (0) for the first.
    mapping(bytes32 ledgerId => mapping(uint64 epoch => uint64 fromSize)) private _starts;
    mapping(bytes32 ledgerId => mapping(uint64 epoch => mapping(uint64 size => bytes32 root)))
        private _roots;

    modifier onlyOwner(bytes32 ledgerId) {
        address owner = _keys[ledgerId].owner;
        if (owner == address(0)) revert NotOpen(ledgerId);
        if (msg.sender != owner) revert NotOwner(ledgerId, msg.sender);
        _;
    }

    /// @inheritdoc IBatchAnchor
    function open(bytes32 ledgerId, address anchorer) external {
        if (_keys[ledgerId].owner != address(0)) revert AlreadyOpen(ledgerId);
        if (anchorer == address(0)) revert ZeroAnchorer();
        _keys[ledgerId] = Keys(msg.sender, anchorer, address(0));
        _heads[ledgerId] = Head(0, uint64(block.number), 1, 0);
        emit Opened(ledgerId, msg.sender, anchorer);
    }

    /// @inheritdoc IBatchAnchor
    function anchor(bytes32 ledgerId, uint64 size, bytes32 root) external {
        Head memory head = _heads[ledgerId];
        if (head.epoch == 0) revert NotOpen(ledgerId);
        if (msg.sender != _keys[ledgerId].anchorer) revert NotAnchorer(ledgerId, msg.sender);
        if (root == bytes32(0)) revert ZeroRoot();
        if (size <= head.size) revert SizeNotGrowing(ledgerId, head.size, size);
        _roots[ledgerId][head.epoch][size] = root;
        _heads[ledgerId] = Head(size, uint64(block.number), head.epoch, head.batches + 1);
        emit Anchored(ledgerId, head.epoch, size, root, msg.sender);
    }

    /// @inheritdoc IBatchAnchor
    function proposeAnchorer(bytes32 ledgerId, address proposed) external onlyOwner(ledgerId) {
        if (proposed == address(0)) revert ZeroAnchorer();
        _keys[ledgerId].pendingAnchorer = proposed;
        emit AnchorerProposed(ledgerId, proposed);
    }

    /// @inheritdoc IBatchAnchor
    function acceptAnchorer(bytes32 ledgerId) external {
        Keys storage keys = _keys[ledgerId];
        if (msg.sender != keys.pendingAnchorer) revert NotPendingAnchorer(ledgerId, msg.sender);
        emit AnchorerChanged(ledgerId, keys.anchorer, msg.sender);
        keys.anchorer = msg.sender;
        keys.pendingAnchorer = address(0);
    }

    /// @inheritdoc IBatchAnchor
    function revokeAnchorer(bytes32 ledgerId) external onlyOwner(ledgerId) {
        Keys storage keys = _keys[ledgerId];
        emit AnchorerChanged(ledgerId, keys.anchorer, address(0));
        keys.anchorer = address(0);
        keys.pendingAnchorer = address(0);
    }

    /// @inheritdoc IBatchAnchor
    function startEpoch(
        bytes32 ledgerId,
        uint64 fromSize,
        string calldata reason
    ) external onlyOwner(ledgerId) {
        Head memory head = _heads[ledgerId];
        if (fromSize != 0 && !_isGood(ledgerId, head.epoch, fromSize)) {
            revert NotGoodSize(ledgerId, fromSize);
        }
        uint64 epoch = head.epoch + 1;
        _starts[ledgerId][epoch] = fromSize;
        _heads[ledgerId] = Head(fromSize, uint64(block.number), epoch, head.batches);
        emit EpochStarted(ledgerId, epoch, fromSize, reason);
    }

    /// @inheritdoc IBatchAnchor
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
        )
    {
        Head memory head = _heads[ledgerId];
        root = _roots[ledgerId][epoch][size];
        disowned = _isDisowned(ledgerId, head.epoch, epoch, size);
        (headSize, headEpoch, headBlock) = (head.size, head.epoch, head.atBlock);
        blockNow = uint64(block.number);
    }

    /// @inheritdoc IBatchAnchor
    function ledgerOf(
        bytes32 ledgerId
    ) external view returns (address owner, address anchorer, address pendingAnchorer) {
        Keys storage keys = _keys[ledgerId];
        return (keys.owner, keys.anchorer, keys.pendingAnchorer);
    }

    /// @inheritdoc IBatchAnchor
    function verifyEntry(
        bytes32 ledgerId,
        uint64 epoch,
        uint64 size,
        uint64 index,
        bytes32 leafHash,
        bytes32[] calldata path
    ) external view returns (bool) {
        bytes32 root = _roots[ledgerId][epoch][size];
        if (root == bytes32(0) || index >= size) return false;
        if (_isDisowned(ledgerId, _heads[ledgerId].epoch, epoch, size)) return false;
        uint64 fn = index;
        uint64 sn = size - 1;
        bytes32 hash = leafHash;
        for (uint256 i = 0; i < path.length; i++) {
            if (sn == 0) return false;
            if (fn & 1 == 1 || fn == sn) {
                hash = sha256(abi.encodePacked(bytes1(0x01), path[i], hash));
                while (fn & 1 == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                hash = sha256(abi.encodePacked(bytes1(0x01), hash, path[i]));
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && hash == root;
    }

    /// @dev A batch lives on through a later epoch only if that epoch started at or above it.
    function _isDisowned(
        bytes32 ledgerId,
        uint64 headEpoch,
        uint64 epoch,
        uint64 size
    ) private view returns (bool) {
        for (uint64 later = headEpoch; later > epoch; later--) {
            if (size > _starts[ledgerId][later]) return true;
        }
        return false;
    }

    /// @dev Walks back while every epoch in between keeps the size.
    function _isGood(
        bytes32 ledgerId,
        uint64 headEpoch,
        uint64 size
    ) private view returns (bool) {
        for (uint64 epoch = headEpoch; epoch > 0; epoch--) {
            if (_roots[ledgerId][epoch][size] != bytes32(0)) return true;
            if (size > _starts[ledgerId][epoch]) return false;
        }
        return false;
    }
}
