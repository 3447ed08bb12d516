import assert from "node:assert/strict";
import { test } from "node:test";

import { partitionToRecord } from "../../src/image/partition-records.ts";
import { TopicsBuilder } from "../../src/image/topics-builder.ts";
import type { PartitionImage, TopicsImage } from "../../src/image/topics-image.ts";
import { directoryIds } from "../../src/image/topics-image.ts";
import { idOf } from "../support/decisions.ts";

const none: TopicsImage = { byId: new Map(), byName: new Map() };
const partition: PartitionImage = {
  replicas: [1],
  directories: [directoryIds.unassigned],
  isr: [],
  addingReplicas: [],
  removingReplicas: [],
  elr: [1],
  lastKnownElr: [1],
  leader: -1,
  leaderRecoveryState: "recovered",
  leaderEpoch: 0,
  partitionEpoch: 0,
};

function withTopics(before: TopicsImage, ...names: readonly string[]): TopicsImage {
  const builder = new TopicsBuilder(before);
  names.forEach((name, index) => {
    const topicId = idOf(index + 1);
    builder.create({ name, topicId });
    const record = partitionToRecord(partition, { topicId, partitionId: 0, version: 2 });
    assert.ok(record.type === "PartitionRecord");
    builder.setPartition(record.data);
  });
  return builder.build().topics;
}

test("a topic made again under its name is both deleted and created", () => {
  const before = withTopics(none, "a");
  const builder = new TopicsBuilder(before);
  builder.remove(idOf(1));
  builder.create({ name: "a", topicId: idOf(2) });
  const { topics, delta } = builder.build();
  assert.equal(topics.byName.get("a")?.id, idOf(2));
  assert.deepEqual(
    [delta.deleted.map(({ id }) => id), delta.created.map(({ id }) => id)],
    [[idOf(1)], [idOf(2)]],
  );
});

test("a topic that comes and goes in one step leaves no trace", () => {
  const builder = new TopicsBuilder(none);
  builder.create({ name: "a", topicId: idOf(1) });
  builder.remove(idOf(1));
  const { topics, delta } = builder.build();
  assert.equal(topics.byId.size, 0);
  assert.deepEqual([delta.created, delta.deleted, delta.changed.size], [[], [], 0]);
});

test("a partition must follow those that are there", () => {
  const builder = new TopicsBuilder(withTopics(none, "a"));
  const record = partitionToRecord(partition, { topicId: idOf(1), partitionId: 2, version: 2 });
  assert.ok(record.type === "PartitionRecord");
  const { data } = record;
  assert.throws(() => builder.setPartition(data), { code: "METADATA_REPLAY_ERROR" });
});

test("eligible leader replicas are cleared of one topic or of all", () => {
  const before = withTopics(none, "a", "b");
  for (const [name, changed] of [
    ["b", ["b"]],
    ["", ["a", "b"]],
  ] as const) {
    const builder = new TopicsBuilder(before);
    builder.clearElr(name);
    const { topics, delta } = builder.build();
    const names = [...delta.changed.values()].map(({ after }) => after.name);
    assert.deepEqual(names, changed);
    for (const cleared of changed) {
      const after = topics.byName.get(cleared)?.partitions[0];
      assert.deepEqual([after?.elr, after?.lastKnownElr, after?.partitionEpoch], [[], [], 0]);
    }
  }
});

test("topics that nothing touched are the same objects in the next image", () => {
  const before = withTopics(none, "a", "b");
  const builder = new TopicsBuilder(before);
  builder.clearElr("b");
  const { topics } = builder.build();
  assert.equal(topics.byName.get("a"), before.byName.get("a"));
});
