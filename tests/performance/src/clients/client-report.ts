import { median, readable, spread } from "../statistics.ts";
import { type ClientName, clientNames, type ClientRow, rivals } from "./client-rows.ts";
import type { ClientSample } from "./run-client.ts";

/**
 * One turn: each client once, one after the other. A client that cannot do the work is not in it.
 */
export type ClientRound = Readonly<Partial<Record<ClientName, ClientSample>>>;

/** The rounds of a row on one broker. */
export interface ClientResult {
  readonly row: ClientRow;
  readonly broker: string;
  readonly rounds: readonly ClientRound[];
}

/** What came out: our figure by the best rival's and by librdkafka's, round by round. */
export interface ClientVerdict {
  readonly metric: string;
  readonly toRival: number;
  readonly rivalSpread: readonly [number, number];
  /** NaN where librdkafka does not do the work. */
  readonly toLimit: number;
  readonly limitSpread: readonly [number, number];
  readonly verdict: "aim" | "must" | "missed";
}

interface Metric {
  readonly name: string;
  readonly of: (sample: ClientSample) => number;
}

const rate: Metric = { name: "records/s", of: (sample) => sample.recordsPerSecond };
const percentiles: readonly Metric[] = [
  { name: "p50 ms", of: ({ latencyMs }) => latencyMs?.p50 ?? Number.NaN },
  { name: "p99 ms", of: ({ latencyMs }) => latencyMs?.p99 ?? Number.NaN },
];

/** The metrics of a row. */
export function metricsOf(row: ClientRow): readonly Metric[] {
  return row.measures === "rate" ? [rate] : percentiles;
}

/** What a throughput row must reach, and aims at: the lower of the two. */
const must = { rival: 1.5, limit: 0.6 };
const aim = { rival: 2.5, limit: 0.9 };

/** Judges a row: throughput by the lower of two limits, latency by the best rival's. */
export function judgeClients(result: ClientResult): readonly ClientVerdict[] {
  return metricsOf(result.row).map((metric) => {
    const isRate = result.row.measures === "rate";
    const best = isRate ? Math.max : Math.min;
    const toRivals = result.rounds.map((round) => {
      const theirs = rivals.flatMap((name) => figure(round, name, metric));
      return ours(round, metric) / best(...theirs);
    });
    const toLimits = result.rounds.map(
      (round) => ours(round, metric) / (figure(round, "librdkafka", metric)[0] ?? Number.NaN),
    );
    const toRival = median(toRivals);
    const toLimit = median(toLimits);
    const reaches = (limits: typeof must): boolean =>
      toRival >= limits.rival || toLimit >= limits.limit;
    const verdict = isRate
      ? reachedOf(reaches(aim), reaches(must))
      : reachedOf(toRival <= 1, toRival <= 1);
    const rivalSpread = spread(toRivals);
    return {
      metric: metric.name,
      toRival,
      rivalSpread,
      toLimit,
      limitSpread: spread(toLimits),
      verdict,
    };
  });
}

function reachedOf(isAim: boolean, isMust: boolean): ClientVerdict["verdict"] {
  if (isAim) return "aim";
  return isMust ? "must" : "missed";
}

function ours(round: ClientRound, metric: Metric): number {
  return figure(round, "millrace", metric)[0] ?? Number.NaN;
}

function figure(round: ClientRound, name: ClientName, metric: Metric): number[] {
  const sample = round[name];
  return sample === undefined ? [] : [metric.of(sample)];
}

/** The tables of docs/performance.md: figures with their ratios, then CPU and memory. */
export function clientTables(results: readonly ClientResult[]): string {
  const lines = [
    "| broker | work | metric | ours | kafkajs | @platformatic/kafka | librdkafka | x best JavaScript (spread) | x librdkafka (spread) | reached |",
    "|---|---|---|---|---|---|---|---|---|---|",
  ];
  for (const result of results) lines.push(...figureLines(result));
  lines.push(
    "",
    "| broker | work | CPU s per million: ours | kafkajs | @platformatic/kafka | librdkafka | most resident MB: ours | kafkajs | @platformatic/kafka | librdkafka |",
    "|---|---|---|---|---|---|---|---|---|---|",
  );
  for (const result of results) lines.push(costLine(result));
  return lines.join("\n");
}

function figureLines(result: ClientResult): readonly string[] {
  const { row, broker, rounds } = result;
  const verdicts = judgeClients(result);
  return metricsOf(row).map((metric, index) => {
    const verdict = verdicts[index];
    const figures = clientNames.map((name) => medianOf(rounds, name, metric.of));
    const cells = [
      broker,
      row.title,
      metric.name,
      ...figures,
      withSpread(verdict?.toRival, verdict?.rivalSpread),
      withSpread(verdict?.toLimit, verdict?.limitSpread),
      verdict?.verdict ?? "",
    ];
    return `| ${cells.join(" | ")} |`;
  });
}

function costLine({ row, broker, rounds }: ClientResult): string {
  const of = (pick: (sample: ClientSample) => number): readonly string[] =>
    clientNames.map((name) => medianOf(rounds, name, pick));
  const cpu = of((sample) => sample.cpuSecondsPerMillion);
  const memory = of((sample) => sample.residentMegabytes);
  return `| ${[broker, row.title, ...cpu, ...memory].join(" | ")} |`;
}

function medianOf(
  rounds: readonly ClientRound[],
  name: ClientName,
  pick: (sample: ClientSample) => number,
): string {
  const values = rounds.flatMap((round) => (round[name] === undefined ? [] : [pick(round[name])]));
  return values.length === 0 ? "–" : readable(median(values));
}

function withSpread(value = Number.NaN, range: readonly [number, number] = [0, 0]): string {
  if (!Number.isFinite(value)) return "–";
  return `**${readable(value)}** (${readable(range[0])}–${readable(range[1])})`;
}
