import type { Client, Consumer, ConsumerRecord } from "@millrace/client";
import { parseOffsetRange } from "../../offsets/offset-range.ts";
import { type PartitionSpan, resolveRange } from "../../offsets/resolve-range.ts";
import type { OutputForm } from "../../records/record-writer.ts";
import { unescapeText } from "../../records/unescape-text.ts";
import type { Cli } from "../../tree/cli.ts";
import { UsageError } from "../../usage-error.ts";
import { consumerOffsets } from "./consumer-offsets.ts";
import { EndWatch } from "./end-watch.ts";
import { chosenPartitions } from "./chosen-partitions.ts";
import { RecordSink } from "./record-sink.ts";

/** What `millrace consume` was told. */
export interface ConsumeValues {
  readonly topics: readonly string[];
  readonly offset: string;
  readonly partition?: readonly number[] | undefined;
  readonly group?: string | undefined;
  readonly count?: number | undefined;
  readonly exit?: true | undefined;
  readonly keys?: true | undefined;
  readonly json?: true | undefined;
  readonly valueJson?: true | undefined;
  readonly csv?: true | undefined;
  readonly format?: string | undefined;
  readonly delimiter: string;
  readonly filter?: string | undefined;
  readonly jq?: string | undefined;
  readonly isolation: "read_uncommitted" | "read_committed";
}

/** Reads records as a member of a group, or partitions by their offsets, and shows them. */
export async function consumeRecords(cli: Cli, values: ConsumeValues): Promise<void> {
  check(values);
  using sink = await RecordSink.open(cli.context, {
    form: formOf(values),
    recordCountMax: values.count,
    filter: values.filter,
    jq: values.jq,
  });
  await cli.withClient((client) =>
    values.group === undefined
      ? readPartitions(cli, client, values, sink)
      : readAsMember(cli, client, { ...values, group: values.group }, sink),
  );
  await sink.flush();
  if (cli.context.terminal.isErrorTerminal) cli.note(`${sink.recordCount} records`);
}

function check(values: ConsumeValues): void {
  const forms = [values.json, values.valueJson, values.csv, values.format, values.keys];
  if (forms.filter((one) => one !== undefined).length > 1) {
    throw new UsageError("consume: choose one of --keys, --json, --value-json, --csv, --format");
  }
  if (values.group === undefined) return;
  if (values.partition !== undefined) {
    throw new UsageError("consume: a member of a group (-g) gets its partitions from the group");
  }
  if (values.exit === true) {
    throw new UsageError("consume: -e is for partitions; with -g say how many records: -n 100");
  }
}

function formOf(values: ConsumeValues): OutputForm {
  if (values.json === true) return { kind: "json", isValueJson: false };
  if (values.valueJson === true || values.jq !== undefined) {
    return { kind: "json", isValueJson: true };
  }
  if (values.csv === true) return { kind: "csv" };
  if (values.format !== undefined) return { kind: "format", format: values.format };
  const delimiter = unescapeText(values.delimiter);
  return { kind: "value", hasKey: values.keys === true, delimiter };
}

/** From where the group stands; where it stands nowhere, from where `-o` says. */
async function readAsMember(
  cli: Cli,
  client: Client,
  values: ConsumeValues & { readonly group: string },
  sink: RecordSink,
): Promise<void> {
  const { from } = parseOffsetRange(values.offset, cli.context.clock.nowMs());
  if (from.kind !== "start" && from.kind !== "end") {
    throw new UsageError("consume: with -g, -o takes start or end: the group keeps its offsets");
  }
  await using consumer = client.consumer({
    groupId: values.group,
    offsetReset: from.kind === "start" ? "earliest" : "latest",
    isolation: values.isolation,
    autoCommit: false,
  });
  await consumer.subscribe(values.topics);
  for await (const batch of consumer.batches({ signal: cli.context.interruption() })) {
    let shown: ConsumerRecord | undefined;
    for (const record of batch) {
      const wait = sink.show(record);
      if (wait !== undefined) await wait;
      shown = record;
      if (sink.isFull) break;
    }
    await sink.flush();
    // What was shown is done; what is left of the batch is the group's again.
    if (shown !== undefined) await consumer.commit(offsetsBehind(batch, shown));
    if (sink.isFull) return;
  }
}

/** The offsets behind each partition's last record up to one of them. */
function offsetsBehind(batch: Iterable<ConsumerRecord>, last: ConsumerRecord) {
  const behind = new Map<string, { topic: string; partition: number; offset: bigint }>();
  for (const record of batch) {
    const { topic, partition, offset } = record;
    behind.set(`${topic}-${partition}`, { topic, partition, offset: offset + 1n });
    if (record === last) break;
  }
  return [...behind.values()];
}

async function readPartitions(
  cli: Cli,
  client: Client,
  values: ConsumeValues,
  sink: RecordSink,
): Promise<void> {
  const range = parseOffsetRange(values.offset, cli.context.clock.nowMs());
  const isEnding = values.exit === true && range.to === undefined;
  await using consumer = client.consumer({
    isolation: values.isolation,
    autoCommit: false,
    offsetReset: "earliest",
  });
  const partitions = await chosenPartitions(client, values.topics, values.partition);
  const wanted = isEnding ? { ...range, to: { kind: "end" } as const } : range;
  const spans = await resolveRange(wanted, partitions, consumerOffsets(consumer));
  await readSpans(consumer, spans, sink, cli);
}

async function readSpans(
  consumer: Consumer,
  spans: readonly PartitionSpan[],
  sink: RecordSink,
  cli: Cli,
): Promise<void> {
  const open = spans.filter(({ from, end }) => end === undefined || from < end);
  if (open.length === 0) return;
  consumer.assign(open.map(({ topic, partition, from }) => ({ topic, partition, offset: from })));
  using watch = new EndWatch(consumer, open, cli.context.clock);
  const signal = AbortSignal.any([cli.context.interruption(), watch.ended]);
  for await (const batch of consumer.batches({ signal })) {
    for (const record of batch) {
      if (!watch.isWithin(record)) continue;
      const wait = sink.show(record);
      if (wait !== undefined) await wait;
      if (sink.isFull) return;
    }
    await sink.flush();
  }
}
