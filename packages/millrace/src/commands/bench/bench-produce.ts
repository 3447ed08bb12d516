import type { Cli } from "../../tree/cli.ts";
import { Pace } from "../produce/pace.ts";
import { showBench } from "./bench-facts.ts";
import { LatencyHistogram } from "./latency-histogram.ts";
import { Progress } from "./progress.ts";

interface BenchProduceValues {
  readonly topic: string;
  readonly records: number;
  readonly size: number;
  readonly rate?: number | undefined;
  readonly compression: "none" | "gzip" | "snappy" | "lz4" | "zstd";
  readonly acks: "all" | "1" | "0";
}

/** So many records wait for their acknowledgement at most: more would measure the queue alone. */
const openMax = 10_000;

const ackCounts = { "0": 0, "1": 1 } as const;

/** Produces records and measures each one's way to its acknowledgement. */
export function benchProduce(cli: Cli, values: BenchProduceValues): Promise<void> {
  const { topic, records, size, rate, compression } = values;
  const { clock } = cli.context;
  const acks = values.acks === "all" ? "all" : ackCounts[values.acks];
  return cli.withClient(async (client) => {
    await using producer = client.producer({ compression, acks });
    const histogram = new LatencyHistogram();
    using progress = new Progress(cli, records);
    const signal = cli.context.interruption();
    const pace = rate === undefined ? undefined : new Pace(clock, rate);
    const value = Buffer.alloc(size, "millrace ");
    const open = new Set<Promise<void>>();
    await client.connect();
    const beganMs = clock.monotonicMs();
    let sent = 0;
    for (; sent < records && !signal.aborted; sent += 1) {
      const sentMs = clock.monotonicMs();
      const wait = producer.send({ topic, value }).then(() => {
        histogram.add(clock.monotonicMs() - sentMs);
        open.delete(wait);
      });
      open.add(wait);
      if (open.size >= openMax) await Promise.race(open);
      await pace?.next(signal);
      progress.show(sent);
    }
    await Promise.all(open);
    await showBench(cli, {
      recordCount: sent,
      sizeBytes: sent * size,
      durationMs: clock.monotonicMs() - beganMs,
      latencyMs: histogram.facts(),
    });
  });
}
