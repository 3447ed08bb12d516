import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";

import { LocalController } from "../../src/controller/local-controller.ts";
import type { CommittedUpdate } from "../../src/controller/local-controller.ts";
import type { AppendResult, MetadataLog } from "../../src/log/metadata-log.ts";
import type { MetadataRecord } from "../../src/records/metadata-record.ts";
import { brokerOf, clusterOf, laxValidator, topicOf } from "../support/decisions.ts";

interface Append {
  readonly records: readonly MetadataRecord[];
  readonly settle: (result: AppendResult) => void;
}

/** A log whose appends are committed when the test says so. */
class HandLog implements MetadataLog {
  readonly controllerEpoch = 1;
  readonly appends: Append[] = [];
  endOffset = 100;
  isFull = false;

  append(records: readonly MetadataRecord[], timestampMs: number) {
    if (this.isFull) throw new Error("ENOSPC");
    const baseOffset = this.endOffset;
    this.endOffset += records.length;
    const { promise: outcome, resolve: settle } = Promise.withResolvers<AppendResult>();
    this.appends.push({ records, settle });
    return { baseOffset, lastOffset: this.endOffset - 1, timestampMs, sizeBytes: 10, outcome };
  }

  tail(): AsyncIterable<never> {
    throw new Error("not used");
  }

  async writeSnapshot(): Promise<void> {}

  async close(): Promise<void> {}
}

function start() {
  const { clock, random, logger } = simPlatform({ seed: 1 });
  const log = new HandLog();
  const published: CommittedUpdate[] = [];
  const resigned: AppendResult[] = [];
  const controller = new LocalController({
    log,
    image: clusterOf(brokerOf(1)),
    clusterId: "test-cluster",
    clock,
    random,
    logger,
    configValidator: laxValidator,
    defaults: () => ({
      numPartitions: 1,
      replicationFactor: 1,
      minInsyncReplicas: 1,
      isUncleanElectionEnabled: false,
    }),
    publish: (update) => published.push(update),
    onResign: (result) => resigned.push(result),
  });
  const create = (name: string) =>
    controller.createTopics({ topics: [topicOf(name)], validateOnly: false });
  return { log, controller, published, resigned, create };
}

test("a request sees what was decided before it, though it is not committed yet", async () => {
  const { log, published, create } = start();
  const first = create("a");
  const second = create("a");
  assert.equal(log.appends.length, 1);
  log.appends[0]?.settle("committed");
  const [created, existing] = [await first, await second];
  assert.ok(created.kind === "done" && existing.kind === "done");
  assert.equal(created.value[0]?.error, "NONE");
  assert.equal(existing.value[0]?.error, "TOPIC_ALREADY_EXISTS");
  assert.deepEqual(
    published.map(({ image }) => image.provenance.lastContainedOffset),
    [101],
  );
});

test("an answer that changes nothing waits for what it saw", async () => {
  const { log, create } = start();
  const first = create("a");
  let hasAnswered = false;
  const second = create("a").then(() => {
    hasAnswered = true;
  });
  await new Promise((resolve) => queueMicrotask(() => resolve(undefined)));
  assert.equal(hasAnswered, false);
  log.appends[0]?.settle("committed");
  await Promise.all([first, second]);
});

test("listeners get each step in order, before the answer leaves", async () => {
  const { log, published, create } = start();
  const answers = ["a", "b", "c"].map(async (name) => {
    await create(name);
    return published.length;
  });
  for (const { settle } of log.appends) settle("committed");
  const publishedAtAnswer = await Promise.all(answers);
  for (const [index, count] of publishedAtAnswer.entries()) assert.ok(count > index);
  const names = published.map(({ delta }) => delta.topics.created.map(({ name }) => name));
  assert.deepEqual(names, [["a"], ["b"], ["c"]]);
});

test("after an append of unknown outcome the controller resigns for good, once", async () => {
  const { log, published, resigned, create } = start();
  const pending = [create("a"), create("b")];
  log.appends[0]?.settle("unknown");
  log.appends[1]?.settle("unknown");
  for (const answer of [...(await Promise.all(pending)), await create("c")]) {
    assert.equal(answer.kind === "refused" && answer.error, "NOT_CONTROLLER");
  }
  assert.deepEqual([published, resigned, log.appends.length], [[], ["unknown"], 2]);
});

test("a log that takes nothing refuses the request and changes nothing", async () => {
  const { log, create } = start();
  log.isFull = true;
  const refused = await create("a");
  assert.equal(refused.kind === "refused" && refused.error, "KAFKA_STORAGE_ERROR");
  log.isFull = false;
  const again = create("a");
  log.appends[0]?.settle("committed");
  const answer = await again;
  assert.equal(answer.kind === "done" && answer.value[0]?.error, "NONE");
});

test("every request of the controller is decided", async () => {
  const { log, controller } = start();
  const input = { validateOnly: false };
  const calls = [
    controller.deleteTopics([]),
    controller.createPartitions({ ...input, topics: [] }),
    controller.incrementalAlterConfigs({ ...input, resources: [] }),
    controller.alterConfigs({ ...input, resources: [] }),
    controller.electLeaders({ electionType: 0, topicPartitions: null }),
    controller.updateFeatures({ ...input, featureUpdates: [] }),
    controller.assignReplicasToDirs({ brokerId: 1, brokerEpoch: 1, directories: [] }),
    controller.write([]),
  ];
  for (const call of calls) assert.equal((await call).kind, "done");
  const allocating = controller.allocateProducerIds({ brokerId: 1, brokerEpoch: 1 });
  const leaving = controller.unregisterBroker(1);
  for (const { settle } of log.appends) settle("committed");
  assert.equal((await allocating).kind, "done");
  assert.equal((await leaving).kind, "done");
  await controller.settle();
});
