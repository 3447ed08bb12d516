import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { LogDirectories } from "../src/index.ts";
import { batchOf, configWith, settle, simEnvironment } from "./support.ts";

const topicId = "AAAAAAAAAAAAAAAAAAAAAQ";

test("limits, flushes and each log can be watched, and a deleted log is forgotten", async () => {
  const platform = simPlatform({ seed: 1, logLevel: "error" });
  const logs = LogDirectories.open(simEnvironment(platform), { paths: ["/a"] });
  const config = configWith();
  const log = logs.create({ topic: "orders", partition: 3, topicId, config });
  log.append(batchOf(["a", "b"]), { origin: "client", leaderEpoch: 0 });
  await settle(platform, log.flush());
  await log.read({ offset: 0, maxBytes: 100, minOneBatch: true, isolation: "end" });
  const value = (name: string): number => {
    const text = platform.metrics.exposition();
    const line = text.split("\n").find((each) => each.startsWith(name));
    return line === undefined ? Number.NaN : Number(line.split(" ").at(-1));
  };
  assert.equal(value('kafka_log_Log_LogEndOffset{topic="orders",partition="3"}'), 2);
  assert.equal(value('kafka_log_Log_NumLogSegments{topic="orders",partition="3"}'), 1);
  assert.ok(value('kafka_log_Log_Size{topic="orders",partition="3"}') > 60);
  assert.equal(value("millrace_storage_recent_batch_bytes"), 8192);
  assert.equal(value("millrace_storage_recent_reads"), 1);
  assert.ok(value("millrace_storage_open_files") >= 3);
  assert.ok(value("kafka_log_LogFlushStats_LogFlushRateAndTimeMs_count") >= 1);
  logs.delete({ topic: "orders", partition: 3 });
  assert.ok(Number.isNaN(value("kafka_log_Log_LogEndOffset")));
});
