// What this page cannot do where it came by plain http: browsers keep their cryptography (WebCrypto) for
// pages that nobody on the way could have changed. Null where all is well.
import { t } from "./words.js";

export const withoutCryptography = globalThis.crypto?.subtle
  ? null
  : t(
      "This page came by plain http, where browsers check and encrypt nothing. Open it by an address that begins with https://, or on the server's own computer by http://localhost.",
    );
