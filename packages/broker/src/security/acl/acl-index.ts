import { type AclEntry, aclPatterns, WILDCARD_RESOURCE } from "@millrace/metadata";

import { canonicalAddress } from "../canonical-address.ts";

/** The entries of one resource type. */
interface OfType {
  readonly literal: Map<string, AclEntry[]>;
  readonly prefixed: Map<string, AclEntry[]>;
  /** How long prefixes are: a name is looked up once for each. */
  readonly prefixLengths: Set<number>;
}

/**
 * Finds the entries that apply to a resource without looking at all of them. Their hosts are in
 * the form of `canonicalAddress`.
 */
export class AclIndex {
  readonly #types = new Map<number, OfType>();

  constructor(entries: Iterable<AclEntry>) {
    for (const entry of entries) {
      this.#add({ ...entry, host: canonicalAddress(entry.host) });
    }
  }

  /** The entries whose pattern means the resource: of its name, its prefixes, and the wildcard. */
  *entriesFor(resourceType: number, resourceName: string): Generator<AclEntry> {
    const ofType = this.#types.get(resourceType);
    if (ofType === undefined) return;
    yield* ofType.literal.get(resourceName) ?? [];
    if (resourceName !== WILDCARD_RESOURCE) yield* ofType.literal.get(WILDCARD_RESOURCE) ?? [];
    for (const length of ofType.prefixLengths) {
      if (length > resourceName.length) continue;
      yield* ofType.prefixed.get(resourceName.slice(0, length)) ?? [];
    }
  }

  /** All entries of a resource type. */
  *entriesOf(resourceType: number): Generator<AclEntry> {
    const ofType = this.#types.get(resourceType);
    if (ofType === undefined) return;
    for (const entries of ofType.literal.values()) yield* entries;
    for (const entries of ofType.prefixed.values()) yield* entries;
  }

  #add(entry: AclEntry): void {
    let ofType = this.#types.get(entry.resourceType);
    if (ofType === undefined) {
      ofType = { literal: new Map(), prefixed: new Map(), prefixLengths: new Set() };
      this.#types.set(entry.resourceType, ofType);
    }
    const isPrefixed = entry.patternType === aclPatterns.prefixed;
    const byName = isPrefixed ? ofType.prefixed : ofType.literal;
    const entries = byName.get(entry.resourceName);
    if (entries === undefined) byName.set(entry.resourceName, [entry]);
    else entries.push(entry);
    if (isPrefixed) ofType.prefixLengths.add(entry.resourceName.length);
  }
}
