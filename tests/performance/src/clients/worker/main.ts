/**
 * One run of one client in a process of its own: `worker/main.ts CLIENT ACTION OPTIONS`, options as
 * JSON. Prints one line of JSON.
 */
import process from "node:process";
import type { ClientUnderTest } from "../client-under-test.ts";
import { Meter } from "../meter.ts";
import { percentilesOf } from "../percentiles.ts";
import type { WorkerOptions, WorkerResult } from "../worker-options.ts";

type Opener = (bootstrap: string) => ClientUnderTest;

/** A process has the modules of one library alone: the collector walks through what is loaded. */
const openers: Readonly<Record<string, () => Promise<Opener>>> = {
  millrace: async () => (await import("../millrace.ts")).openMillraceClient,
  kafkajs: async () => (await import("../kafkajs.ts")).openKafkajs,
  platformatic: async () => (await import("../platformatic.ts")).openPlatformatic,
};

type Action = (client: ClientUnderTest, options: WorkerOptions) => Promise<WorkerResult>;

const actions: Readonly<Record<string, Action>> = {
  "produce-each": produceEach,
  "produce-array": produceArrays,
  "produce-enqueue": produceEnqueued,
  "consume-each": (client, options) => consume(client, options, false),
  "consume-batch": (client, options) => consume(client, options, true),
  "send-latency": sendLatency,
  "round-trip": roundTrips,
};

/** Records that are not acknowledged yet, where each has a promise. */
const OUTSTANDING = 1_000;
/** Of an array, which is one request of libraries that do not gather. */
const ARRAY_RECORDS = 1_000;
const REQUESTS_IN_FLIGHT = 5;

async function produceEach(client: ClientUnderTest, options: WorkerOptions): Promise<WorkerResult> {
  const { topic, count, warmCount, size } = options;
  const producer = await client.openProducer(topic);
  const value = letters(size);
  const send = async (total: number): Promise<void> => {
    let left = total;
    const lane = async (): Promise<void> => {
      while (left-- > 0) await producer.sendOne(value);
    };
    await Promise.all(Array.from({ length: OUTSTANDING }, lane));
  };
  await send(warmCount);
  const meter = new Meter();
  await send(count);
  const result = meter.result(count);
  await producer.close();
  return result;
}

async function produceArrays(
  client: ClientUnderTest,
  options: WorkerOptions,
): Promise<WorkerResult> {
  const { topic, count, warmCount, size } = options;
  const producer = await client.openProducer(topic);
  const values = Array.from({ length: ARRAY_RECORDS }, () => letters(size));
  const send = async (total: number): Promise<void> => {
    let left = total;
    const lane = async (): Promise<void> => {
      for (; left > 0; ) {
        left -= ARRAY_RECORDS;
        await producer.sendArray(values);
      }
    };
    await Promise.all(Array.from({ length: REQUESTS_IN_FLIGHT }, lane));
  };
  await send(warmCount);
  const meter = new Meter();
  await send(count);
  const result = meter.result(count);
  await producer.close();
  return result;
}

/** Without a promise for each record; the first records, for warmth, are sent as arrays. */
async function produceEnqueued(
  client: ClientUnderTest,
  options: WorkerOptions,
): Promise<WorkerResult> {
  const { topic, count, warmCount, size } = options;
  const producer = await client.openProducer(topic);
  const { enqueue } = producer;
  if (enqueue === undefined) return produceArrays(client, options);
  const value = letters(size);
  for (let sent = 0; sent < warmCount; sent++) {
    const wait = enqueue(value);
    if (wait !== undefined) await wait;
  }
  const meter = new Meter();
  for (let sent = 0; sent < count; sent++) {
    const wait = enqueue(value);
    if (wait !== undefined) await wait;
  }
  await producer.flush();
  const result = meter.result(count);
  await producer.close();
  return result;
}

async function consume(
  client: ClientUnderTest,
  options: WorkerOptions,
  inBatches: boolean,
): Promise<WorkerResult> {
  const { topic, groupId, count, warmCount, size } = options;
  const all = Promise.withResolvers<WorkerResult>();
  let got = 0;
  let gotBytes = 0;
  let meter: Meter | undefined;
  let gotBefore = 0;
  const onRecords = (records: number, sizeBytes: number): void => {
    got += records;
    gotBytes += sizeBytes;
    if (got >= warmCount && meter === undefined) {
      meter = new Meter();
      gotBefore = got;
    } else if (got >= count && meter !== undefined && gotBytes >= count * size) {
      all.resolve(meter.result(got - gotBefore));
      gotBytes = Number.NEGATIVE_INFINITY;
    }
  };
  const consumer = await client.consume({ topic, groupId, inBatches, onRecords });
  const result = await all.promise;
  await consumer.close();
  return result;
}

/** One record at a time: the time until it is acknowledged. */
async function sendLatency(client: ClientUnderTest, options: WorkerOptions): Promise<WorkerResult> {
  const { topic, count, warmCount, size } = options;
  const producer = await client.openProducer(topic);
  const value = letters(size);
  for (let sent = 0; sent < warmCount; sent++) await producer.sendOne(value);
  const meter = new Meter();
  const times: number[] = [];
  for (let sent = 0; sent < count; sent++) {
    const began = performance.now();
    await producer.sendOne(value);
    times.push(performance.now() - began);
  }
  const result = meter.result(count);
  await producer.close();
  return { ...result, latencyMs: percentilesOf(times) };
}

/** One record at a time: the time until a consumer in the same process has it. */
async function roundTrips(client: ClientUnderTest, options: WorkerOptions): Promise<WorkerResult> {
  const { topic, groupId, count, warmCount, size } = options;
  const producer = await client.openProducer(topic);
  const value = letters(size);
  let arrived: (() => void) | undefined;
  const onRecords = (): void => arrived?.();
  const consumer = await client.consume({ topic, groupId, inBatches: false, onRecords });
  const times: number[] = [];
  const trip = async (): Promise<void> => {
    const began = performance.now();
    const arrival = new Promise<void>((resolve) => {
      arrived = () => {
        times.push(performance.now() - began);
        resolve();
      };
    });
    await Promise.all([producer.sendOne(value), arrival]);
  };
  for (let sent = 0; sent < warmCount; sent++) await trip();
  times.length = 0;
  const meter = new Meter();
  for (let sent = 0; sent < count; sent++) await trip();
  const result = meter.result(count);
  await consumer.close();
  return { ...result, latencyMs: percentilesOf(times) };
}

function letters(size: number): Buffer {
  let state = 12_345;
  return Buffer.from(
    Array.from({ length: size }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return 97 + ((state >>> 16) % 26);
    }),
  );
}

async function main(): Promise<void> {
  const [name = "", actionName = "", json = "{}"] = process.argv.slice(2);
  const load = openers[name];
  const action = actions[actionName];
  if (load === undefined || action === undefined) {
    throw new Error(`worker.ts CLIENT ACTION OPTIONS: no ${name} ${actionName}`);
  }
  const options = JSON.parse(json) as WorkerOptions;
  const open = await load();
  const result = await action(open(options.bootstrap), options);
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}

await main();
