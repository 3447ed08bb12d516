import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ConsumerGroupHeartbeat,
  errorCodes,
  type ErrorName,
  OffsetCommit,
  type RequestOf,
} from "@millrace/protocol";
import type { GroupOptions } from "../../../src/group/membership.ts";
import { openGroup } from "../../../src/group/open-group.ts";
import { ScriptedCluster } from "../../support/scripted-cluster.ts";
import { groupOptions, RecordingListener } from "../group-fixture.ts";

const intervalMs = 5_000;

type Request = RequestOf<typeof ConsumerGroupHeartbeat>;

/** A coordinator that assigns what a test says, with the next heartbeat. */
async function assigningGroup(changes: Partial<GroupOptions> = {}) {
  const scripted = await new ScriptedCluster().start();
  const { id: topicId } = scripted.addTopic("t", 4);
  const broker = scripted.broker(1);
  const wanted: { partitions: readonly number[] | null; epoch: number; error: ErrorName } = {
    partitions: [],
    epoch: 1,
    error: "NONE",
  };
  broker.on(ConsumerGroupHeartbeat, ({ memberId, memberEpoch }) => {
    const error = wanted.error;
    wanted.error = "NONE";
    const base = { throttleTimeMs: 0, heartbeatIntervalMs: intervalMs, memberId };
    if (error !== "NONE") return { ...base, errorCode: errorCodes[error], memberEpoch };
    const { partitions, epoch } = wanted;
    if (memberEpoch < 0) return { ...base, errorCode: 0, memberEpoch };
    wanted.partitions = null;
    const topicPartitions = partitions === null ? undefined : [{ topicId, partitions }];
    return {
      ...base,
      errorCode: 0,
      memberEpoch: epoch,
      assignment: topicPartitions === undefined ? null : { topicPartitions },
    };
  });
  const listener = new RecordingListener();
  const options = groupOptions({ groupProtocol: "consumer", ...changes });
  const { membership, offsets } = openGroup(scripted.connect(), options, listener);
  const heartbeats = (): readonly Request[] => broker.requestsOf(ConsumerGroupHeartbeat);
  const owned = (request: Request | undefined): readonly number[] | null =>
    request?.topicPartitions?.flatMap(({ partitions }) => partitions) ?? null;
  return { scripted, broker, wanted, listener, membership, offsets, heartbeats, owned };
}

test("a member says all of itself when it joins, then only what changed", async () => {
  const group = await assigningGroup({ rackId: "r1", groupRemoteAssignor: "uniform" });
  group.wanted.partitions = [0, 1];
  group.membership.subscribe({ kind: "topics", topics: ["t"] });
  await group.scripted.advance(12_000);
  const [first, second, third] = group.heartbeats();
  assert.equal(first?.memberEpoch, 0);
  assert.deepEqual(first?.subscribedTopicNames, ["t"]);
  assert.equal(first?.rebalanceTimeoutMs, 60_000);
  assert.equal(first?.rackId, "r1");
  assert.equal(first?.serverAssignor, "uniform");
  assert.deepEqual(first?.topicPartitions, []);
  assert.match(first?.memberId ?? "", /^[\w-]{22}$/);
  // What it took over is told at once, and nothing else.
  assert.deepEqual(group.owned(second), [0, 1]);
  assert.equal(second?.memberEpoch, 1);
  assert.equal(second?.subscribedTopicNames, null);
  assert.equal(second?.rebalanceTimeoutMs, -1);
  assert.equal(group.owned(third), null);
  assert.deepEqual(group.listener.events, ["assigned 0,1"]);
});

test("it gives up before it takes over, and heartbeats go on meanwhile", async () => {
  const group = await assigningGroup();
  group.wanted.partitions = [0, 1];
  group.membership.subscribe({ kind: "topics", topics: ["t"] });
  await group.scripted.advance(1_000);
  let finish = (): void => undefined;
  group.listener.revoking = () => new Promise((resolve) => (finish = resolve));
  group.wanted.partitions = [1, 2];
  await group.scripted.advance(2 * intervalMs);
  assert.deepEqual(group.listener.events, ["assigned 0,1", "revoked 0"]);
  assert.equal(group.membership.health().state, "reconciling");
  const before = group.heartbeats().length;
  await group.scripted.advance(2 * intervalMs);
  assert.equal(group.heartbeats().length, before + 2);
  // Until the work has ended it owns the partition.
  assert.equal(group.owned(group.heartbeats().at(-1)), null);
  finish();
  await group.scripted.advance(1_000);
  assert.deepEqual(group.listener.events, ["assigned 0,1", "revoked 0", "assigned 2"]);
  assert.deepEqual(group.owned(group.heartbeats().at(-1)), [1, 2]);
  assert.equal(group.membership.health().state, "stable");
});

