const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;

/**
 * The 32-bit hash that Java's producer spreads keys with, as a signed integer.
 * Source: MurmurHash2 of Austin Appleby with the seed of Kafka's `Utils.murmur2`.
 */
export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes;
  const lastWordEnd = length & ~3;
  let hash = SEED ^ length;
  for (let at = 0; at < lastWordEnd; at += 4) {
    let word =
      (bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24);
    word = Math.imul(word, MULTIPLIER);
    word ^= word >>> 24;
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word, MULTIPLIER);
  }
  const rest = length - lastWordEnd;
  if (rest > 2) hash ^= (bytes[lastWordEnd + 2] ?? 0) << 16;
  if (rest > 1) hash ^= (bytes[lastWordEnd + 1] ?? 0) << 8;
  if (rest > 0) hash = Math.imul(hash ^ (bytes[lastWordEnd] ?? 0), MULTIPLIER);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, MULTIPLIER);
  return hash ^ (hash >>> 15);
}

/** The partition of a key among `partitionsCount`, equal to that of every Java client. */
export function partitionOfKey(key: Uint8Array, partitionsCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionsCount;
}
