import assert from "node:assert/strict";
import { test } from "node:test";

import {
  DescribeGroups,
  errorName,
  FindCoordinator,
  ListGroups,
  StreamsGroupDescribe,
  StreamsGroupHeartbeat,
} from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

/** A broker with a group of one member, which copies lines. */
async function started(config: Record<string, string> = {}): Promise<BrokerFixture> {
  const fixture = await BrokerFixture.start({
    config: { "group.streams.initial.rebalance.delay.ms": "0", ...config },
  });
  await createTopic(fixture, "lines", {}, 2);
  await fixture.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ["g"] });
  const subtopology = {
    subtopologyId: "0",
    sourceTopics: ["lines"],
    sourceTopicRegex: [],
    stateChangelogTopics: [],
    repartitionSinkTopics: [],
    repartitionSourceTopics: [],
    copartitionGroups: [],
  };
  await fixture.request(StreamsGroupHeartbeat, 0, {
    groupId: "g",
    memberId: "a",
    memberEpoch: 0,
    endpointInformationEpoch: 0,
    rackId: "r",
    rebalanceTimeoutMs: 60_000,
    topology: { epoch: 0, subtopologies: [subtopology] },
    activeTasks: [],
    standbyTasks: [],
    warmupTasks: [],
    processId: "p",
    userEndpoint: { host: "h", port: 65_535 },
    clientTags: [{ key: "zone", value: "z" }],
  });
  return fixture;
}

test("a streams group is described with its topology, its members and their tasks", async () => {
  await using fixture = await started();
  const asked = { groupIds: ["g", "nobody", ""], includeAuthorizedOperations: true };
  const [group, missing, nameless] = (await fixture.request(StreamsGroupDescribe, 0, asked)).groups;
  assert.ok(group !== undefined && missing !== undefined && nameless !== undefined);
  assert.deepEqual([group.groupState, group.groupEpoch, group.assignmentEpoch], ["Stable", 2, 2]);
  assert.deepEqual(group.topology?.subtopologies?.[0]?.sourceTopics, ["lines"]);
  assert.ok(group.authorizedOperations > 0);
  const [member] = group.members;
  assert.ok(member !== undefined);
  assert.deepEqual(member.assignment.activeTasks, [{ subtopologyId: "0", partitions: [0, 1] }]);
  assert.deepEqual(member.targetAssignment, member.assignment);
  assert.deepEqual(member.userEndpoint, { host: "h", port: 65_535 });
  assert.deepEqual(member.clientTags, [{ key: "zone", value: "z" }]);
  assert.deepEqual([member.processId, member.rackId, member.isClassic], ["p", "r", false]);
  assert.equal(errorName(missing.errorCode), "GROUP_ID_NOT_FOUND");
  assert.equal(missing.errorMessage, "Group nobody not found.");
  assert.equal(errorName(nameless.errorCode), "INVALID_GROUP_ID");
});

test("a streams group is listed with its type, and is none to DescribeGroups", async () => {
  await using fixture = await started();
  const filters = { statesFilter: ["stable"], typesFilter: ["streams"] };
  const listed = await fixture.request(ListGroups, 5, filters);
  assert.deepEqual(
    listed.groups.map(({ groupId, groupType, groupState, protocolType }) => {
      return [groupId, groupType, groupState, protocolType];
    }),
    [["g", "streams", "Stable", "streams"]],
  );
  const [group] = (await fixture.request(DescribeGroups, 6, { groups: ["g"] })).groups;
  assert.equal(errorName(group?.errorCode ?? 0), "GROUP_ID_NOT_FOUND");
});

test("streams groups are not described where they are not served", async () => {
  await using fixture = await started({ "group.coordinator.rebalance.protocols": "classic" });
  const asked = { groupIds: ["g"], includeAuthorizedOperations: false };
  const [group] = (await fixture.request(StreamsGroupDescribe, 0, asked)).groups;
  assert.equal(errorName(group?.errorCode ?? 0), "UNSUPPORTED_VERSION");
});
