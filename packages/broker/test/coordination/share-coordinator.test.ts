import assert from "node:assert/strict";
import { test } from "node:test";

import {
  DeleteShareGroupState,
  DeleteTopics,
  errorName,
  FindCoordinator,
  InitializeShareGroupState,
  ReadShareGroupState,
  ReadShareGroupStateSummary,
  type RequestInput,
  type Uuid,
  WriteShareGroupState,
  ZERO_UUID,
} from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

const groupId = "queue";

interface Place {
  readonly topicId: Uuid;
  readonly partition?: number;
}

/** A broker with a topic of two partitions, whose share coordinator has been found. */
async function started(config: Record<string, string> = {}) {
  const fixture = await BrokerFixture.start({ config });
  await createTopic(fixture, "orders", {}, 2);
  const topicId = fixture.broker.services.image().topics.byName.get("orders")?.id ?? ZERO_UUID;
  const found = await fixture.request(FindCoordinator, 6, {
    keyType: 2,
    coordinatorKeys: [`${groupId}:${topicId}:0`],
  });
  assert.equal(errorName(found.coordinators[0]?.errorCode ?? -1), "NONE");
  return { fixture, topicId };
}

/** Restarts the broker and waits until it has loaded its share states again. */
async function restart(fixture: BrokerFixture): Promise<void> {
  await fixture.restart();
  const { shards } = fixture.broker.services.shares;
  const isLoaded = (): boolean => [...shards.shards()].every(({ phase }) => phase === "active");
  assert.ok(await fixture.platform.clock.runUntil(isLoaded, 1000));
}

async function initialize(
  fixture: BrokerFixture,
  { topicId, partition = 0 }: Place,
  state: { readonly stateEpoch: number; readonly startOffset: number },
): Promise<string> {
  const partitions = [{ partition, ...state }];
  const answer = await fixture.request(InitializeShareGroupState, 0, {
    groupId,
    topics: [{ topicId, partitions }],
  });
  return errorName(answer.results[0]?.partitions[0]?.errorCode ?? -1);
}

async function read(
  fixture: BrokerFixture,
  { topicId, partition = 0 }: Place,
  leaderEpoch: number,
) {
  const partitions = [{ partition, leaderEpoch }];
  const answer = await fixture.request(ReadShareGroupState, 0, {
    groupId,
    topics: [{ topicId, partitions }],
  });
  const state = answer.results[0]?.partitions[0];
  return { ...state, error: errorName(state?.errorCode ?? -1) };
}

type Change = Partial<
  RequestInput<typeof WriteShareGroupState>["topics"][number]["partitions"][number]
>;

async function write(
  fixture: BrokerFixture,
  { topicId, partition = 0 }: Place,
  change: Change,
): Promise<string> {
  const answer = await fixture.request(WriteShareGroupState, 1, {
    groupId,
    topics: [
      {
        topicId,
        partitions: [
          {
            partition,
            stateEpoch: 1,
            leaderEpoch: 0,
            startOffset: -1,
            deliveryCompleteCount: 0,
            stateBatches: [],
            ...change,
          },
        ],
      },
    ],
  });
  return errorName(answer.results[0]?.partitions[0]?.errorCode ?? -1);
}

test("what was written is read again, also after a restart", async () => {
  const { fixture, topicId } = await started();
  await using _ = fixture;
  assert.equal(await initialize(fixture, { topicId }, { stateEpoch: 1, startOffset: 5 }), "NONE");
  const stateBatches = [
    { firstOffset: 5, lastOffset: 9, deliveryState: 0, deliveryCount: 1 },
    { firstOffset: 7, lastOffset: 7, deliveryState: 2, deliveryCount: 1 },
  ];
  assert.equal(await write(fixture, { topicId }, { stateBatches }), "NONE");
  await restart(fixture);
  const state = await read(fixture, { topicId }, 0);
  assert.equal(state.error, "NONE");
  assert.equal(state.stateEpoch, 1);
  assert.equal(state.startOffset, 5);
  assert.deepEqual(state.stateBatches, [
    { firstOffset: 5, lastOffset: 6, deliveryState: 0, deliveryCount: 1 },
    { firstOffset: 7, lastOffset: 7, deliveryState: 2, deliveryCount: 1 },
    { firstOffset: 8, lastOffset: 9, deliveryState: 0, deliveryCount: 1 },
  ]);
});

