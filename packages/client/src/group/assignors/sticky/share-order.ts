import { compareText } from "../ordering.ts";

/** Members by the size of their share, smallest first, then by id. */
export class ShareOrder {
  readonly #sizeOf: (memberId: string) => number;
  readonly #ordered: string[] = [];

  /** A member's size must not change while it is in the order. */
  constructor(sizeOf: (memberId: string) => number) {
    this.#sizeOf = sizeOf;
  }

  /** The members, smallest share first. */
  get members(): readonly string[] {
    return this.#ordered;
  }

  add(memberId: string): void {
    this.#ordered.splice(this.#place(memberId), 0, memberId);
  }

  /** Without effect on a member that is not there. */
  remove(memberId: string): void {
    const index = this.#place(memberId);
    if (this.#ordered[index] === memberId) this.#ordered.splice(index, 1);
  }

  /** Where the member is, or where it belongs. */
  #place(memberId: string): number {
    const size = this.#sizeOf(memberId);
    let low = 0;
    let high = this.#ordered.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#ordered[middle] ?? "";
      const order = this.#sizeOf(other) - size || compareText(other, memberId);
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
