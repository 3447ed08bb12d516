import { assert } from "../assert.ts";
import type { Random } from "../random.ts";

/** Chance that a seed repeats: xoshiro128** (Blackman and Vigna), seeded through SplitMix32. */
export class SimRandom implements Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: number) {
    // Both halves of the seed count, so that seeds above 2^32 differ too.
    const next = splitMix32((seed >>> 0) ^ Math.imul(Math.floor(seed / 2 ** 32), 0x9e3779b1));
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next();
  }

  nextInt(endExclusive: number): number {
    assert(endExclusive > 0 && endExclusive <= 2 ** 48, "the end of a random range is in 1..2^48");
    return Math.floor(this.nextFloat() * endExclusive);
  }

  nextFloat(): number {
    const high = this.#next() & 0x3ffffff;
    const low = this.#next() & 0x7ffffff;
    return (high * 2 ** 27 + low) / 2 ** 53;
  }

  bytes(sizeBytes: number): Uint8Array {
    const bytes = new Uint8Array(sizeBytes);
    for (let index = 0; index < sizeBytes; index += 1) bytes[index] = this.#next() & 0xff;
    return bytes;
  }

  /** True once in `oneIn` draws on average. */
  happens(oneIn: number): boolean {
    return this.nextInt(oneIn) === 0;
  }

  /** One of the values. */
  pick<Value>(values: readonly Value[]): Value {
    const value = values[this.nextInt(values.length)];
    assert(value !== undefined, "there is nothing to pick from");
    return value;
  }

  /** A stream of its own, so that one part of a run does not shift the draws of another. */
  fork(): SimRandom {
    return new SimRandom(this.nextInt(2 ** 48));
  }

  #next(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotateLeft(this.#d, 11);
    return result >>> 0;
  }
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function splitMix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) | 0;
  };
}
