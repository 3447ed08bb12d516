import { type Anomaly, type AnomalyName, anomalyMeanings, Findings } from "./anomalies.ts";
import { checkCopies } from "./check-copies.ts";
import { checkPolls } from "./check-polls.ts";
import { checkWrites } from "./check-writes.ts";
import type { HistoryEvent } from "./history.ts";
import { placesOf } from "./places.ts";
import { type Outcome, tableOfWrites } from "./write-table.ts";

/** What is claimed about a history besides itself. */
export interface Claims {
  /** Each record of these has a copy: the copying went on to their end. */
  readonly copiedPartitions?: readonly string[];
}

/** What a history came to. */
export interface Verdict {
  /** By name; empty when nothing is wrong. */
  readonly anomalies: ReadonlyMap<AnomalyName, Anomaly>;
  /** How many writes ended how, so that nobody takes a history without writes for a good one. */
  readonly writeCounts: Readonly<Record<Outcome, number>>;
  /** Records that were seen, each counted once. */
  readonly seenCount: number;
  readonly pollCount: number;
}

/**
 * Judges a history as Jepsen's Kafka workload does: every reader reads committed records only, and
 * nothing is deleted. Time grows with the number of records, but for sorting offsets.
 */
export function checkHistory(history: readonly HistoryEvent[], claims: Claims = {}): Verdict {
  const findings = new Findings();
  const table = tableOfWrites(history);
  const places = placesOf(history, table, findings);
  checkWrites(table, places, findings);
  checkPolls(history, places, findings);
  checkCopies({ table, places, copiedPartitions: claims.copiedPartitions ?? [] }, findings);
  const writeCounts = { ok: 0, fail: 0, info: 0 };
  for (const { outcome } of table.writes) writeCounts[outcome] += 1;
  return {
    anomalies: findings.found,
    writeCounts,
    seenCount: places.seen.size,
    pollCount: history.filter(({ operation, phase }) => operation === "poll" && phase === "ok")
      .length,
  };
}

/** A verdict in one line, and some more for each thing that is wrong. */
export function describeVerdict(verdict: Verdict): string {
  const { ok, fail, info } = verdict.writeCounts;
  const counts =
    `${ok} writes committed, ${fail} aborted, ${info} unknown; ` +
    `${verdict.seenCount} records seen, ${verdict.pollCount} polls`;
  if (verdict.anomalies.size === 0) return `${counts}: no anomaly`;
  const lines = [...verdict.anomalies].map(([name, { count, examples }]) => {
    const list = examples.map((example) => `\n    ${example}`).join("");
    return `\n  ${count} ${name} (${anomalyMeanings[name]})${list}`;
  });
  return `${counts}: ANOMALIES${lines.join("")}`;
}
