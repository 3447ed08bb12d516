import { assert } from "@millrace/platform";
import { KeyedHash } from "./keyed-hash.ts";

/** Four words of hash and an offset of eight bytes. */
export const slotSizeBytes = 24;
/** Two numbers before the slots: the latest offset and the count of keys. */
const headerNumbers = 2;

/** A map as it passes between the event loop and a worker, which share its memory. */
export interface SharedOffsetMap {
  readonly memory: SharedArrayBuffer;
  readonly slotCount: number;
  /** Of the hash: 16 random bytes. */
  readonly secret: Uint8Array;
}

/** Reserves the memory of a map: 24 bytes a slot, touched only as slots fill. */
export function reserveOffsetMap(slotCount: number, secret: Uint8Array): SharedOffsetMap {
  const sizeBytes = headerNumbers * 8 + slotCount * slotSizeBytes;
  return { memory: new SharedArrayBuffer(sizeBytes), slotCount, secret };
}

/**
 * The last offset of each key in the dirty part of a log. Keys are known by a hash of 128 bits
 * alone, so that memory is bounded whatever they are. Open addressing; nothing is ever removed.
 */
export class OffsetMap {
  readonly slotCount: number;
  readonly #header: Float64Array;
  /** Offset + 1 of each slot; 0 where it is free. */
  readonly #offsets: Float64Array;
  readonly #hashes: Int32Array;
  readonly #hash: KeyedHash;

  constructor(shared: SharedOffsetMap) {
    const { memory, slotCount } = shared;
    this.slotCount = slotCount;
    this.#header = new Float64Array(memory, 0, headerNumbers);
    this.#offsets = new Float64Array(memory, headerNumbers * 8, slotCount);
    this.#hashes = new Int32Array(memory, (headerNumbers + slotCount) * 8, slotCount * 4);
    this.#hash = new KeyedHash(shared.secret);
  }

  /** How many keys it has. */
  get size(): number {
    return this.#header[1] ?? 0;
  }

  /** The last offset that was read into it; -1 when none was. */
  get latestOffset(): number {
    return (this.#header[0] ?? 0) - 1;
  }

  set latestOffset(offset: number) {
    this.#header[0] = offset + 1;
  }

  /** Notes where the key `bytes[start, end)` was seen last. The map must not be full. */
  put(bytes: Uint8Array, range: { readonly start: number; readonly end: number }, offset: number) {
    const slot = this.#find(bytes, range.start, range.end);
    if (this.#offsets[slot] === 0) {
      const { words } = this.#hash;
      for (let at = 0; at < 4; at += 1) this.#hashes[slot * 4 + at] = words[at] ?? 0;
      this.#header[1] = this.size + 1;
      assert(this.size < this.slotCount, "an offset map keeps a free slot, or a search has no end");
    }
    this.#offsets[slot] = offset + 1;
    this.latestOffset = offset;
  }

  /** The last offset of the key `bytes[start, end)`; -1 when it was not seen. */
  get(bytes: Uint8Array, start: number, end: number): number {
    return (this.#offsets[this.#find(bytes, start, end)] ?? 0) - 1;
  }

  /** The key's slot, or the free one where it belongs. */
  #find(bytes: Uint8Array, start: number, end: number): number {
    this.#hash.update(bytes, start, end);
    const [a = 0, b = 0, c = 0, d = 0] = this.#hash.words;
    const hashes = this.#hashes;
    let slot = (a >>> 0) % this.slotCount;
    while (this.#offsets[slot] !== 0) {
      const at = slot * 4;
      const isKey =
        hashes[at] === a && hashes[at + 1] === b && hashes[at + 2] === c && hashes[at + 3] === d;
      if (isKey) return slot;
      slot += 1;
      if (slot === this.slotCount) slot = 0;
    }
    return slot;
  }
}
