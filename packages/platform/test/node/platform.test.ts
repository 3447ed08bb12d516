import assert from "node:assert/strict";
import { test } from "node:test";
import { nodePlatform } from "@millrace/platform/node";

test("the real world is put together, and its process is measured", async () => {
  const platform = nodePlatform({ logLevel: "off" });
  platform.logger.error("nobody hears this");
  assert.equal(platform.logLevels.levelOf("kafka"), "off");
  const text = platform.metrics.exposition();
  for (const name of [
    "nodejs_eventloop_lag_p50_seconds",
    "nodejs_eventloop_lag_p99_seconds",
    "process_resident_memory_bytes",
    "process_cpu_seconds_total",
    "process_open_fds",
    "process_start_time_seconds",
  ]) {
    assert.match(text, new RegExp(`^${name} [0-9.e+-]+$`, "m"));
  }
  await platform.offload.close();
});

test("a process without metrics of its own has none", async () => {
  const platform = nodePlatform({ logLevel: "off", hasProcessMetrics: false });
  assert.equal(platform.metrics.exposition(), "");
  await platform.offload.close();
});
