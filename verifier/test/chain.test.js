// Asking nodes, good and bad, as the oldest phones do: without what browsers learned after 2022.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { chainReader, relayed, rpc } from "../chain.js";

/** @import { RequestListener } from "node:http" */
/** @import { AddressInfo } from "node:net" */

Reflect.deleteProperty(AbortSignal, "timeout");
Reflect.deleteProperty(AbortSignal, "any");

// Runs `act` with the address of a server that answers by `answer`.
/** @type {<T>(answer: RequestListener, act: (url: string) => Promise<T>) => Promise<T>} */
async function served(answer, act) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await act(`http://127.0.0.1:${/** @type {AddressInfo} */ (server.address()).port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const silent = () => {};
/** @type {RequestListener} */
const halting = (_, response) => void response.writeHead(200, { "content-length": "100" }).write("{");
/** @type {(text: string) => RequestListener} */
const says = (text) => (_, response) => response.end(text);

for (const [how, ask] of Object.entries({ rpc, relayed })) {
  test(`${how}: a node that accepts and never answers is given up`, async () => {
    const asked = served(silent, (url) => ask(url, 1)("eth_chainId", []));
    await assert.rejects(asked, /^Error: the node does not answer$/);
  });

  test(`${how}: a node that begins an answer and never ends it is given up`, async () => {
    const asked = served(halting, (url) => ask(url, 1)("eth_chainId", []));
    await assert.rejects(asked, /^Error: the node does not answer$/);
  });

  test(`${how}: an answer in time is the result, and an error is what the node says`, async () => {
    const good = await served(says('{"result":"0x1"}'), (url) => ask(url)("eth_chainId", []));
    assert.equal(good, "0x1");
    const bad = served(says('{"error":{"message":"not today"}}'), (url) => ask(url)("eth_chainId", []));
    await assert.rejects(bad, /^Error: not today$/);
  });
}

test("a silent node makes an anchor unreachable, never absent and never valid", async () => {
  const hash = `0x${"11".repeat(32)}`;
  const anchor = { chain_id: 1, size: 5, block_number: 1, transaction: hash, block_hash: hash };
  const zero = "0x0000000000000000000000000000000000000000";
  const named = { ...anchor, contract: zero, founder: zero };
  const finding = await served(silent, (url) =>
    chainReader(rpc(url, 1))(named, hash, 5n, new Uint8Array(32)),
  );
  assert.deepEqual(finding, { state: "unreachable", reason: "the node does not answer", blockTime: null });
});
