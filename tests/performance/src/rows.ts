import type { BrokerProcess } from "./broker-process.ts";
import type { LoadClient, LoadOptions, LoadResult } from "./load-client.ts";
import { settleDisk } from "./machine.ts";

/** What one run of a row gave on one broker. */
export interface Sample {
  /** The figures, by metric name. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly brokerCpuSeconds: number;
  readonly clientCpuSeconds: number;
  readonly seconds: number;
}

/** What a row promises of a metric: Millrace's value divided by Apache Kafka's. */
export interface Target {
  readonly metric: string;
  readonly better: "higher" | "lower";
  readonly must: number;
  readonly aim: number;
}

/** A piece of work measured on both brokers in turn. */
export interface Row {
  readonly name: string;
  readonly title: string;
  readonly targets: readonly Target[];
  /** Whether its brokers have an encrypted listener, which their addresses name then. */
  readonly isEncrypted?: boolean;
  /** Runs it once. `run` counts up over the whole bench, for fresh topic names. */
  measure(broker: BrokerProcess, client: LoadClient, run: number): Promise<Sample>;
}

interface Work {
  readonly count: number;
  readonly size: number;
}

function produceRow(
  row: Pick<Row, "name" | "title" | "targets" | "isEncrypted">,
  work: Work & { readonly batch: number; readonly batchRecords?: number; readonly linger: number },
): Row {
  return {
    ...row,
    async measure(broker, client, run) {
      const topic = { ...broker.address, topic: `${row.name}-${run}` };
      await client.run("create", topic);
      const cpu = broker.cpuSeconds();
      const result = await client.run("produce", {
        ...topic,
        count: work.count,
        size: work.size,
        batch: work.batch,
        linger: work.linger,
        ...(work.batchRecords === undefined ? {} : { "batch-records": work.batchRecords }),
      });
      const sample = throughput(result, work, broker.cpuSeconds() - cpu);
      await client.run("delete", topic);
      return sample;
    },
  };
}

function throughput(result: LoadResult, work: Work, brokerCpuSeconds: number): Sample {
  const gigabytes = (result.records * work.size) / 1e9;
  return {
    metrics: {
      "records/s": result.records / result.seconds,
      "MB/s": (gigabytes * 1000) / result.seconds,
      "CPU s/GB": brokerCpuSeconds / gigabytes,
    },
    brokerCpuSeconds,
    clientCpuSeconds: result.clientCpuSeconds,
    seconds: result.seconds,
  };
}

function catchUpRow(row: Pick<Row, "name" | "title" | "targets" | "isEncrypted">): Row {
  return {
    ...row,
    async measure(broker, client, run) {
      const work = { count: 2_000_000, size: 1000 };
      const topic = { ...broker.address, topic: `${row.name}-${run}` };
      await client.run("create", topic);
      await client.run("produce", { ...topic, ...work, batch: 1_000_000, linger: 5 });
      const cpu = broker.cpuSeconds();
      const result = await client.run("consume", { ...topic, count: work.count });
      const sample = throughput(result, work, broker.cpuSeconds() - cpu);
      await client.run("delete", topic);
      return sample;
    },
  };
}

const atTheTail: Row = {
  name: "consume-at-the-tail",
  title: "consume 1,000 B at the tail while it is produced",
  targets: [{ metric: "MB/s", better: "higher", must: 1, aim: 1.2 }],
  async measure(broker, client, run) {
    const work = { count: 1_000_000, size: 1000 };
    const topic = { brokers: broker.bootstrap, topic: `${this.name}-${run}` };
    await client.run("create", topic);
    const cpu = broker.cpuSeconds();
    const reader = client.start("consume", { ...topic, count: work.count, from: "end" });
    await reader.ready;
    await client.run("produce", { ...topic, ...work, batch: 1_000_000, linger: 5 });
    const sample = throughput(await reader.result, work, broker.cpuSeconds() - cpu);
    await client.run("delete", topic);
    return sample;
  },
};

const LATENCY_TARGETS: readonly Target[] = [
  { metric: "delivery p99 ms", better: "lower", must: 1, aim: 0.5 },
  { metric: "delivery p99.9 ms", better: "lower", must: 1, aim: 0.5 },
  { metric: "end to end p99 ms", better: "lower", must: 1, aim: 0.5 },
  { metric: "end to end p99.9 ms", better: "lower", must: 1, aim: 0.5 },
];

const steadyRate: Row = {
  name: "latency",
  title: "1,000 records/s of 100 B, acks=all",
  targets: LATENCY_TARGETS,
  async measure(broker, client, run) {
    const topic = { brokers: broker.bootstrap, topic: `${this.name}-${run}` };
    await client.run("create", topic);
    await settleDisk();
    const sample = await latency(broker, client, { ...topic, seconds: 15 });
    await client.run("delete", topic);
    return sample;
  },
};

/** Long enough for the cleaner, which looks every 15 s, to begin and to work. */
const compactionSeconds = 20;

const besideCompaction: Row = {
  name: "latency-beside-compaction",
  title: "the same, while a compacted topic is cleaned",
  targets: LATENCY_TARGETS,
  async measure(broker, client, run) {
    const topic = { brokers: broker.bootstrap, topic: `${this.name}-${run}` };
    const compacted = { brokers: broker.bootstrap, topic: `${this.name}-cleaned-${run}` };
    const config = [
      "cleanup.policy=compact",
      "segment.bytes=20000000",
      "min.cleanable.dirty.ratio=0.01",
    ];
    await client.run("create", topic);
    await client.run("create", { ...compacted, config });
    const work = { count: 500_000, size: 1000, batch: 100_000, linger: 5, keys: 50_000 };
    await client.run("produce", { ...compacted, ...work });
    await settleDisk();
    const sample = await latency(broker, client, { ...topic, seconds: compactionSeconds });
    await client.run("delete", topic);
    await client.run("delete", compacted);
    return sample;
  },
};

/** Latency of a steady stream of acks=all records; the options name the topic. */
async function latency(
  broker: BrokerProcess,
  client: LoadClient,
  options: LoadOptions,
): Promise<Sample> {
  const cpu = broker.cpuSeconds();
  const result = await client.run("latency", { rate: 1000, size: 100, acks: "all", ...options });
  return {
    metrics: latencyMetrics(result),
    brokerCpuSeconds: broker.cpuSeconds() - cpu,
    clientCpuSeconds: result.clientCpuSeconds,
    seconds: result.seconds,
  };
}

/** The percentiles of a run, by the names that targets use. */
export function latencyMetrics(result: LoadResult): Record<string, number> {
  return {
    "delivery p50 ms": result.deliveryMs?.p50 ?? Number.NaN,
    "delivery p99 ms": result.deliveryMs?.p99 ?? Number.NaN,
    "delivery p99.9 ms": result.deliveryMs?.p999 ?? Number.NaN,
    "end to end p99 ms": result.endToEndMs?.p99 ?? Number.NaN,
    "end to end p99.9 ms": result.endToEndMs?.p999 ?? Number.NaN,
  };
}

const beside: Row = {
  name: "latency-beside-cold-reader",
  title: "the same, while a cold consumer reads",
  targets: LATENCY_TARGETS,
  async measure(broker, client, run) {
    const topic = { brokers: broker.bootstrap, topic: `${this.name}-${run}` };
    const cold = { brokers: broker.bootstrap, topic: `${this.name}-cold-${run}` };
    const work = { count: 4_000_000, size: 1000 };
    await client.run("create", topic);
    await client.run("create", cold);
    await client.run("produce", { ...cold, ...work, batch: 1_000_000, linger: 5 });
    await settleDisk();
    const reader = client.start("consume", { ...cold, count: work.count });
    const sample = await latency(broker, client, { ...topic, seconds: 15 });
    await reader.result;
    await client.run("delete", topic);
    await client.run("delete", cold);
    return sample;
  },
};

const manyPartitions: Row = {
  name: "many-partitions",
  title: "64 topics x 16 partitions, 4 producers, 4 consumers, 1,000 B",
  targets: [{ metric: "MB/s", better: "higher", must: 1, aim: 1.5 }],
  async measure(broker, client, run) {
    const work = { count: 1_000_000, size: 1000 };
    const topic = { brokers: broker.bootstrap, topic: `${this.name}-${run}`, topics: 64 };
    await client.run("create", { ...topic, partitions: 16 });
    const cpu = broker.cpuSeconds();
    const result = await client.run("mixed", { ...topic, partitions: 16, ...work });
    const sample = throughput(result, work, broker.cpuSeconds() - cpu);
    await client.run("delete", topic);
    return sample;
  },
};

const encryptedTargets: readonly Target[] = [
  { metric: "MB/s", better: "higher", must: 1, aim: 1.5 },
  { metric: "CPU s/GB", better: "lower", must: 1, aim: 0.67 },
];

/**
 * Every row that runs on brokers which stay up, in the order of the table in docs/performance.md.
 */
export const rows: readonly Row[] = [
  produceRow(
    {
      name: "produce-large",
      title: "produce 1,000 B, 1 MB batches, acks=1",
      targets: [
        { metric: "MB/s", better: "higher", must: 1.1, aim: 1.3 },
        { metric: "CPU s/GB", better: "lower", must: 1, aim: 0.8 },
      ],
    },
    { count: 1_000_000, size: 1000, batch: 1_000_000, linger: 5 },
  ),
  produceRow(
    {
      name: "produce-small",
      title: "produce 100 B, 16 KB batches, acks=1",
      targets: [
        { metric: "records/s", better: "higher", must: 1.4, aim: 2 },
        { metric: "CPU s/GB", better: "lower", must: 0.6, aim: 0.5 },
      ],
    },
    { count: 3_000_000, size: 100, batch: 16_384, linger: 5 },
  ),
  produceRow(
    {
      name: "produce-single",
      title: "produce one 100 B record a request, acks=1",
      targets: [{ metric: "records/s", better: "higher", must: 3.5, aim: 6 }],
    },
    { count: 60_000, size: 100, batch: 16_384, batchRecords: 1, linger: 0 },
  ),
  atTheTail,
  catchUpRow({
    name: "consume-catching-up",
    title: "consume 1,000 B catching up, from the page cache",
    targets: [
      { metric: "MB/s", better: "higher", must: 0.85, aim: 1 },
      { metric: "CPU s/GB", better: "lower", must: 2, aim: 1.5 },
    ],
  }),
  steadyRate,
  beside,
  besideCompaction,
  manyPartitions,
  produceRow(
    {
      name: "tls-produce",
      title: "produce 1,000 B, 1 MB batches, acks=1, over TLS 1.3",
      targets: encryptedTargets,
      isEncrypted: true,
    },
    { count: 1_000_000, size: 1000, batch: 1_000_000, linger: 5 },
  ),
  catchUpRow({
    name: "tls-consume",
    title: "consume 1,000 B catching up, over TLS 1.3",
    targets: encryptedTargets,
    isEncrypted: true,
  }),
];
