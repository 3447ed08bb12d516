import assert from "node:assert/strict";
import { test } from "node:test";

import { simPlatform } from "@millrace/platform/sim";

import { ClientUsage } from "../../src/quota/client-usage.ts";

test("what is measured is shown under the user and the client id that it is counted for", async () => {
  const { clock, metrics } = simPlatform({ seed: 1 });
  const windows = { samples: 11, windowMs: 1000 };
  const nowMs = (): number => clock.monotonicMs();
  const options = { windows, controllerWindows: windows, metrics, nowMs };
  const usage = new ClientUsage(options, "alice", "app");
  usage.rate("Request").record(50, nowMs());
  assert.equal(usage.rate("Request"), usage.rate("Request"));
  usage.mutations(2).take(5, 2, nowMs());
  usage.throttled("Request", 100);
  usage.throttled("Request", 300);
  const shown = metrics.exposition();
  const labels = String.raw`\{user="alice",client_id="app"\}`;
  assert.match(shown, new RegExp(`kafka_server_Request_request_time${labels} 5\n`));
  assert.match(shown, new RegExp(`kafka_server_Request_throttle_time${labels} 200\n`));
  assert.match(shown, new RegExp(`kafka_server_ControllerMutation_tokens${labels} 17\n`));
  await clock.advance(60_000);
  assert.match(metrics.exposition(), new RegExp(`Request_throttle_time${labels} 0\n`));
});