test("work that does not end is waited for until the rebalance time-out", async () => {
  const group = await assigningGroup({ maxPollIntervalMs: 20_000 });
  group.wanted.partitions = [0];
  group.membership.subscribe({ kind: "topics", topics: ["t"] });
  await group.scripted.advance(1_000);
  let hasEnded = false;
  group.listener.revoking = (signal) => {
    signal.addEventListener("abort", () => (hasEnded = true));
    return new Promise(() => undefined);
  };
  group.wanted.partitions = [];
  for (let second = 0; second < 30; second += 1) {
    group.membership.pollActivity();
    await group.scripted.advance(1_000);
  }
  assert.ok(hasEnded);
  assert.deepEqual(group.membership.assignment(), []);
});

test("a fenced member loses its partitions and joins at epoch 0 with the same id", async () => {
  for (const error of ["FENCED_MEMBER_EPOCH", "UNKNOWN_MEMBER_ID"] as const) {
    const group = await assigningGroup();
    group.wanted.partitions = [0, 1];
    group.membership.subscribe({ kind: "topics", topics: ["t"] });
    await group.scripted.advance(1_000);
    const count = group.heartbeats().length;
    group.wanted.error = error;
    group.wanted.partitions = [0];
    await group.scripted.advance(intervalMs + 1_000);
    const again = group.heartbeats()[count + 1];
    assert.equal(again?.memberEpoch, 0);
    assert.equal(again?.memberId, group.heartbeats()[0]?.memberId);
    assert.deepEqual(again?.subscribedTopicNames, ["t"]);
    assert.deepEqual(group.listener.events, ["assigned 0,1", "lost 0,1", "assigned 0"]);
  }
});

test("after an error nobody knows what arrived: everything is said again", async () => {
  const group = await assigningGroup();
  group.wanted.partitions = [0];
  group.membership.subscribe({ kind: "topics", topics: ["t"] });
  await group.scripted.advance(1_000);
  group.wanted.error = "COORDINATOR_LOAD_IN_PROGRESS";
  await group.scripted.advance(intervalMs + 1_000);
  const again = group.heartbeats().at(-1);
  assert.deepEqual(again?.subscribedTopicNames, ["t"]);
  assert.deepEqual(group.owned(again), [0]);
  assert.deepEqual(group.listener.events, ["assigned 0"]);
});

test("an assignor that the broker has not ends the membership", async () => {
  const group = await assigningGroup({ groupRemoteAssignor: "none such" });
  group.wanted.error = "UNSUPPORTED_ASSIGNOR";
  group.membership.subscribe({ kind: "topics", topics: ["t"] });
  await group.scripted.advance(1_000);
  assert.deepEqual(group.listener.events, ["fatal UNSUPPORTED_ASSIGNOR"]);
});

test("members say goodbye: for good, or as static ones that come back", async () => {
  for (const [groupInstanceId, leaveGroup, epoch] of [
    [undefined, undefined, -1],
    ["static", undefined, -2],
    ["static", true, -1],
  ] as const) {
    const group = await assigningGroup({ groupInstanceId });
    group.wanted.partitions = [0];
    group.membership.subscribe({ kind: "topics", topics: ["t"] });
    await group.scripted.advance(1_000);
    const options = leaveGroup === undefined ? {} : { leaveGroup };
    await group.scripted.settle(group.membership.close(options));
    assert.equal(group.heartbeats().at(-1)?.memberEpoch, epoch);
    assert.deepEqual(group.listener.events, ["assigned 0", "revoked 0"]);
  }
});

test("who asks for no records leaves, and joins again when it asks", async () => {
  const group = await assigningGroup({ maxPollIntervalMs: 20_000 });
  group.wanted.partitions = [0];
  group.membership.subscribe({ kind: "topics", topics: ["t"] });
  await group.scripted.advance(21_000);
  assert.equal(group.membership.health().state, "left");
  assert.equal(group.heartbeats().at(-1)?.memberEpoch, -1);
  assert.deepEqual(group.listener.events, ["assigned 0", "lost 0"]);
  group.wanted.partitions = [3];
  group.membership.pollActivity();
  await group.scripted.advance(1_000);
  assert.deepEqual(group.listener.events, ["assigned 0", "lost 0", "assigned 3"]);
});

test("a commit whose epoch was overtaken is sent again under the new one", async () => {
  const group = await assigningGroup();
  group.wanted.partitions = [0];
  group.membership.subscribe({ kind: "topics", topics: ["t"] });
  await group.scripted.advance(1_000);
  group.broker.on(OffsetCommit, ({ topics, generationIdOrMemberEpoch: epoch }) => {
    const errorCode = epoch < 2 ? errorCodes.STALE_MEMBER_EPOCH : 0;
    return {
      topics: topics.map(({ name, topicId, partitions }) => ({
        name,
        topicId,
        partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
      })),
    };
  });
  const offset = { topic: "t", partition: 0, offset: 5, leaderEpoch: 0, metadata: "" };
  // The epoch of this moment is refused, and no newer one is known: it is the caller's to decide.
  await assert.rejects(group.scripted.settle(group.offsets.commit([offset])), {
    code: "STALE_MEMBER_EPOCH",
  });
  group.wanted.epoch = 2;
  await group.scripted.advance(intervalMs);
  await group.scripted.settle(group.offsets.commit([offset]));
});
