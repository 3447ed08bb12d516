import type { Consumer, ConsumerRecord } from "@millrace/client";
import { type PartitionSpan, resolveRange } from "../../offsets/resolve-range.ts";
import type { Cli } from "../../tree/cli.ts";
import { chosenPartitions } from "../consume/chosen-partitions.ts";
import { consumerOffsets } from "../consume/consumer-offsets.ts";
import { EndWatch } from "../consume/end-watch.ts";
import { tailLine } from "./tail-line.ts";

/** What `millrace tail` was told. */
export interface TailValues {
  readonly topics: readonly string[];
  readonly lines: number;
  readonly keys?: true | undefined;
  readonly count?: number | undefined;
}

/** Shows the last records of topics, then what comes in until it is interrupted. */
export function tailTopics(cli: Cli, values: TailValues): Promise<void> {
  const isColoured = cli.context.terminal.isOutputTerminal;
  let left = values.count ?? Number.POSITIVE_INFINITY;
  const show = async (record: ConsumerRecord): Promise<void> => {
    left -= 1;
    await cli.context.write(tailLine(record, { isColoured, hasKey: values.keys === true }));
  };
  return cli.withClient(async (client) => {
    await using consumer = client.consumer({ autoCommit: false, offsetReset: "latest" });
    const partitions = await chosenPartitions(client, values.topics, undefined);
    const range = { from: { kind: "fromEnd", count: values.lines }, to: { kind: "end" } } as const;
    const spans = await resolveRange(range, partitions, consumerOffsets(consumer));
    const last = (await recordsIn(cli, consumer, spans)).slice(-values.lines);
    for (const record of values.lines === 0 ? [] : last) if (left > 0) await show(record);
    if (left <= 0) return;
    consumer.assign(
      spans.map(({ topic, partition, end }) => ({ topic, partition, offset: end ?? 0 })),
    );
    // Partitions were paused where their last records ended.
    consumer.resume(partitions);
    const signal = cli.context.interruption();
    for await (const batch of consumer.batches({ signal })) {
      for (const record of batch) {
        await show(record);
        if (left <= 0) return;
      }
    }
  });
}

/** The records of spans, in the order of their timestamps. */
async function recordsIn(
  cli: Cli,
  consumer: Consumer,
  spans: readonly PartitionSpan[],
): Promise<readonly ConsumerRecord[]> {
  const open = spans.filter(({ from, end }) => end !== undefined && from < end);
  if (open.length === 0) return [];
  consumer.assign(open.map(({ topic, partition, from }) => ({ topic, partition, offset: from })));
  using watch = new EndWatch(consumer, open, cli.context.clock);
  const signal = AbortSignal.any([cli.context.interruption(), watch.ended]);
  const records: ConsumerRecord[] = [];
  for await (const batch of consumer.batches({ signal })) {
    for (const record of batch) if (watch.isWithin(record)) records.push(record);
  }
  return records.toSorted((a, b) => a.timestamp - b.timestamp);
}
