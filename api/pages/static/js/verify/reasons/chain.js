// What a chain, or the node that was asked, says of an anchor.
import { mark } from "../words.js";

export default [
  mark("the checkpoint is not anchored on a chain yet"),
  mark("on the demonstration chain, which nobody else witnesses, confirmations: {depth}"),
  mark("on chain {chain}, confirmations: {depth}"),
  mark(
    "on the demonstration chain, which nobody else witnesses, confirmations: {depth}, by contract {contract}, which the file names",
  ),
  mark("on chain {chain}, confirmations: {depth}, by contract {contract}, which the file names"),
  mark("contract {contract} is not the known one"),
  mark("mined on the demonstration chain, which nobody else witnesses, {depth} of {needed} confirmations"),
  mark("mined on chain {chain}, {depth} of {needed} confirmations"),
  mark("anchored on chain {chain}, asked is {other}"),
  mark("nothing anchored at epoch {epoch}, size {size}"),
  mark("chain holds another root, {root}"),
  mark("disowned: epoch {epoch} began below it"),
  mark("the node is at block {head}, the anchor is of block {hint}"),
  mark("{contract} does not run BatchAnchor"),
  mark("anchor field {name} is malformed"),
  mark("anchor field contract is not an EIP-55 address"),
  mark("anchor is of size {size}, checkpoint of {other}"),
  mark("the node does not answer"),
  mark("the node's answer cannot be read"),
  mark("unreadable answer: {call}"),
  mark("this question is not answered here"),
  mark("the chain cannot be asked now: try again later"),
];
