import type { Definition } from "./definition.ts";

/** What a comparison found. */
export interface Comparison {
  /** How many messages the other side has. */
  readonly messageCount: number;
  /** Messages that only the other side has. */
  readonly missing: readonly string[];
  /** Messages that only we have. */
  readonly unknown: readonly string[];
  /** What differs, a line each, and in how many messages. */
  readonly differences: readonly string[];
  readonly differentCount: number;
}

/** Compares our definitions with the truth, every version of every message. */
export function compare(ours: readonly Definition[], theirs: readonly Definition[]): Comparison {
  const oursByName = new Map(ours.map((definition) => [definition.name, definition]));
  const theirNames = new Set(theirs.map(({ name }) => name));
  const missing: string[] = [];
  const differences: string[] = [];
  let differentCount = 0;
  for (const their of theirs) {
    const our = oursByName.get(their.name);
    if (our === undefined) {
      missing.push(their.name);
      continue;
    }
    const found = differencesOf(our, their);
    differences.push(...found);
    if (found.length > 0) differentCount += 1;
  }
  const unknown = ours.map(({ name }) => name).filter((name) => !theirNames.has(name));
  return { messageCount: theirs.length, missing, unknown, differences, differentCount };
}

function differencesOf(our: Definition, their: Definition): readonly string[] {
  const { name } = their;
  if (our.facts !== their.facts) return [`${name}: ours ${our.facts}, Kafka's ${their.facts}`];
  if (versions(our) !== versions(their)) {
    return [`${name}: ours versions ${versions(our)}, Kafka's ${versions(their)}`];
  }
  const found: string[] = [];
  for (let version = their.firstVersion; version <= their.lastVersion; version += 1) {
    const ourLines = our.fieldsAt(version);
    const theirLines = their.fieldsAt(version);
    const count = Math.max(ourLines.length, theirLines.length);
    for (let index = 0; index < count; index += 1) {
      if (ourLines[index] === theirLines[index]) continue;
      const [ourLine, theirLine] = [ourLines[index] ?? "nothing", theirLines[index] ?? "nothing"];
      found.push(`${name} v${version}: ours "${ourLine}", Kafka's "${theirLine}"`);
      // One field too many shifts all behind it: the first difference of a version says it.
      break;
    }
  }
  return found;
}

function versions({ firstVersion, lastVersion }: Definition): string {
  return `${firstVersion}-${lastVersion}`;
}
