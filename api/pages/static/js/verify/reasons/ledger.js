// Who named the ledger.
import { mark } from "../words.js";

export default [
  mark("nobody whom you trust has named this ledger"),
  mark("its id was named by hand"),
  mark("the ledger of {host}, by its own site"),
  mark("the log's key signed two heads of {size} entries"),
];
