import assert from "node:assert/strict";
import { test } from "node:test";
import {
  errorCodes,
  Heartbeat,
  JoinGroup,
  LeaveGroup,
  OffsetCommit,
  SyncGroup,
} from "@millrace/protocol";
import { writeAssignment } from "../../../src/group/classic/consumer-protocol.ts";
import type { GroupOptions } from "../../../src/group/membership.ts";
import { openGroup } from "../../../src/group/open-group.ts";
import { ScriptedCluster } from "../../support/scripted-cluster.ts";
import { errorsInTurn, groupOptions, RecordingListener } from "../group-fixture.ts";

/** A coordinator of a group with one member, which leads; its errors are a test's to say. */
async function lonelyGroup(changes: Partial<GroupOptions> = {}) {
  const scripted = await new ScriptedCluster().start();
  scripted.addTopic("t", 2);
  const state = { generation: 0, joinError: errorsInTurn(), syncError: errorsInTurn() };
  const heartbeat = { error: errorsInTurn() };
  const broker = scripted.broker(1);
  broker.on(JoinGroup, ({ memberId, protocols }) => {
    const generationId = -1;
    const refused = { generationId, protocolName: null, leader: "", members: [] };
    const errorCode = state.joinError();
    if (errorCode !== 0) return { ...refused, errorCode, memberId };
    if (memberId === "") {
      return { ...refused, errorCode: errorCodes.MEMBER_ID_REQUIRED, memberId: "me" };
    }
    state.generation += 1;
    const [protocol] = protocols;
    return {
      errorCode: 0,
      generationId: state.generation,
      protocolName: protocol?.name ?? "",
      leader: memberId,
      memberId,
      members: [{ memberId, metadata: protocol?.metadata ?? Buffer.alloc(0) }],
    };
  });
  broker.on(SyncGroup, ({ assignments }) => ({
    errorCode: state.syncError(),
    assignment: assignments[0]?.assignment ?? writeAssignment([]),
  }));
  broker.on(Heartbeat, () => ({ errorCode: heartbeat.error() }));
  broker.on(LeaveGroup, () => ({ errorCode: 0, members: [] }));
  const listener = new RecordingListener();
  const cluster = scripted.connect();
  const { membership, offsets } = openGroup(cluster, groupOptions(changes), listener);
  return { scripted, broker, state, heartbeat, listener, membership, offsets };
}

test("a new member is named first (KIP-394), leads and gets everything", async () => {
  const { scripted, broker, listener, membership } = await lonelyGroup();
  membership.subscribe({ kind: "topics", topics: ["t"] });
  await scripted.advance(2_000);
  assert.deepEqual(listener.events, ["assigned 0,1"]);
  assert.deepEqual(
    broker.requestsOf(JoinGroup).map(({ memberId }) => memberId),
    ["", "me"],
  );
  assert.equal(membership.health().state, "stable");
  assert.deepEqual(membership.metadata(), {
    groupId: "group",
    groupInstanceId: undefined,
    memberId: "me",
    generationId: 1,
  });
  // Heartbeats go on, each an interval after the one before.
  await scripted.advance(5_000);
  assert.ok(broker.requestsOf(Heartbeat).length >= 5);
});

test("a rebalance is joined: eager members give up everything first", async () => {
  const { scripted, heartbeat, listener, membership } = await lonelyGroup();
  membership.subscribe({ kind: "topics", topics: ["t"] });
  await scripted.advance(2_000);
  heartbeat.error = errorsInTurn("REBALANCE_IN_PROGRESS");
  await scripted.advance(2_000);
  assert.deepEqual(listener.events, ["assigned 0,1", "revoked 0,1", "assigned 0,1"]);
  assert.equal(membership.metadata().generationId, 2);
});

test("while handlers end their work heartbeats go on", async () => {
  const { scripted, broker, heartbeat, listener, membership } = await lonelyGroup();
  membership.subscribe({ kind: "topics", topics: ["t"] });
  await scripted.advance(2_000);
  let finish = (): void => undefined;
  listener.revoking = () => new Promise((resolve) => (finish = resolve));
  heartbeat.error = errorsInTurn("REBALANCE_IN_PROGRESS");
  await scripted.advance(2_000);
  const before = broker.requestsOf(Heartbeat).length;
  await scripted.advance(10_000);
  assert.ok(broker.requestsOf(Heartbeat).length > before + 8);
  assert.equal(broker.requestsOf(JoinGroup).length, 2);
  finish();
  await scripted.advance(1_000);
  assert.deepEqual(listener.events, ["assigned 0,1", "revoked 0,1", "assigned 0,1"]);
});

