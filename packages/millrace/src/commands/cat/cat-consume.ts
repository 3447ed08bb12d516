import type { Client, Consumer, ConsumerRecord } from "@millrace/client";
import { type PartitionSpan, resolveRange } from "../../offsets/resolve-range.ts";
import type { Cli } from "../../tree/cli.ts";
import { UsageError } from "../../usage-error.ts";
import { chosenPartitions } from "../consume/chosen-partitions.ts";
import { consumerOffsets } from "../consume/consumer-offsets.ts";
import { EndWatch } from "../consume/end-watch.ts";
import { catForm } from "./cat-form.ts";
import { catOffset } from "./cat-offset.ts";
import type { CatValues } from "./cat-values.ts";

/** kcat's `-C`: partitions of a topic, without a group. */
export async function catPartitions(cli: Cli, topic: string, values: CatValues): Promise<void> {
  const range = catOffset(values.o ?? []);
  const isEnding = values.e === true && range.to === undefined;
  const wanted = isEnding ? { ...range, to: { kind: "end" } as const } : range;
  await cli.withClient(async (client) => {
    await using consumer = client.consumer({ autoCommit: false, offsetReset: "earliest" });
    const partitions = await chosenPartitions(client, [topic], partitionOf(values));
    const spans = await resolveRange(wanted, partitions, consumerOffsets(consumer));
    const sink = new CatSink(cli, values, await leadersOf(client, topic));
    await readSpans(cli, consumer, spans, sink);
    if (!sink.isFull) noteEnds(cli, spans, isEnding);
  });
}

/** kcat's `-G`: topics as a member of a group. */
export async function catGroup(
  cli: Cli,
  groupId: string,
  topics: readonly string[],
  values: CatValues,
): Promise<void> {
  if (topics.length === 0) throw new UsageError("cat: -G takes topics behind the group");
  const reset = values.X?.findLast((one) => one.startsWith("auto.offset.reset="));
  const isFromStart = /=(?:earliest|smallest|beginning)$/u.test(reset ?? "");
  await cli.withClient(async (client) => {
    const offsetReset = isFromStart ? "earliest" : "latest";
    await using consumer = client.consumer({ groupId, offsetReset, autoCommit: false });
    const sink = new CatSink(cli, values, await leadersOf(client, topics[0] ?? ""));
    await consumer.subscribe([...topics]);
    for await (const batch of consumer.batches({ signal: cli.context.interruption() })) {
      const behind = new Map<string, { topic: string; partition: number; offset: bigint }>();
      for (const record of batch) {
        const { topic, partition, offset } = record;
        await sink.show(record);
        behind.set(`${topic}-${partition}`, { topic, partition, offset: offset + 1n });
        if (sink.isFull) break;
      }
      await sink.flush();
      await consumer.commit([...behind.values()]);
      if (sink.isFull) return;
    }
  });
}

function partitionOf({ p }: CatValues): readonly number[] | undefined {
  if (p === undefined || p === "-1") return undefined;
  if (/^\d+$/u.test(p)) return [Number(p)];
  throw new UsageError(`cat: -p takes a partition, not "${p}"`);
}

async function leadersOf(client: Client, topic: string): Promise<ReadonlyMap<number, number>> {
  await using admin = client.admin();
  const described = (await admin.describeTopics([topic])).get(topic);
  const partitions = described instanceof Error ? [] : (described?.partitions ?? []);
  return new Map(partitions.map(({ partition, leader }) => [partition, leader]));
}

async function readSpans(
  cli: Cli,
  consumer: Consumer,
  spans: readonly PartitionSpan[],
  sink: CatSink,
): Promise<void> {
  const open = spans.filter(({ from, end }) => end === undefined || from < end);
  if (open.length === 0) return;
  consumer.assign(open.map(({ topic, partition, from }) => ({ topic, partition, offset: from })));
  using watch = new EndWatch(consumer, open, cli.context.clock);
  const signal = AbortSignal.any([cli.context.interruption(), watch.ended]);
  for await (const batch of consumer.batches({ signal })) {
    for (const record of batch) {
      if (watch.isWithin(record)) await sink.show(record);
      if (sink.isFull) break;
    }
    await sink.flush();
    if (sink.isFull) return;
  }
}

function noteEnds(cli: Cli, spans: readonly PartitionSpan[], isEnd: boolean): void {
  const what = isEnd ? "end of" : "stop timestamp for";
  for (const [index, { topic, partition, end }] of spans.entries()) {
    const last = index === spans.length - 1 ? ": exiting" : "";
    cli.note(`% Reached ${what} topic ${topic} [${partition}] at offset ${end ?? 0}${last}`);
  }
}

/** Prints records, as many as were wanted. */
class CatSink {
  readonly #cli: Cli;
  readonly #values: CatValues;
  readonly #form: (record: ConsumerRecord) => Buffer;
  #waiting: Buffer[] = [];
  #recordCount = 0;

  constructor(cli: Cli, values: CatValues, leaders: ReadonlyMap<number, number>) {
    this.#cli = cli;
    this.#values = values;
    this.#form = catForm(values, ({ partition }) => leaders.get(partition) ?? -1);
  }

  get isFull(): boolean {
    return this.#recordCount >= (this.#values.c ?? Number.POSITIVE_INFINITY);
  }

  async show(record: ConsumerRecord): Promise<void> {
    this.#recordCount += 1;
    this.#waiting.push(this.#form(record));
    if (this.#values.u === true) await this.flush();
  }

  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    if (bytes.length > 0) await this.#cli.context.write(bytes);
  }
}
