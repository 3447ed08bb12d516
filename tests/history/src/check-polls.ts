import type { Findings } from "./anomalies.ts";
import type { HistoryEvent, Place, Seen } from "./history.ts";
import { type PartitionFacts, type Places, placeName } from "./places.ts";

/** Finds polls that pass over records or go back. */
export function checkPolls(
  history: readonly HistoryEvent[],
  places: Places,
  findings: Findings,
): void {
  const readers = new Map<string, Reader>();
  for (const event of history) {
    if (event.phase !== "ok") continue;
    const reader = readers.get(event.process) ?? new Reader(event.process, places, findings);
    readers.set(event.process, reader);
    if (event.operation === "assign") reader.assign(event.positions);
    else if (event.operation === "poll") reader.poll(event.records);
    else if (event.operation === "read-all") {
      const whole = new Reader(`${event.process}, all of ${event.partition}`, places, findings);
      whole.assign([{ partition: event.partition, offset: 0 }]);
      whole.poll(event.records);
    }
  }
}

/** Where one process stands in each of its partitions. */
class Reader {
  readonly #process: string;
  readonly #places: Places;
  readonly #findings: Findings;
  /** Ranks among the visible records. */
  readonly #nextRank = new Map<string, number>();

  constructor(process: string, places: Places, findings: Findings) {
    this.#process = process;
    this.#places = places;
    this.#findings = findings;
  }

  assign(positions: readonly Place[]): void {
    this.#nextRank.clear();
    for (const { partition, offset } of positions) {
      const facts = this.#places.partitions.get(partition);
      if (facts !== undefined) this.#nextRank.set(partition, rankAtOrAfter(facts, offset));
    }
  }

  poll(records: readonly Seen[]): void {
    const isInside = new Set<string>();
    for (const record of records) {
      const { partition } = record;
      const facts = this.#places.partitions.get(partition);
      const rank = facts?.rankOf.get(record.offset);
      if (facts === undefined || rank === undefined) continue;
      const expected = this.#nextRank.get(partition);
      if (expected !== undefined && rank !== expected) {
        this.#report(record, { facts, rank, expected, isInside: isInside.has(partition) });
      }
      this.#nextRank.set(partition, rank + 1);
      isInside.add(partition);
    }
  }

  #report(
    record: Seen,
    where: {
      readonly facts: PartitionFacts;
      readonly rank: number;
      readonly expected: number;
      readonly isInside: boolean;
    },
  ): void {
    const { facts, rank, expected, isInside } = where;
    const kind = rank > expected ? "poll-skip" : "nonmonotonic-poll";
    const next = facts.visibleOffsets[expected];
    const wanted = next === undefined ? "the end" : `${next} (${facts.values.get(next)})`;
    const example = `${this.#process}: ${placeName(record)} where ${wanted} comes next`;
    this.#findings.add(isInside ? `internal-${kind}` : kind, example);
  }
}

/** How many visible records lie before an offset. */
function rankAtOrAfter(facts: PartitionFacts, offset: number): number {
  let low = 0;
  let end = facts.visibleOffsets.length;
  while (low < end) {
    const middle = (low + end) >> 1;
    if ((facts.visibleOffsets[middle] ?? Infinity) < offset) low = middle + 1;
    else end = middle;
  }
  return low;
}
