import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ConsumerGroupDescribe,
  ConsumerGroupHeartbeat,
  DescribeGroups,
  errorCodes,
  type ErrorName,
  Heartbeat,
  JoinGroup,
  LeaveGroup,
  SyncGroup,
} from "@millrace/protocol";
import { writeAssignment } from "../../src/group/classic/consumer-protocol.ts";
import { openGroup } from "../../src/group/open-group.ts";
import { ScriptedCluster } from "../support/scripted-cluster.ts";
import { groupOptions, RecordingListener } from "./group-fixture.ts";

/** A group as the coordinator describes it. */
interface Described {
  consumerError: ErrorName;
  classicState: string | undefined;
  /** Types of its members: 0 classic, 1 KIP-848. */
  memberTypes: readonly number[];
  heartbeatError: ErrorName;
}

async function describedGroup(changes: Partial<Described>) {
  const described: Described = {
    consumerError: "GROUP_ID_NOT_FOUND",
    classicState: undefined,
    memberTypes: [],
    heartbeatError: "NONE",
    ...changes,
  };
  const scripted = await new ScriptedCluster().start();
  const { id: topicId } = scripted.addTopic("t", 1);
  const broker = scripted.broker(1);
  broker.on(ConsumerGroupDescribe, ({ groupIds }) => ({
    throttleTimeMs: 0,
    groups: groupIds.map((groupId) => ({
      errorCode: errorCodes[described.consumerError],
      groupId,
      groupState: "Stable",
      groupEpoch: 1,
      assignmentEpoch: 1,
      assignorName: "uniform",
      members: described.memberTypes.map((memberType, index) => ({
        memberId: `m${index}`,
        memberEpoch: 1,
        clientId: "c",
        clientHost: "h",
        subscribedTopicNames: [],
        assignment: { topicPartitions: [] },
        targetAssignment: { topicPartitions: [] },
        memberType,
      })),
    })),
  }));
  broker.on(DescribeGroups, ({ groups }) => ({
    groups: groups.map((groupId) => ({
      errorCode: described.classicState === undefined ? errorCodes.GROUP_ID_NOT_FOUND : 0,
      groupId,
      groupState: described.classicState ?? "Dead",
      protocolType: "consumer",
      protocolData: "",
      members: [],
    })),
  }));
  broker.on(ConsumerGroupHeartbeat, ({ memberId, memberEpoch }) => ({
    throttleTimeMs: 0,
    errorCode: errorCodes[described.heartbeatError],
    memberId,
    memberEpoch: memberEpoch < 0 ? memberEpoch : 1,
    heartbeatIntervalMs: 5_000,
    assignment: { topicPartitions: [{ topicId, partitions: [0] }] },
  }));
  broker.on(JoinGroup, ({ protocols }) => ({
    errorCode: 0,
    generationId: 1,
    protocolName: protocols[0]?.name ?? "",
    leader: "another",
    memberId: "me",
    members: [],
  }));
  broker.on(SyncGroup, () => ({
    errorCode: 0,
    assignment: writeAssignment([{ topic: "t", partition: 0 }]),
  }));
  broker.on(Heartbeat, () => ({ errorCode: 0 }));
  broker.on(LeaveGroup, () => ({ errorCode: 0, members: [] }));
  const listener = new RecordingListener();
  const { membership } = openGroup(
    scripted.connect(),
    groupOptions({ groupProtocol: "auto" }),
    listener,
  );
  membership.subscribe({ kind: "topics", topics: ["t"] });
  await scripted.advance(3_000);
  return { broker, listener, membership };
}

test("KIP-848 is spoken to groups that are unknown, empty, or of that type", async () => {
  for (const changes of [
    {},
    { classicState: "Empty" },
    { classicState: "Dead" },
    { consumerError: "NONE", memberTypes: [1] },
  ] as const) {
    const { membership, listener } = await describedGroup(changes);
    assert.equal(membership.health().protocol, "consumer");
    assert.deepEqual(listener.events, ["assigned 0"]);
  }
});

test("a group with classic members stays classic", async () => {
  for (const classicState of ["Stable", "PreparingRebalance", "CompletingRebalance"]) {
    const { membership, broker } = await describedGroup({ classicState });
    assert.equal(membership.health().protocol, "classic");
    assert.deepEqual(broker.requestsOf(ConsumerGroupHeartbeat), []);
  }
});

test("a group that was converted by the first heartbeat is given back", async () => {
  // A classic member came in after the look: the group is described as mixed afterwards.
  const { membership, broker, listener } = await describedGroup({ memberTypes: [0, 1] });
  const epochs = broker.requestsOf(ConsumerGroupHeartbeat).map(({ memberEpoch }) => memberEpoch);
  assert.equal(epochs[0], 0);
  assert.equal(epochs.at(-1), -1);
  assert.equal(membership.health().protocol, "classic");
  assert.equal(listener.events.at(-1), "assigned 0");
  assert.equal(listener.fatal, undefined);
});

test("a group that became classic, and is not to be converted, is joined so", async () => {
  const { membership, listener } = await describedGroup({ heartbeatError: "GROUP_ID_NOT_FOUND" });
  assert.equal(membership.health().protocol, "classic");
  assert.deepEqual(listener.events, ["assigned 0"]);
});

test("a group that may not be looked at ends the membership", async () => {
  const { listener } = await describedGroup({ consumerError: "GROUP_AUTHORIZATION_FAILED" });
  assert.deepEqual(listener.events, ["fatal GROUP_AUTHORIZATION_FAILED"]);
});
