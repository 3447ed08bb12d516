import type { Cli } from "../../tree/cli.ts";
import type { LatencyFacts } from "./latency-histogram.ts";

/** What a run came to. */
export interface BenchFacts {
  readonly recordCount: number;
  readonly sizeBytes: number;
  readonly durationMs: number;
  /** Milliseconds; undefined where single records have no latency. */
  readonly latencyMs?: LatencyFacts;
}

/** Shows a run: rates, then percentiles. */
export function showBench(cli: Cli, facts: BenchFacts): Promise<void> {
  const seconds = facts.durationMs / 1000;
  const recordsPerSecond = Math.round(facts.recordCount / seconds);
  const megabytesPerSecond = Number((facts.sizeBytes / seconds / 1e6).toFixed(2));
  const { latencyMs } = facts;
  const latencies = Object.entries(latencyMs ?? {}).map(
    ([name, valueMs]) => [`Latency ${name}`, `${Number(valueMs).toFixed(2)} ms`] as const,
  );
  return cli.showFields({ ...facts, recordsPerSecond, megabytesPerSecond }, [
    ["Records", String(facts.recordCount)],
    ["Time", `${seconds.toFixed(2)} s`],
    ["Rate", `${recordsPerSecond} records/s`],
    ["Throughput", `${megabytesPerSecond} MB/s`],
    ...latencies,
  ]);
}
