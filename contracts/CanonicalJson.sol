// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IStateVerifier} from "./IStateVerifier.sol";

/// @title The canonical bytes (RFC 8785) of what the verifier knows by its fields
/// @dev Members stand in the order of their names, there is no white space, and an integer has one
/// spelling: so two different sets of fields never give the same bytes. The caller checks integers,
/// of which the format knows none above INTEGER_MAX.
library CanonicalJson {
    /// @dev 2^53 - 1, the largest integer that every JSON reader keeps exactly (RFC 7493 2.2).
    uint256 internal constant INTEGER_MAX = 2 ** 53 - 1;

    /// @dev A word whose 32 bytes are all 1.
    uint256 private constant ONES = type(uint256).max / 0xff;
    /// @dev From the character after "9" to "a".
    uint256 private constant TO_LETTERS = 0x27;

    /// @notice The log entry of a seal: the engine's own kind, which nobody signs.
    function sealEntry(
        uint64 index,
        IStateVerifier.Seal calldata seal
    ) internal pure returns (bytes memory) {
        return bytes.concat(
            bytes.concat('{"accepted_at":', decimal(seal.acceptedAt), ',"flags":[]'),
            bytes.concat(',"index":', decimal(index)),
            bytes.concat(',"record":{"body":{"batch":', decimal(seal.number)),
            bytes.concat(',"charter":', quoted(seal.charter)),
            bytes.concat(',"sealed_at":', decimal(seal.sealedAt)),
            bytes.concat(',"state_root":', quoted(seal.stateRoot)),
            '},"kind":"seal","signatures":[]}}'
        );
    }

    /// @notice What the leaf of an account states.
    function totalsValue(
        IStateVerifier.Totals calldata totals
    ) internal pure returns (bytes memory) {
        bytes memory first = bytes.concat(
            bytes.concat('{"credit_minutes":', decimal(totals.creditMinutes)),
            bytes.concat(',"entries":', decimal(totals.entries)),
            bytes.concat(',"head":', quoted(totals.head)),
            bytes.concat(',"honour_minutes":', decimal(totals.honourMinutes))
        );
        return bytes.concat(
            first,
            bytes.concat(',"minted":', decimal(totals.minted)),
            bytes.concat(',"received":', decimal(totals.received)),
            bytes.concat(',"sent":', decimal(totals.sent)),
            bytes.concat(',"voided_minutes":', decimal(totals.voidedMinutes), "}")
        );
    }

    /// @notice What the leaf of a status states.
    function statusValue(
        IStateVerifier.Status calldata status
    ) internal pure returns (bytes memory) {
        return bytes.concat(
            bytes.concat('{"changed_by":', quoted(status.changedBy)),
            bytes.concat(',"status":"', _word(status.word), '"}')
        );
    }

    /// @notice An integer in decimal digits, without leading zeros.
    /// @dev Unchecked: no length exceeds 78, no digit 9, and the checks would cost as much again.
    function decimal(uint256 number) internal pure returns (bytes memory digits) {
        uint256 length = 1;
        unchecked {
            for (uint256 rest = number; rest >= 10; rest /= 10) length++;
            digits = new bytes(length);
            while (length > 0) {
                digits[--length] = bytes1(uint8(0x30 + number % 10));
                number /= 10;
            }
        }
    }

    /// @notice 32 bytes in lower-case hex behind 0x, in quotation marks.
    function quoted(bytes32 word) internal pure returns (bytes memory) {
        uint256 number = uint256(word);
        return bytes.concat('"0x', _hex(number >> 128), _hex(number & type(uint128).max), '"');
    }

    /// @dev The 32 hex digits of 16 bytes. The halves are moved apart until every nibble has a
    /// byte of its own, and all become letters or figures at once: a seventh of a loop's gas.
    function _hex(uint256 half) private pure returns (bytes32) {
        half = (half | (half << 64)) & (type(uint256).max / (2 ** 128 - 1) * (2 ** 64 - 1));
        half = (half | (half << 32)) & (type(uint256).max / (2 ** 64 - 1) * (2 ** 32 - 1));
        half = (half | (half << 16)) & (type(uint256).max / (2 ** 32 - 1) * (2 ** 16 - 1));
        half = (half | (half << 8)) & (type(uint256).max / (2 ** 16 - 1) * (2 ** 8 - 1));
        half = (half | (half << 4)) & (ONES * 0x0f);
        uint256 above9 = ((half + ONES * 6) >> 4) & ONES;
        return bytes32(half + ONES * 0x30 + above9 * TO_LETTERS);
    }

    function _word(IStateVerifier.Word word) private pure returns (bytes memory) {
        if (word == IStateVerifier.Word.Recorded) return "recorded";
        if (word == IStateVerifier.Word.Disputed) return "disputed";
        if (word == IStateVerifier.Word.Amended) return "amended";
        return "void";
    }
}
