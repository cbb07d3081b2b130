// Who signs: a wallet (EIP-1193), or a key that this page holds. Both sign texts and typed records;
// their signatures are 65 bytes as 0x-hex, v 27 or 28.
import { getPublicKey, signAsync, utils } from "@noble/secp256k1";
import { concat, hex, unhex, utf8 } from "../../verifier/bytes.js";
import { checksumAddress, digest, keccak } from "../../verifier/fields.js";
import { KINDS } from "../../verifier/kinds.js";
import { typedData } from "./typed.js";

/** @import { Bytes } from "../../verifier/shapes.d.ts" */
/** @import { Signer } from "../shapes.d.ts" */

// A wallet as browsers have it.
/** @typedef {{ request: (asked: { method: string, params?: unknown[] }) => Promise<unknown> }} Wallet */

// The address of a private key (32 bytes).
/** @type {(key: Bytes) => string} */
export function addressOf(key) {
  const point = getPublicKey(key, false);
  return checksumAddress(hex(keccak(point.subarray(1)).subarray(12)));
}

/** @type {() => Bytes} */
export const newKey = () => utils.randomSecretKey();

/** @type {(key: Bytes) => boolean} */
export const isKey = (key) => utils.isValidSecretKey(key);

// Signs with a private key: `message` is the digest itself (32 bytes).
/** @type {(key: Bytes, message: Bytes) => Promise<string>} */
async function sign(key, message) {
  const found = await signAsync(message, key, { prehash: false, format: "recovered" });
  return hex(concat(found.subarray(1), Uint8Array.of(27 + found[0])));
}

// EIP-191, version 0x45: what `personal_sign` signs.
/** @type {(text: string) => Bytes} */
function personal(text) {
  const bytes = utf8(text);
  return keccak(utf8(`\x19Ethereum Signed Message:\n${bytes.length}`), bytes);
}

/** @type {(key: Bytes) => Signer} */
export const deviceSigner = (key) => ({
  address: addressOf(key),
  signText: async (text) => sign(key, personal(text)),
  signRecord: async (ledger, kind, body) => sign(key, digest(ledger, KINDS[kind], body)),
});

/** @type {(wallet: Wallet) => Promise<Signer>} */
export async function walletSigner(wallet) {
  const [account] = /** @type {string[]} */ (await wallet.request({ method: "eth_requestAccounts" }));
  const address = checksumAddress(account);
  return {
    address,
    signText: async (text) =>
      spelled(await wallet.request({ method: "personal_sign", params: [hex(utf8(text)), address] })),
    signRecord: async (ledger, kind, body) => {
      const params = [address, JSON.stringify(typedData(ledger, kind, body))];
      return spelled(await wallet.request({ method: "eth_signTypedData_v4", params }));
    },
  };
}

// Some wallets say v as 0 or 1.
/** @type {(signature: unknown) => string} */
function spelled(signature) {
  const bytes = unhex(/** @type {string} */ (signature).toLowerCase());
  if (bytes[64] < 2) bytes[64] += 27;
  return hex(bytes);
}
