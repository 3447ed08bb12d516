import assert from "node:assert/strict";

/** Follows a reader of committed records that must see 0, 1, 2 … once each, in this order. */
export class CopyReader {
  #seenCount = 0;
  #lastOffset = -1;

  /** How many it has seen. */
  get seenCount(): number {
    return this.#seenCount;
  }

  /** Takes a line `OFFSET VALUE`. @throws AssertionError when it is not the next one. */
  take(line: string): void {
    const [offset, value] = line.split(" ");
    const place = `at offset ${offset}, after ${this.#seenCount} records`;
    assert.equal(value, String(this.#seenCount), `the copy is not the input: ${place}`);
    assert.ok(Number(offset) > this.#lastOffset, `the offset does not grow: ${place}`);
    this.#seenCount += 1;
    this.#lastOffset = Number(offset);
  }
}
