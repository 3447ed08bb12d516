import path from "node:path";
import { type BrokerKind, type BrokerProcess, startBroker } from "./broker-process.ts";
import type { LoadClient } from "./load-client.ts";
import { settleDisk } from "./machine.ts";
import { latencyMetrics, type Target } from "./rows.ts";
import { median } from "./statistics.ts";

/** What a scenario works with: it starts and stops its brokers itself. */
export interface ScenarioContext {
  readonly client: LoadClient;
  readonly folder: string;
  readonly kafka: BrokerKind;
  /** Millrace with more configuration than both brokers share. */
  millrace(extra?: readonly string[]): BrokerKind;
}

/** What came out: one figure of each side, and what their ratio or the first one must be. */
export interface ScenarioResult {
  readonly title: string;
  readonly metric: string;
  readonly ours: number;
  /** Apache Kafka's figure, or that of a young node; undefined where a limit alone counts. */
  readonly theirs: number | undefined;
  readonly target: Target;
}

/** Work that needs brokers of its own. */
export interface Scenario {
  readonly name: string;
  run(context: ScenarioContext): Promise<readonly ScenarioResult[]>;
}

const CORE = "0";
const FIRST_PORT = 29_692;

interface Place {
  readonly name: string;
  readonly port?: number;
  readonly keep?: boolean;
}

function start(context: ScenarioContext, kind: BrokerKind, place: Place): Promise<BrokerProcess> {
  const { name, port = FIRST_PORT, keep = false } = place;
  return startBroker(kind, { folder: path.join(context.folder, name), port, core: CORE, keep });
}

/** fsync off on both sides: the promise of acks=all is Apache Kafka's own then. */
const latencyWithoutFsync: Scenario = {
  name: "latency-fsync-off",
  async run(context) {
    const ours = context.millrace(["millrace.acks.all.fsync.enable=false"]);
    const brokers = [
      await start(context, ours, { name: "fsync-off" }),
      await start(context, context.kafka, { name: "fsync-off-kafka", port: FIRST_PORT + 100 }),
    ];
    const figures: Record<string, number>[][] = [[], []];
    try {
      for (const broker of brokers) await warmLatency(broker, context.client);
      for (let run = 0; run < 3; run++) {
        for (const [side, broker] of brokers.entries()) {
          const topic = { brokers: broker.bootstrap, topic: `fsync-off-${run}` };
          await context.client.run("create", topic);
          await settleDisk();
          const options = { rate: 1000, size: 100, acks: "all", seconds: 8, ...topic };
          figures[side]?.push(latencyMetrics(await context.client.run("latency", options)));
        }
      }
    } finally {
      for (const broker of brokers) await broker.stop();
    }
    return ["delivery p99 ms", "delivery p99.9 ms", "end to end p99 ms"].map((metric) => {
      const [ours = 0, theirs = 0] = figures.map((runs) => median(runs.map((r) => r[metric] ?? 0)));
      const target: Target = { metric, better: "lower", must: 0.5, aim: 0.5 };
      return { title: "1,000 records/s, acks=all, fsync off", metric, ours, theirs, target };
    });
  },
};

async function warmLatency(broker: BrokerProcess, client: LoadClient): Promise<void> {
  const topic = { brokers: broker.bootstrap, topic: "warm" };
  await client.run("create", topic);
  const work = { count: 30_000, size: 100, linger: 0, "batch-records": 1 };
  await client.run("produce", { ...topic, ...work });
  await client.run("latency", { ...topic, rate: 1000, size: 100, acks: "all", seconds: 8 });
}

/** Start to the first answered Metadata, after a clean stop, with 1,000 partitions. */
const startWithPartitions: Scenario = {
  name: "start-1000-partitions",
  async run(context) {
    const seconds: number[] = [];
    for (const kind of [context.millrace(), context.kafka]) {
      const place = { name: `partitions-${kind.name}` };
      const first = await start(context, kind, place);
      const topics = { brokers: first.bootstrap, topic: "many", topics: 10, partitions: 100 };
      await context.client.run("create", topics);
      await first.stop();
      const starts: number[] = [];
      for (let run = 0; run < 3; run++) {
        const again = await start(context, kind, { ...place, keep: true });
        starts.push(again.startSeconds);
        await again.stop();
      }
      seconds.push(median(starts));
    }
    const [ours = Number.NaN, theirs] = seconds;
    const metric = "seconds";
    const target: Target = { metric, better: "lower", must: 0.2, aim: 0.1 };
    return [{ title: "start with 1,000 partitions", metric, ours, theirs, target }];
  },
};

