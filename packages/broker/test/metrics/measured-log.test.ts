import assert from "node:assert/strict";
import { test } from "node:test";

import type { CoordinatorAppend, CoordinatorLog } from "@millrace/coordinators";
import { simPlatform } from "@millrace/platform/sim";

import { MeasuredLog } from "../../src/metrics/measured-log.ts";
import { ShardMetrics } from "../../src/metrics/shard-metrics.ts";

/** A log whose high watermark the test moves. */
class HeldLog implements CoordinatorLog {
  readonly topic = "__test";
  readonly partition = 0;
  readonly logStartOffset = 0;
  readonly batchSizeBytesMax = 100;
  logEndOffset = 0;
  highWatermark = 0;
  #listener: (end: number) => void = () => {};

  append(batch: Buffer): CoordinatorAppend {
    if (batch.length > this.batchSizeBytesMax)
      return { kind: "refused", error: "RECORD_TOO_LARGE" };
    const baseOffset = this.logEndOffset++;
    return { kind: "appended", baseOffset, endOffset: this.logEndOffset };
  }

  read(): Promise<Buffer> {
    return Promise.resolve(Buffer.alloc(0));
  }

  onHighWatermark(listener: (end: number) => void): () => void {
    this.#listener = listener;
    return () => {};
  }

  commit(end: number): void {
    this.highWatermark = end;
    this.#listener(end);
  }
}

test("a batch counts when it is taken, and its wait when it is committed", async () => {
  const { metrics, clock } = simPlatform({ seed: 1 });
  const source = { phases: () => [], pendingCount: () => 0 };
  const held = new HeldLog();
  const log = new MeasuredLog(held, new ShardMetrics(metrics, "group", source), clock);
  const told: number[] = [];
  log.onHighWatermark((end) => told.push(end));
  log.append(Buffer.alloc(10));
  log.append(Buffer.alloc(20));
  assert.equal(log.append(Buffer.alloc(200)).kind, "refused");
  const count = (attribute: string): string | undefined =>
    new RegExp(`metrics_${attribute}_count (\\d+)`).exec(metrics.exposition())?.[1];
  assert.equal(count("batch_size_bytes"), "2");
  assert.equal(count("batch_flush_time_ms"), "0");
  await clock.advance(5);
  held.commit(1);
  assert.equal(count("batch_flush_time_ms"), "1");
  held.commit(2);
  assert.equal(count("batch_flush_time_ms"), "2");
  assert.deepEqual(told, [1, 2]);
});
