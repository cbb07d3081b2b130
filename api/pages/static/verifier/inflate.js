// Unpacking, in parts and up to a bound, so that a bomb stops early.

// What a stream of one of the formats `deflate` (zlib) and `gzip` holds; null where it is damaged, holds
// more than `most` bytes, or something follows it.
export async function inflated(packed, most, format = "deflate") {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream(format)).getReader();
  const parts = [];
  let size = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      if (size > most) return null;
      parts.push(part.value);
    }
  } catch {
    return null;
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
