const NAME_LENGTH_MAX = 249;
const legalName = /^[a-zA-Z0-9._-]+$/;

/**
 * Says what is wrong with a topic's name; undefined if nothing is. Names become directories, so
 * that nothing but letters, digits, dot, underscore and hyphen may be in them.
 */
export function topicNameFault(name: string): string | undefined {
  if (name === "") return "A topic's name must not be empty.";
  if (name === "." || name === "..") return `A topic cannot be named '${name}'.`;
  if (name.length > NAME_LENGTH_MAX) {
    return `A topic's name may have ${NAME_LENGTH_MAX} characters; this one has ${name.length}.`;
  }
  if (legalName.test(name)) return undefined;
  return `Only ASCII letters, digits, '.', '_' and '-' may be in a topic's name, not '${name}'.`;
}

/**
 * Finds topics whose metrics would have the same names: '.' and '_' are one character there.
 * Topics are looked through once, and only where a name with such a character is asked about.
 */
export class CollidingNames {
  readonly #existing: Iterable<string>;
  /** A name of each metric's name, of those that could be written in two ways. */
  #byUnified: Map<string, string> | undefined;

  constructor(existing: Iterable<string>) {
    this.#existing = existing;
  }

  /** Another topic that this name collides with. */
  collidingTopic(name: string): string | undefined {
    if (!hasTwin(name)) return undefined;
    const other = this.#index().get(unify(name));
    return other === name ? undefined : other;
  }

  /** Notes a topic that is there from now on. */
  add(name: string): void {
    if (hasTwin(name)) this.#index().set(unify(name), name);
  }

  #index(): Map<string, string> {
    if (this.#byUnified !== undefined) return this.#byUnified;
    const index = new Map<string, string>();
    for (const name of this.#existing) if (hasTwin(name)) index.set(unify(name), name);
    this.#byUnified = index;
    return index;
  }
}

function hasTwin(name: string): boolean {
  return name.includes(".") || name.includes("_");
}

function unify(name: string): string {
  return name.replaceAll(".", "_");
}
