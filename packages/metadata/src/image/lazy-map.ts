/**
 * A map that is changed while an image is made: it copies what it began with at the first change,
 * so that images share every map that did not change.
 */
export class LazyMap<Key, Value> {
  readonly #before: ReadonlyMap<Key, Value>;
  #after: Map<Key, Value> | undefined;

  constructor(before: ReadonlyMap<Key, Value>) {
    this.#before = before;
  }

  /** Whether anything was set or deleted. */
  get isChanged(): boolean {
    return this.#after !== undefined;
  }

  /** The value as it is now. */
  get(key: Key): Value | undefined {
    return (this.#after ?? this.#before).get(key);
  }

  set(key: Key, value: Value): void {
    this.#copy().set(key, value);
  }

  /** Removes an entry; false when there was none. */
  delete(key: Key): boolean {
    if (!(this.#after ?? this.#before).has(key)) return false;
    return this.#copy().delete(key);
  }

  /** The map as it is now; the one it began with if nothing changed. Ends the changes. */
  build(): ReadonlyMap<Key, Value> {
    return this.#after ?? this.#before;
  }

  #copy(): Map<Key, Value> {
    this.#after ??= new Map(this.#before);
    return this.#after;
  }
}