test("who is not known any more has lost its partitions, and joins as a new member", async () => {
  const { scripted, broker, heartbeat, listener, membership } = await lonelyGroup();
  membership.subscribe({ kind: "topics", topics: ["t"] });
  await scripted.advance(2_000);
  heartbeat.error = errorsInTurn("UNKNOWN_MEMBER_ID");
  await scripted.advance(2_000);
  assert.deepEqual(listener.events, ["assigned 0,1", "lost 0,1", "assigned 0,1"]);
  assert.deepEqual(
    broker.requestsOf(JoinGroup).map(({ memberId }) => memberId),
    ["", "me", "", "me"],
  );
});

test("an old generation keeps its member id", async () => {
  const { scripted, broker, heartbeat, listener, membership } = await lonelyGroup();
  membership.subscribe({ kind: "topics", topics: ["t"] });
  await scripted.advance(2_000);
  heartbeat.error = errorsInTurn("ILLEGAL_GENERATION");
  await scripted.advance(2_000);
  assert.deepEqual(listener.events, ["assigned 0,1", "lost 0,1", "assigned 0,1"]);
  assert.equal(broker.requestsOf(JoinGroup).at(-1)?.memberId, "me");
});

test("errors that pass are tried again, others end the membership", async () => {
  const { scripted, state, listener, membership } = await lonelyGroup();
  state.joinError = errorsInTurn("COORDINATOR_LOAD_IN_PROGRESS", "NOT_COORDINATOR");
  state.syncError = errorsInTurn("REBALANCE_IN_PROGRESS");
  membership.subscribe({ kind: "topics", topics: ["t"] });
  await scripted.advance(5_000);
  assert.deepEqual(listener.events, ["assigned 0,1"]);
  const refused = await lonelyGroup({ groupInstanceId: "static" });
  refused.state.joinError = errorsInTurn("FENCED_INSTANCE_ID");
  refused.membership.subscribe({ kind: "topics", topics: ["t"] });
  await refused.scripted.advance(5_000);
  assert.deepEqual(refused.listener.events, ["fatal FENCED_INSTANCE_ID"]);
  assert.equal(refused.membership.health().state, "failed");
});

test("who asks for no records leaves, and joins again when it asks", async () => {
  const { scripted, broker, listener, membership } = await lonelyGroup();
  membership.subscribe({ kind: "topics", topics: ["t"] });
  await scripted.advance(30_000);
  membership.pollActivity();
  await scripted.advance(59_000);
  assert.equal(membership.health().state, "stable");
  await scripted.advance(2_000);
  assert.equal(membership.health().state, "left");
  assert.deepEqual(listener.events, ["assigned 0,1", "lost 0,1"]);
  const [left] = broker.requestsOf(LeaveGroup);
  assert.equal(left?.members[0]?.reason, "consumer poll timeout has expired.");
  membership.pollActivity();
  await scripted.advance(2_000);
  assert.deepEqual(listener.events, ["assigned 0,1", "lost 0,1", "assigned 0,1"]);
});

test("closing gives up and leaves; a static member stays", async () => {
  for (const [groupInstanceId, leaves] of [
    [undefined, 1],
    ["static", 0],
  ] as const) {
    const group = await lonelyGroup({ groupInstanceId });
    group.membership.subscribe({ kind: "topics", topics: ["t"] });
    await group.scripted.advance(2_000);
    await group.scripted.settle(group.membership.close());
    assert.deepEqual(group.listener.events, ["assigned 0,1", "revoked 0,1"]);
    assert.equal(group.broker.requestsOf(LeaveGroup).length, leaves);
  }
});

test("the leader joins again when a topic of the group grows", async () => {
  const { scripted, listener, membership } = await lonelyGroup();
  membership.subscribe({ kind: "topics", topics: ["t"] });
  await scripted.advance(2_000);
  scripted.topics.get("t")?.partitions.push({ leader: 1, leaderEpoch: 0 });
  for (let minute = 0; minute < 6; minute += 1) {
    membership.pollActivity();
    await scripted.advance(55_000);
  }
  assert.equal(listener.events.at(-1), "assigned 0,1,2");
});

test("a refused commit says why, and the member joins again", async () => {
  const { scripted, broker, listener, membership, offsets } = await lonelyGroup();
  membership.subscribe({ kind: "topics", topics: ["t"] });
  await scripted.advance(2_000);
  broker.on(OffsetCommit, ({ topics }) => ({
    topics: topics.map(({ name, topicId, partitions }) => ({
      name,
      topicId,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: errorCodes.ILLEGAL_GENERATION,
      })),
    })),
  }));
  const offset = { topic: "t", partition: 1, offset: 5, leaderEpoch: 0, metadata: "" };
  const refused = assert.rejects(scripted.settle(offsets.commit([offset])), {
    code: "ILLEGAL_GENERATION",
    topic: "t",
    partition: 1,
  });
  await refused;
  await scripted.advance(2_000);
  assert.deepEqual(listener.events, ["assigned 0,1", "lost 0,1", "assigned 0,1"]);
});
