import type { Row, Sample, Target } from "./rows.ts";
import { median, readable, spread } from "./statistics.ts";

/**
 * The samples of one row: `pairs[i]` was measured on both brokers, one directly after the other.
 */
export interface RowResult {
  readonly row: Row;
  readonly pairs: readonly { readonly millrace: Sample; readonly kafka: Sample }[];
}

/** What came out for one target of a row. */
export interface Verdict {
  readonly target: Target;
  readonly ratio: number;
  readonly spread: readonly [number, number];
  readonly verdict: "aim" | "must" | "missed";
}

/** Judges each target of a row by the median of the ratios. */
export function judge(result: RowResult): readonly Verdict[] {
  return result.row.targets.map((target) => {
    const ratios = result.pairs.map(
      (pair) => value(pair.millrace, target) / value(pair.kafka, target),
    );
    const ratio = median(ratios);
    const reaches = (limit: number) =>
      target.better === "higher" ? ratio >= limit : ratio <= limit;
    const verdict = reaches(target.aim) ? "aim" : reaches(target.must) ? "must" : "missed";
    return { target, ratio, spread: spread(ratios), verdict };
  });
}

/** The table of docs/performance.md: a line for each target. */
export function markdownTable(results: readonly RowResult[]): string {
  const lines = [
    "| work | metric | Millrace | Apache Kafka | ratio (spread) | must / aim | reached | limited by |",
    "|---|---|---|---|---|---|---|---|",
  ];
  for (const result of results) {
    for (const { target, ratio, spread: range, verdict } of judge(result)) {
      const ours = median(result.pairs.map((pair) => value(pair.millrace, target)));
      const theirs = median(result.pairs.map((pair) => value(pair.kafka, target)));
      const sign = target.better === "higher" ? "≥" : "≤";
      const cells = [
        result.row.title,
        target.metric,
        readable(ours),
        readable(theirs),
        `**${readable(ratio)}** (${readable(range[0])}–${readable(range[1])})`,
        `${sign} ${target.must} / ${target.aim}`,
        verdict,
        limitedBy(result),
      ];
      lines.push(`| ${cells.join(" | ")} |`);
    }
  }
  return lines.join("\n");
}

function value(sample: Sample, target: Target): number {
  return sample.metrics[target.metric] ?? Number.NaN;
}

/**
 * Broker and client have a core each: a client that used more than nine tenths of its own was the
 * limit.
 */
function limitedBy(result: RowResult): string {
  const busy = (pick: (sample: Sample) => number) =>
    median(result.pairs.map((pair) => pick(pair.millrace) / pair.millrace.seconds));
  const client = busy((sample) => sample.clientCpuSeconds);
  const broker = busy((sample) => sample.brokerCpuSeconds);
  if (client > 0.9 && client > broker) return `client (${readable(client)} of its core)`;
  if (broker > 0.9) return `broker (${readable(broker)} of its core)`;
  return `neither (client ${readable(client)}, broker ${readable(broker)})`;
}