test("a leader that was succeeded neither reads nor writes any more", async () => {
  const { fixture, topicId } = await started();
  await using _ = fixture;
  await initialize(fixture, { topicId }, { stateEpoch: 1, startOffset: 0 });
  assert.equal((await read(fixture, { topicId }, 4)).error, "NONE");
  assert.equal((await read(fixture, { topicId }, 3)).error, "FENCED_LEADER_EPOCH");
  assert.equal(await write(fixture, { topicId }, { leaderEpoch: 3 }), "FENCED_LEADER_EPOCH");
  await restart(fixture);
  assert.equal((await read(fixture, { topicId }, 3)).error, "FENCED_LEADER_EPOCH");
  assert.equal((await read(fixture, { topicId }, -1)).error, "NONE", "no leader, no fence");
});

test("a state that was set anew fences who knows only the old one", async () => {
  const { fixture, topicId } = await started();
  await using _ = fixture;
  await initialize(fixture, { topicId }, { stateEpoch: 1, startOffset: 0 });
  const done = [{ firstOffset: 0, lastOffset: 3, deliveryState: 2, deliveryCount: 1 }];
  await write(fixture, { topicId }, { stateBatches: done, deliveryCompleteCount: 4 });
  await initialize(fixture, { topicId }, { stateEpoch: 2, startOffset: 100 });
  assert.equal(await write(fixture, { topicId }, { stateEpoch: 1 }), "FENCED_STATE_EPOCH");
  const again = await initialize(fixture, { topicId }, { stateEpoch: 1, startOffset: 0 });
  assert.equal(again, "FENCED_STATE_EPOCH");
  const state = await read(fixture, { topicId }, 0);
  assert.deepEqual(state.stateBatches, []);
  assert.equal(state.startOffset, 100);
});

test("the summary tells start offset, epochs and what is done", async () => {
  const { fixture, topicId } = await started();
  await using _ = fixture;
  await initialize(fixture, { topicId }, { stateEpoch: 3, startOffset: 2 });
  await read(fixture, { topicId }, 7);
  await write(fixture, { topicId }, { stateEpoch: 3, leaderEpoch: 7, deliveryCompleteCount: 6 });
  const answer = await fixture.request(ReadShareGroupStateSummary, 1, {
    groupId,
    topics: [
      {
        topicId,
        partitions: [
          { partition: 0, leaderEpoch: -1 },
          { partition: 1, leaderEpoch: -1 },
        ],
      },
    ],
  });
  const [known, unknown] = answer.results[0]?.partitions ?? [];
  assert.deepEqual(
    [known?.startOffset, known?.stateEpoch, known?.leaderEpoch, known?.deliveryCompleteCount],
    [2, 3, 7, 6],
  );
  assert.deepEqual([unknown?.startOffset, unknown?.deliveryCompleteCount], [-1, -1]);
});

test("what makes no sense is refused and changes nothing", async () => {
  const { fixture, topicId } = await started();
  await using _ = fixture;
  assert.equal(await write(fixture, { topicId }, {}), "INVALID_REQUEST", "not begun");
  assert.equal((await read(fixture, { topicId }, 0)).error, "INVALID_REQUEST", "not begun");
  const begun = { stateEpoch: 1, startOffset: 0 };
  const unknown = "UNKNOWN_TOPIC_OR_PARTITION";
  assert.equal(await initialize(fixture, { topicId, partition: 2 }, begun), unknown);
  assert.equal(await initialize(fixture, { topicId: ZERO_UUID }, begun), unknown);
  assert.equal(await initialize(fixture, { topicId, partition: -1 }, begun), "INVALID_REQUEST");
  await initialize(fixture, { topicId }, begun);
  const inverted = [{ firstOffset: 5, lastOffset: 3, deliveryState: 2, deliveryCount: 1 }];
  assert.equal(await write(fixture, { topicId }, { stateBatches: inverted }), "INVALID_REQUEST");
  assert.deepEqual((await read(fixture, { topicId }, 0)).stateBatches, []);
  const empty = await fixture.request(WriteShareGroupState, 1, { groupId: "", topics: [] });
  assert.deepEqual(empty.results, []);
});

