import type { Findings } from "./anomalies.ts";
import type { Place } from "./history.ts";
import { type Places, placeName } from "./places.ts";
import type { WriteTable } from "./write-table.ts";

/**
 * Finds records that were copied twice, out of order, or, in the partitions that were copied to
 * their end, not at all. A copy that was seen counts, whatever its client was told.
 */
export function checkCopies(
  given: {
    readonly table: WriteTable;
    readonly places: Places;
    readonly copiedPartitions: readonly string[];
  },
  findings: Findings,
): void {
  const { table, places, copiedPartitions } = given;
  const copyOf = new Map<string, Place>();
  for (const [partition, facts] of places.partitions) {
    const lastSource = new Map<string, Place>();
    for (const offset of facts.visibleOffsets) {
      const value = facts.values.get(offset);
      const source = value === undefined ? undefined : table.byValue.get(value)?.send.source;
      if (source === undefined) continue;
      const place = { partition, offset };
      const words = `${placeName(source)} at ${placeName(place)}`;
      const other = copyOf.get(placeName(source));
      if (other !== undefined) findings.add("copied-twice", `${words} and ${placeName(other)}`);
      copyOf.set(placeName(source), place);
      const before = lastSource.get(source.partition);
      if (before !== undefined && before.offset > source.offset) {
        findings.add("copied-out-of-order", `${words}, after the copy of ${placeName(before)}`);
      }
      lastSource.set(source.partition, source);
    }
  }
  for (const partition of copiedPartitions) {
    for (const offset of places.partitions.get(partition)?.visibleOffsets ?? []) {
      const name = placeName({ partition, offset });
      if (!copyOf.has(name)) findings.add("not-copied", name);
    }
  }
}
