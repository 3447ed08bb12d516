import type { Findings } from "./anomalies.ts";
import type { HistoryEvent, Place, Seen } from "./history.ts";
import type { WriteTable } from "./write-table.ts";

/** What is known of one partition. */
export interface PartitionFacts {
  /** Every place that somebody was told of, whether its record is visible or not. */
  readonly values: Map<number, string>;
  /** Offsets of the records that a reader of committed records must not pass over, ascending. */
  visibleOffsets: readonly number[];
  /** Where each visible offset stands in `visibleOffsets`. */
  readonly rankOf: Map<number, number>;
  /** -1 when nothing was seen. */
  lastSeenOffset: number;
  /** Index into the history of the event that began the last reading of all of it; -1: none. */
  readAllAt: number;
}

/** What is known of all partitions, of all readers and writers taken together. */
export interface Places {
  readonly partitions: ReadonlyMap<string, PartitionFacts>;
  /** Each value that was seen, with the first place where it was. */
  readonly seen: ReadonlyMap<string, Place>;
}

/**
 * Puts together what all clients were told about where records lie, and reports where they were
 * told different things.
 */
export function placesOf(
  history: readonly HistoryEvent[],
  table: WriteTable,
  findings: Findings,
): Places {
  const builder = new PlacesBuilder(findings);
  for (const { write, send } of table.byValue.values()) {
    const { partition, offset, value } = send;
    if (offset === undefined) continue;
    builder.place({ partition, offset }, value);
    if (write.outcome === "ok") builder.show({ partition, offset });
  }
  const begunAt = new Map<string, number>();
  for (const [index, event] of history.entries()) {
    if (event.phase === "invoke") begunAt.set(event.process, index);
    if (event.phase !== "ok") continue;
    if (event.operation !== "poll" && event.operation !== "read-all") continue;
    for (const record of event.records) builder.see(record);
    if (event.operation !== "read-all") continue;
    builder.facts(event.partition).readAllAt = begunAt.get(event.process) ?? -1;
  }
  return builder.build();
}

/** A place as people write it. */
export function placeName({ partition, offset }: Place): string {
  return `${partition}@${offset}`;
}

class PlacesBuilder {
  readonly #partitions = new Map<string, PartitionFacts>();
  readonly #visible = new Map<PartitionFacts, Set<number>>();
  readonly #placeOf = new Map<string, Place>();
  readonly #seen = new Map<string, Place>();
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  facts(partition: string): PartitionFacts {
    const known = this.#partitions.get(partition);
    if (known !== undefined) return known;
    const made: PartitionFacts = {
      values: new Map(),
      visibleOffsets: [],
      rankOf: new Map(),
      lastSeenOffset: -1,
      readAllAt: -1,
    };
    this.#partitions.set(partition, made);
    this.#visible.set(made, new Set());
    return made;
  }

  /** Notes that a value lies in a place. */
  place(place: Place, value: string): void {
    const { values } = this.facts(place.partition);
    const other = values.get(place.offset);
    if (other === undefined) values.set(place.offset, value);
    else if (other !== value) {
      this.#findings.add("inconsistent-offset", `${placeName(place)}: ${other} and ${value}`);
    }
    const before = this.#placeOf.get(value);
    if (before === undefined) this.#placeOf.set(value, place);
    else if (before.partition !== place.partition || before.offset !== place.offset) {
      const example = `${value} at ${placeName(before)} and at ${placeName(place)}`;
      this.#findings.add("duplicate", example);
    }
  }

  /** Notes that readers must see what lies in a place. */
  show({ partition, offset }: Place): void {
    this.#visible.get(this.facts(partition))?.add(offset);
  }

  see(record: Seen): void {
    const { partition, offset, value } = record;
    this.place({ partition, offset }, value);
    this.show(record);
    const facts = this.facts(partition);
    facts.lastSeenOffset = Math.max(facts.lastSeenOffset, offset);
    if (!this.#seen.has(value)) this.#seen.set(value, { partition, offset });
  }

  build(): Places {
    for (const [facts, offsets] of this.#visible) {
      facts.visibleOffsets = [...offsets].sort((left, right) => left - right);
      for (const [rank, offset] of facts.visibleOffsets.entries()) facts.rankOf.set(offset, rank);
    }
    return { partitions: this.#partitions, seen: this.#seen };
  }
}
