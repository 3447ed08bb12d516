import { randomBytes, randomFillSync } from "node:crypto";
import { assert } from "../assert.ts";
import type { Random } from "../random.ts";

const poolSizeBytes = 3072;
const drawSizeBytes = 6;
const drawEnd = 2 ** 48;

/** The system's cryptographic generator, drawn in pools: a draw alone costs a system call. */
export class NodeRandom implements Random {
  readonly #pool = Buffer.allocUnsafeSlow(poolSizeBytes);
  #position = poolSizeBytes;

  nextInt(endExclusive: number): number {
    assert(
      Number.isInteger(endExclusive) && endExclusive > 0 && endExclusive <= drawEnd,
      "the end of a random range is an integer in 1..2^48",
    );
    // Draws above the last whole multiple are thrown away: they would favour small remainders.
    const fairEnd = drawEnd - (drawEnd % endExclusive);
    for (;;) {
      const draw = this.#draw();
      if (draw < fairEnd) return draw % endExclusive;
    }
  }

  nextFloat(): number {
    return this.#draw() / drawEnd;
  }

  bytes(sizeBytes: number): Uint8Array {
    return randomBytes(sizeBytes);
  }

  #draw(): number {
    if (this.#position + drawSizeBytes > poolSizeBytes) {
      randomFillSync(this.#pool);
      this.#position = 0;
    }
    const draw = this.#pool.readUIntBE(this.#position, drawSizeBytes);
    this.#position += drawSizeBytes;
    return draw;
  }
}