/** Resident memory: at rest, and after exactly 10 GB produced and read. */
const memory: Scenario = {
  name: "memory",
  async run(context) {
    const idle: number[] = [];
    const loaded: number[] = [];
    for (const kind of [context.millrace(), context.kafka]) {
      const broker = await start(context, kind, { name: `memory-${kind.name}` });
      idle.push(broker.residentMegabytes().now);
      for (let round = 0; round < 5; round++) {
        const topic = { brokers: broker.bootstrap, topic: `memory-${round}` };
        const work = { count: 2_000_000, size: 1000 };
        await context.client.run("create", topic);
        await context.client.run("produce", { ...topic, ...work, batch: 1_000_000, linger: 5 });
        await context.client.run("consume", { ...topic, count: work.count });
        await context.client.run("delete", topic);
      }
      loaded.push(broker.residentMegabytes().peak);
      await broker.stop();
    }
    const limit = (must: number, aim: number): Target => {
      return { metric: "MB", better: "lower", must, aim };
    };
    return [
      memoryResult("resident at rest", idle, limit(110, 90)),
      memoryResult("peak after 10 GB produced and read", loaded, limit(300, 250)),
    ];
  },
};

function memoryResult(title: string, sides: readonly number[], target: Target): ScenarioResult {
  return { title, metric: "MB", ours: sides[0] ?? Number.NaN, theirs: sides[1], target };
}

const agedSegments = 20_000;
const agedBatches = 5_000_000;
/** A segment ends when its offset index is full: 8 bytes for each batch. */
const agedIndexBytes = (agedBatches / agedSegments) * 8;

/** Millrace after 5 million small batches in 20,000 segments, beside a young one. */
const aged: Scenario = {
  name: "aged",
  async run(context) {
    const old = await start(context, context.millrace(), { name: "aged" });
    const young = await start(context, context.millrace(["millrace.http.port=-1"]), {
      name: "young",
      port: FIRST_PORT + 100,
    });
    try {
      await age(old, context.client);
      return await compareAges(old, young, context.client);
    } finally {
      await old.stop();
      await young.stop();
    }
  },
};

async function age(broker: BrokerProcess, client: LoadClient): Promise<void> {
  const topic = { brokers: broker.bootstrap, topic: "aged" };
  const index = `segment.index.bytes=${agedIndexBytes}`;
  await client.run("create", { ...topic, config: ["index.interval.bytes=0", index] });
  const work = { count: agedBatches, size: 100, linger: 0, "batch-records": 1, "in-flight": 100 };
  await client.run("produce", { ...topic, ...work });
  await settleDisk();
}

const agedWork = [
  { name: "1,000 B, 1 MB batches", count: 1_000_000, size: 1000, batch: 1_000_000, linger: 5 },
  { name: "100 B, 16 KB batches", count: 3_000_000, size: 100, batch: 16_384, linger: 5 },
  { name: "one 100 B record a request", count: 60_000, size: 100, linger: 0, "batch-records": 1 },
];

async function compareAges(
  old: BrokerProcess,
  young: BrokerProcess,
  client: LoadClient,
): Promise<readonly ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  for (const { name, ...work } of agedWork) {
    const rates: number[][] = [[], []];
    for (let run = 0; run < 4; run++) {
      for (const [side, broker] of [old, young].entries()) {
        const topic = { brokers: broker.bootstrap, topic: `row-${results.length}-${run}` };
        await client.run("create", topic);
        const { records, seconds } = await client.run("produce", { ...topic, ...work });
        // The first run of each warms the young node's code.
        if (run > 0) rates[side]?.push(records / seconds);
        await client.run("delete", topic);
      }
    }
    const [ours = Number.NaN, theirs] = rates.map(median);
    const target: Target = { metric: "records/s", better: "higher", must: 0.9, aim: 1 };
    results.push({ title: `aged node: ${name}`, metric: "records/s", ours, theirs, target });
  }
  return results;
}

/** Every scenario, in the order of the table in docs/performance.md. */
export const scenarios: readonly Scenario[] = [
  latencyWithoutFsync,
  startWithPartitions,
  memory,
  aged,
];

/** A ratio where two sides were measured, the figure itself where a limit counts. */
export function judgeScenario(result: ScenarioResult): { value: number; verdict: string } {
  const { ours, theirs, target, metric } = result;
  const value = metric === "MB" || theirs === undefined ? ours : ours / theirs;
  const reaches = (limit: number): boolean =>
    target.better === "higher" ? value >= limit : value <= limit;
  return { value, verdict: reaches(target.aim) ? "aim" : reaches(target.must) ? "must" : "missed" };
}