test("a deleted state has to be begun again; to delete it twice is no error", async () => {
  const { fixture, topicId } = await started();
  await using _ = fixture;
  await initialize(fixture, { topicId }, { stateEpoch: 1, startOffset: 0 });
  for (const _time of [1, 2]) {
    const answer = await fixture.request(DeleteShareGroupState, 0, {
      groupId,
      topics: [{ topicId, partitions: [{ partition: 0 }] }],
    });
    assert.equal(errorName(answer.results[0]?.partitions[0]?.errorCode ?? -1), "NONE");
  }
  assert.equal((await read(fixture, { topicId }, 0)).error, "INVALID_REQUEST");
});

test("the states of a deleted topic go with it", async () => {
  const { fixture, topicId } = await started();
  await using _ = fixture;
  await initialize(fixture, { topicId }, { stateEpoch: 1, startOffset: 0 });
  await fixture.request(DeleteTopics, 6, {
    topics: [{ name: "orders", topicId: ZERO_UUID }],
    timeoutMs: 1000,
  });
  await fixture.platform.clock.advance(10);
  const kept = [...fixture.broker.services.shares.shards.shards()].map(
    (shard) => shard.state.partitions.size,
  );
  assert.equal(Math.max(...kept), 0);
});

test("records that no state needs any more are deleted in time", async () => {
  const { fixture, topicId } = await started({
    "share.coordinator.state.topic.num.partitions": "1",
    "share.coordinator.snapshot.update.records.per.snapshot": "2",
    "share.coordinator.state.topic.prune.interval.ms": "60000",
  });
  await using _ = fixture;
  await initialize(fixture, { topicId }, { stateEpoch: 1, startOffset: 0 });
  for (const offset of [0, 1, 2, 3]) {
    const batch = { firstOffset: offset, lastOffset: offset, deliveryState: 2, deliveryCount: 1 };
    await write(fixture, { topicId }, { stateBatches: [batch], startOffset: offset + 1 });
  }
  await fixture.platform.clock.advance(61_000);
  const { replicas, image } = fixture.broker.services;
  const partition = replicas.leader(image(), "__share_group_state", 0);
  assert.ok(typeof partition === "object");
  // Begun, changed twice, and then a snapshot at offset 3, which is the oldest that is needed.
  assert.equal(partition.log.logStartOffset, 3);
  const metrics = fixture.platform.metrics.exposition();
  assert.match(metrics, /share_coordinator_metrics_write_total 4/);
  assert.match(metrics, /share_coordinator_metrics_share_partition_count 1/);
  assert.match(metrics, /last_pruned_offset\{.*partition="0".*\} 3/);
  await restart(fixture);
  assert.equal((await read(fixture, { topicId }, 0)).startOffset, 4);
});

test("a share partition's coordinator is found by its name alone, from version 6 on", async () => {
  const { fixture, topicId } = await started();
  await using _ = fixture;
  const find = async (version: number, key: string): Promise<string> => {
    const answer = await fixture.request(FindCoordinator, version, {
      keyType: 2,
      coordinatorKeys: [key],
    });
    return errorName(answer.coordinators[0]?.errorCode ?? -1);
  };
  assert.equal(await find(6, `a:b:${topicId}:1`), "NONE", "a group's name may have colons");
  assert.equal(await find(5, `g:${topicId}:1`), "INVALID_REQUEST");
  for (const key of ["", "g", `g:${topicId}`, `g:${topicId}:x`, "g:short:1", `:${topicId}:1`]) {
    assert.equal(await find(6, key), "INVALID_REQUEST", key);
  }
});
