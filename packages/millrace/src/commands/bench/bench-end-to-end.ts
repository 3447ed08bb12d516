import { resolveRange } from "../../offsets/resolve-range.ts";
import type { Cli } from "../../tree/cli.ts";
import { chosenPartitions } from "../consume/chosen-partitions.ts";
import { consumerOffsets } from "../consume/consumer-offsets.ts";
import { showBench } from "./bench-facts.ts";
import { LatencyHistogram } from "./latency-histogram.ts";
import { Progress } from "./progress.ts";

interface BenchEndToEndValues {
  readonly topic: string;
  readonly records: number;
  readonly size: number;
}

/** Sends a record, waits until it comes back, and sends the next. */
export function benchEndToEnd(cli: Cli, values: BenchEndToEndValues): Promise<void> {
  const { topic, records, size } = values;
  const { clock } = cli.context;
  return cli.withClient(async (client) => {
    await using producer = client.producer({ lingerMs: 0 });
    await using consumer = client.consumer({ autoCommit: false, offsetReset: "latest" });
    const partitions = await chosenPartitions(client, [topic], undefined);
    const range = { from: { kind: "end" }, to: undefined } as const;
    const spans = await resolveRange(range, partitions, consumerOffsets(consumer));
    consumer.assign(spans.map((one) => ({ ...one, offset: one.from })));
    const histogram = new LatencyHistogram();
    using progress = new Progress(cli, records);
    const value = Buffer.alloc(size, "millrace ");
    const beganMs = clock.monotonicMs();
    let recordCount = 0;
    let sentMs = clock.monotonicMs();
    let sent = producer.send({ topic, value });
    if (records > 0) {
      for await (const batch of consumer.batches({ signal: cli.context.interruption() })) {
        histogram.add(clock.monotonicMs() - sentMs);
        recordCount += [...batch].length;
        await sent;
        if (recordCount >= records) break;
        progress.show(recordCount);
        sentMs = clock.monotonicMs();
        sent = producer.send({ topic, value });
      }
    }
    await sent;
    await showBench(cli, {
      recordCount,
      sizeBytes: recordCount * size,
      durationMs: clock.monotonicMs() - beganMs,
      latencyMs: histogram.facts(),
    });
  });
}
