/** `millrace bench` on both brokers: that it measures, not what. */
import assert from "node:assert/strict";

import { eachBroker, uniqueName } from "../src/index.ts";
import { printing, printingJson } from "./words.ts";

interface Facts {
  readonly recordCount: number;
  readonly sizeBytes: number;
  readonly recordsPerSecond: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

eachBroker("records are produced, consumed, and timed on their way", async (broker) => {
  const topic = uniqueName("bench");
  await printing(broker)(`topic create ${topic} -p 1`);
  const json = printingJson(broker);
  const produced = (await json(`bench produce ${topic} -n 500 -s 50`)) as Facts;
  assert.equal(produced.recordCount, 500);
  assert.equal(produced.sizeBytes, 25_000);
  assert.ok(produced.latencyMs.p50 > 0 && produced.latencyMs.p50 <= produced.latencyMs.max);
  const consumed = (await json(`bench consume ${topic}`)) as Facts;
  assert.equal(consumed.recordCount, 500);
  assert.ok(consumed.recordsPerSecond > 0);
  const timed = (await json(`bench e2e ${topic} -n 5`)) as Facts;
  assert.equal(timed.recordCount, 5);
  assert.match(await printing(broker)(`bench e2e ${topic} -n 2`), /^Latency p99 +[\d.]+ ms$/m);
});
