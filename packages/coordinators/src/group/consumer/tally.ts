/** How often each word is there; one that is not there any more takes no room. */
export class Tally {
  readonly #counts = new Map<string, number>();

  get size(): number {
    return this.#counts.size;
  }

  count(word: string): number {
    return this.#counts.get(word) ?? 0;
  }

  words(): IterableIterator<string> {
    return this.#counts.keys();
  }

  entries(): IterableIterator<[string, number]> {
    return this.#counts.entries();
  }

  add(word: string): void {
    this.#counts.set(word, this.count(word) + 1);
  }

  subtract(word: string): void {
    const count = this.count(word) - 1;
    if (count > 0) this.#counts.set(word, count);
    else this.#counts.delete(word);
  }

  copy(): Tally {
    const copy = new Tally();
    for (const [word, count] of this.#counts) copy.#counts.set(word, count);
    return copy;
  }
}
