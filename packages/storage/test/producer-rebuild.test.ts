import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { createLog } from "../src/index.ts";
import { rebuildProducers } from "../src/producer-rebuild.ts";
import { ProducerState } from "../src/producer-state.ts";
import { batchOf, configWith, simEnvironment, TestDirectoryState } from "./support.ts";

const config = configWith({ producerIdExpirationMs: Number.MAX_SAFE_INTEGER });

function writtenLog() {
  const platform = simPlatform({ seed: 1, logLevel: "error" });
  platform.fileSystem.makeDirectory("/d");
  const log = createLog(simEnvironment(platform), {
    path: "/d/orders-0",
    config,
    directoryState: new TestDirectoryState(),
    topicId: undefined,
  });
  for (let at = 0; at < 30; at += 1) {
    if (at > 0 && at % 10 === 0) log.roll();
    const producer = { producerId: BigInt(at % 3), producerEpoch: 0 };
    const options = { ...producer, baseSequence: Math.floor(at / 3), timestamp: 1000 + at };
    log.append(batchOf(["v"], options), { origin: "client", leaderEpoch: 0 });
  }
  return log;
}

function rebuiltAt(log: ReturnType<typeof writtenLog>, endOffset: number): [number, number][] {
  const producers = new ProducerState();
  const { environment, snapshots } = log.parts;
  const context = { environment, segments: log.segments, producers, snapshots, config };
  rebuildProducers(context, { logStartOffset: 0, endOffset });
  return [...producers.producers]
    .map(({ producerId, lastSequence }): [number, number] => [producerId, lastSequence])
    .sort(([left], [right]) => left - right);
}

test("the state as of any offset comes from a snapshot and the batches behind it", () => {
  for (const endOffset of [30, 25, 20, 15, 3]) {
    const expected = [0, 1, 2].map((id): [number, number] => {
      const count = Math.ceil((endOffset - id) / 3);
      return [id, count - 1];
    });
    assert.deepEqual(rebuiltAt(writtenLog(), endOffset), expected, `at ${endOffset}`);
  }
});

test("without any snapshot the whole log is read", () => {
  const log = writtenLog();
  log.parts.snapshots.removeWhere(() => true);
  assert.deepEqual(rebuiltAt(log, 30), [
    [0, 9],
    [1, 9],
    [2, 9],
  ]);
});
