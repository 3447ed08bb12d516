import { resolveRange } from "../../offsets/resolve-range.ts";
import type { Cli } from "../../tree/cli.ts";
import { chosenPartitions } from "../consume/chosen-partitions.ts";
import { consumerOffsets } from "../consume/consumer-offsets.ts";
import { EndWatch } from "../consume/end-watch.ts";
import { showBench } from "./bench-facts.ts";
import { Progress } from "./progress.ts";

interface BenchConsumeValues {
  readonly topic: string;
  readonly records?: number | undefined;
}

/** Reads a topic from its start and counts. */
export function benchConsume(cli: Cli, { topic, records }: BenchConsumeValues): Promise<void> {
  const { clock } = cli.context;
  return cli.withClient(async (client) => {
    await using consumer = client.consumer({ autoCommit: false, offsetReset: "earliest" });
    const partitions = await chosenPartitions(client, [topic], undefined);
    const range = { from: { kind: "start" }, to: { kind: "end" } } as const;
    const all = await resolveRange(range, partitions, consumerOffsets(consumer));
    const spans = all.filter(({ from, end }) => end !== undefined && from < end);
    const total = spans.reduce((sum, { from, end }) => sum + (end ?? from) - from, 0);
    const wanted = Math.min(total, records ?? total);
    using progress = new Progress(cli, wanted);
    const beganMs = clock.monotonicMs();
    let recordCount = 0;
    let sizeBytes = 0;
    if (wanted > 0) {
      consumer.assign(spans.map((one) => ({ ...one, offset: one.from })));
      using watch = new EndWatch(consumer, spans, clock);
      const signal = AbortSignal.any([cli.context.interruption(), watch.ended]);
      for await (const batch of consumer.batches({ signal })) {
        for (const record of batch) {
          recordCount += 1;
          sizeBytes += record.valueBytes?.length ?? 0;
        }
        progress.show(recordCount);
        if (recordCount >= wanted) break;
      }
    }
    const durationMs = clock.monotonicMs() - beganMs;
    await showBench(cli, { recordCount, sizeBytes, durationMs });
  });
}
