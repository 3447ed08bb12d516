/** Something whose size changes while it is in a heap. */
interface Sized {
  readonly size: number;
}

interface Entry<Item> {
  readonly item: Item;
  /** The size when it was put in. */
  readonly size: number;
}

/**
 * Gives the smallest or the largest of some items whose sizes change. An item is put in again after
 * each change; an entry that tells an old size is passed over.
 */
export class SizeHeap<Item extends Sized> {
  readonly #entries: Entry<Item>[] = [];
  readonly #sign: number;

  constructor(items: readonly Item[], order: "smallest" | "largest") {
    this.#sign = order === "smallest" ? 1 : -1;
    for (const item of items) this.push(item);
  }

  push(item: Item): void {
    const entries = this.#entries;
    entries.push({ item, size: item.size });
    let index = entries.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) break;
      this.#swap(index, parent);
      index = parent;
    }
  }

  /** The first item, which is not in the heap then; undefined when there is none. */
  pop(): Item | undefined {
    for (;;) {
      const first = this.#entries[0];
      if (first === undefined) return undefined;
      this.#removeFirst();
      if (first.size === first.item.size) return first.item;
    }
  }

  #removeFirst(): void {
    const entries = this.#entries;
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return;
    entries[0] = last;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      let next = index;
      if (left < entries.length && this.#isBefore(left, next)) next = left;
      if (left + 1 < entries.length && this.#isBefore(left + 1, next)) next = left + 1;
      if (next === index) return;
      this.#swap(index, next);
      index = next;
    }
  }

  #isBefore(left: number, right: number): boolean {
    const difference = (this.#entries[left]?.size ?? 0) - (this.#entries[right]?.size ?? 0);
    return difference * this.#sign < 0;
  }

  #swap(left: number, right: number): void {
    const entries = this.#entries;
    const a = entries[left];
    const b = entries[right];
    if (a === undefined || b === undefined) return;
    entries[left] = b;
    entries[right] = a;
  }
}
