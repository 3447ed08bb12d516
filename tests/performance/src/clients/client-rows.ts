import type { LoadOptions } from "../load-client.ts";

/** The clients beside each other; librdkafka is the limit, not a rival. */
export const clientNames = ["millrace", "kafkajs", "platformatic", "librdkafka"] as const;
export type ClientName = (typeof clientNames)[number];
/** The others that are written in JavaScript. */
export const rivals: readonly ClientName[] = ["kafkajs", "platformatic"];

/** Work that every client does on each broker. */
export interface ClientRow {
  readonly name: string;
  readonly title: string;
  /** What the worker is told to do. */
  readonly action: string;
  /** Bytes of a value. */
  readonly size: number;
  /** What is compared: records a second, or percentiles of a time. */
  readonly measures: "rate" | "latency";
  /** Whether it reads what was produced before, or writes to a topic of its own. */
  readonly reads: boolean;
  readonly count: Readonly<Record<ClientName, number>>;
  /** What the load client on librdkafka is told; undefined: it does not do this work. */
  readonly load: LoadOptions | undefined;
}

type RateRow = Pick<ClientRow, "name" | "title" | "action" | "size" | "count">;

/** Enough records for half a second and more, of each client at its speed. */
function counts(ours: number, theirs: number, limit: number): ClientRow["count"] {
  return { millrace: ours, kafkajs: theirs, platformatic: theirs, librdkafka: limit };
}

function produce(row: RateRow): ClientRow {
  const load = { acks: "all", batch: 1_000_000, linger: 5 };
  return { ...row, measures: "rate", reads: false, load };
}

function consume(row: Omit<RateRow, "count">): ClientRow {
  const count = readCounts[row.size] ?? 0;
  return {
    ...row,
    count: counts(count, count, count),
    measures: "rate",
    reads: true,
    load: {},
  };
}

function latency(row: Pick<ClientRow, "name" | "title" | "action">): ClientRow {
  const count = counts(1_500, 1_500, 0);
  return { ...row, size: 100, count, measures: "latency", reads: false, load: undefined };
}

/** How many records are read, by their size. */
export const readCounts: Readonly<Record<number, number>> = { 100: 3_000_000, 1000: 600_000 };

const promises = "a promise for each record, 1,000 outstanding";
const arrays = "arrays of 1,000, five outstanding";
const without = "no promise for a record";

/** Every row, in the order of the tables in docs/performance.md. */
export const clientRows: readonly ClientRow[] = [
  produce({
    name: "produce-each-100",
    title: `produce 100 B, ${promises}`,
    action: "produce-each",
    size: 100,
    count: counts(800_000, 30_000, 2_000_000),
  }),
  produce({
    name: "produce-array-100",
    title: `produce 100 B, ${arrays}`,
    action: "produce-array",
    size: 100,
    count: counts(1_000_000, 300_000, 2_000_000),
  }),
  produce({
    name: "produce-enqueue-100",
    title: `produce 100 B, ${without}`,
    action: "produce-enqueue",
    size: 100,
    count: counts(3_000_000, 300_000, 2_000_000),
  }),
  produce({
    name: "produce-each-1000",
    title: `produce 1,000 B, ${promises}`,
    action: "produce-each",
    size: 1000,
    count: counts(300_000, 30_000, 500_000),
  }),
  produce({
    name: "produce-array-1000",
    title: `produce 1,000 B, ${arrays}`,
    action: "produce-array",
    size: 1000,
    count: counts(400_000, 150_000, 500_000),
  }),
  produce({
    name: "produce-enqueue-1000",
    title: `produce 1,000 B, ${without}`,
    action: "produce-enqueue",
    size: 1000,
    count: counts(600_000, 150_000, 500_000),
  }),
  consume({
    name: "consume-each-100",
    title: "consume 100 B, record by record",
    action: "consume-each",
    size: 100,
  }),
  consume({
    name: "consume-batch-100",
    title: "consume 100 B, in batches",
    action: "consume-batch",
    size: 100,
  }),
  consume({
    name: "consume-each-1000",
    title: "consume 1,000 B, record by record",
    action: "consume-each",
    size: 1000,
  }),
  consume({
    name: "consume-batch-1000",
    title: "consume 1,000 B, in batches",
    action: "consume-batch",
    size: 1000,
  }),
  latency({
    name: "send-latency",
    title: "one record sent and awaited after the other",
    action: "send-latency",
  }),
  latency({
    name: "round-trip",
    title: "one record sent and consumed after the other",
    action: "round-trip",
  }),
];
