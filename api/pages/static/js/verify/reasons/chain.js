// What a chain, or the node that was asked, says of an anchor.
import { mark } from "../words.js";

export default [
  mark("the checkpoint is not anchored on a chain yet"),
  mark("on the demonstration chain, which nobody else witnesses"),
  mark("on chain {chain}"),
  mark("{where}, by contract {contract} and founder {founder}, which the file names"),
  mark("the ledger's owner may take it back until {time}"),
  mark("{where}, but final only from {time} on"),
  mark("contract {contract} is not the known one"),
  mark("mined {where}, not {needed} blocks deep yet"),
  mark("anchored on chain {chain}, asked is {other}"),
  mark("nothing stands anchored at size {size}"),
  mark("the chain holds another root, {root}, since {time}"),
  mark("it can still be taken back"),
  mark("the ledger took this anchor back at {time}; ask for a fresh proof"),
  mark("the ledger took this anchor back at {time}; ask for a fresh proof: {text}"),
  mark("the node is at block {head}, the anchor is of block {hint}"),
  mark("{contract} does not run BatchAnchor"),
  mark("anchor field {name} is malformed"),
  mark("anchor field {name} is not an EIP-55 address"),
  mark("anchor is of size {size}, checkpoint of {other}"),
  mark("the node does not answer"),
  mark("the node's answer cannot be read"),
  mark("unreadable answer: {call}"),
  mark("this question is not answered here"),
  mark("the chain cannot be asked now: try again later"),
];
