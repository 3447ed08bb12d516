/**
 * Hashes keys to 128 bits with a secret, so that no producer can make two keys that hash alike and
 * have one removed in the other's place.
 *
 * Two HalfSipHash-2-4 of 64 bits each, with secrets of their own: 32-bit steps, which JavaScript
 * does fast. Source: the SipHash paper (Aumasson, Bernstein), §"HalfSipHash" of its repository.
 */
export class KeyedHash {
  /** The result of the last `update`: four words. */
  readonly words = new Int32Array(4);
  readonly #secret: Int32Array;

  /** `secret` has 16 bytes. */
  constructor(secret: Uint8Array) {
    const view = new DataView(secret.buffer, secret.byteOffset, secretSizeBytes);
    this.#secret = Int32Array.from({ length: 4 }, (_, at) => view.getInt32(at * 4, true));
  }

  /** Hashes `bytes[start, end)` into `words`. */
  update(bytes: Uint8Array, start: number, end: number): void {
    const [a = 0, b = 0, c = 0, d = 0] = this.#secret;
    halfSipHash(bytes, { start, end, key0: a, key1: b }, this.words, 0);
    halfSipHash(bytes, { start, end, key0: c, key1: d }, this.words, 2);
  }
}

/** Bytes of a secret. */
export const secretSizeBytes = 16;

interface HashInput {
  readonly start: number;
  readonly end: number;
  readonly key0: number;
  readonly key1: number;
}

const state = new Int32Array(4);

function halfSipHash(bytes: Uint8Array, input: HashInput, into: Int32Array, at: number): void {
  const { start, end, key0, key1 } = input;
  state[0] = key0;
  state[1] = key1 ^ 0xee;
  state[2] = 0x6c796765 ^ key0;
  state[3] = 0x74656462 ^ key1;
  let position = start;
  for (const lastFull = end - 4; position <= lastFull; position += 4) {
    const word =
      (bytes[position] ?? 0) |
      ((bytes[position + 1] ?? 0) << 8) |
      ((bytes[position + 2] ?? 0) << 16) |
      ((bytes[position + 3] ?? 0) << 24);
    compress(word);
  }
  let last = (end - start) << 24;
  for (let shift = 0; position < end; position += 1, shift += 8) {
    last |= (bytes[position] ?? 0) << shift;
  }
  compress(last);
  state[2] = (state[2] ?? 0) ^ 0xee;
  rounds(4);
  into[at] = (state[1] ?? 0) ^ (state[3] ?? 0);
  state[1] = (state[1] ?? 0) ^ 0xdd;
  rounds(4);
  into[at + 1] = (state[1] ?? 0) ^ (state[3] ?? 0);
}

function compress(word: number): void {
  state[3] = (state[3] ?? 0) ^ word;
  rounds(2);
  state[0] = (state[0] ?? 0) ^ word;
}

function rounds(count: number): void {
  let [v0 = 0, v1 = 0, v2 = 0, v3 = 0] = [state[0], state[1], state[2], state[3]];
  for (let round = 0; round < count; round += 1) {
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
  }
  state[0] = v0;
  state[1] = v1;
  state[2] = v2;
  state[3] = v3;
}
