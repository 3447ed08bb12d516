import assert from "node:assert/strict";
import { test } from "node:test";

import * as protocol from "@millrace/protocol";
import { type ApiSchema, buildRecordBatch, errorName, ZERO_UUID } from "@millrace/protocol";

import { brokerHandlers } from "../../src/api/table.ts";
import { allow, withAuthorizer } from "../support/acls.ts";
import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

const partitions = [{ partitionIndex: 0 }];
const batch = Buffer.concat([
  buildRecordBatch([{ key: null, value: Buffer.from("v"), timestamp: 7 }]),
]);
const memberId = "AAAAAAAAAAAAAAAAAAAAAQ";

/**
 * A request of each API about the topic `orders`, the group `g`, the transactional id `tx` or the
 * cluster, and the version it is sent in.
 */
const requests: Readonly<Record<string, readonly [number, object]>> = {
  Produce: [
    9,
    {
      acks: 1,
      timeoutMs: 1,
      transactionalId: null,
      topicData: [{ name: "orders", partitionData: [{ index: 0, records: batch }] }],
    },
  ],
  Fetch: [
    12,
    { topics: [{ topic: "orders", partitions: [{ partition: 0, partitionMaxBytes: 99 }] }] },
  ],
  ListOffsets: [
    7,
    { topics: [{ name: "orders", partitions: [{ partitionIndex: 0, timestamp: -1 }] }] },
  ],
  Metadata: [9, { topics: [{ name: "orders" }] }],
  OffsetCommit: [8, { groupId: "g", topics: [{ name: "orders", partitions }] }],
  OffsetFetch: [8, { groups: [{ groupId: "g", topics: null }] }],
  FindCoordinator: [4, { keyType: 0, coordinatorKeys: ["g"] }],
  JoinGroup: [5, { groupId: "g", memberId: "", protocolType: "consumer", protocols: [] }],
  Heartbeat: [3, { groupId: "g", memberId: "m" }],
  LeaveGroup: [3, { groupId: "g", members: [] }],
  SyncGroup: [3, { groupId: "g", memberId: "m", assignments: [] }],
  DescribeGroups: [5, { groups: ["g"] }],
  CreateTopics: [7, { topics: [{ name: "new", numPartitions: 1, replicationFactor: 1 }] }],
  DeleteTopics: [5, { topicNames: ["orders"] }],
  DeleteRecords: [2, { topics: [{ name: "orders", partitions: [{ partitionIndex: 0 }] }] }],
  InitProducerId: [4, { transactionalId: "tx", transactionTimeoutMs: 1000 }],
  OffsetForLeaderEpoch: [4, { topics: [{ topic: "orders", partitions: [{ partition: 0 }] }] }],
  AddPartitionsToTxn: [
    3,
    {
      v3AndBelowTransactionalId: "tx",
      v3AndBelowTopics: [{ name: "orders", partitions: [0] }],
    },
  ],
  AddOffsetsToTxn: [3, { transactionalId: "tx", groupId: "g" }],
  EndTxn: [3, { transactionalId: "tx" }],
  WriteTxnMarkers: [1, { markers: [{ topics: [{ name: "orders", partitionIndexes: [0] }] }] }],
  TxnOffsetCommit: [
    3,
    { transactionalId: "tx", groupId: "g", topics: [{ name: "orders", partitions }] },
  ],
  DescribeAcls: [3, { resourceTypeFilter: 1, operation: 1, permissionType: 1 }],
  CreateAcls: [3, { creations: [{ ...allow("a", "READ", "TOPIC", "b") }] }],
  DeleteAcls: [3, { filters: [{ resourceTypeFilter: 1, operation: 1, permissionType: 1 }] }],
  DescribeConfigs: [4, { resources: [{ resourceType: 2, resourceName: "orders" }] }],
  AlterConfigs: [2, { resources: [{ resourceType: 2, resourceName: "orders", configs: [] }] }],
  AlterReplicaLogDirs: [
    2,
    { dirs: [{ path: "/d", topics: [{ name: "orders", partitions: [0] }] }] },
  ],
  DescribeLogDirs: [4, { topics: null }],
  CreatePartitions: [3, { topics: [{ name: "orders", count: 2, assignments: null }] }],
  DeleteGroups: [2, { groupsNames: ["g"] }],
  ElectLeaders: [2, { electionType: 0, topicPartitions: null }],
  IncrementalAlterConfigs: [
    1,
    { resources: [{ resourceType: 2, resourceName: "orders", configs: [] }] },
  ],
  AlterPartitionReassignments: [1, { topics: [{ name: "orders", partitions }] }],
  ListPartitionReassignments: [0, { topics: null }],
  DescribeQuorum: [2, { topics: [] }],
  OffsetDelete: [0, { groupId: "g", topics: [{ name: "orders", partitions }] }],
  DescribeClientQuotas: [1, { components: [], strict: false }],
  AlterClientQuotas: [
    1,
    {
      entries: [{ entity: [{ entityType: "user", entityName: "u" }], ops: [] }],
      validateOnly: false,
    },
  ],
  DescribeUserScramCredentials: [0, { users: null }],
  AlterUserScramCredentials: [0, { deletions: [{ name: "u", mechanism: 1 }], upsertions: [] }],
  UpdateFeatures: [1, { featureUpdates: [] }],
  DescribeProducers: [0, { topics: [{ name: "orders", partitionIndexes: [0] }] }],
  UnregisterBroker: [0, { brokerId: 9 }],
  DescribeTransactions: [0, { transactionalIds: ["tx"] }],
  ConsumerGroupHeartbeat: [0, { groupId: "g", memberId: "", subscribedTopicNames: ["orders"] }],
  ConsumerGroupDescribe: [0, { groupIds: ["g"] }],
  ListConfigResources: [1, { resourceTypes: [] }],
  DescribeTopicPartitions: [0, { topics: [{ name: "orders" }] }],
  ShareGroupHeartbeat: [1, { groupId: "g", memberId, subscribedTopicNames: ["orders"] }],
  ShareGroupDescribe: [1, { groupIds: ["g"] }],
  ShareFetch: [1, { groupId: "g", memberId, topics: [], forgottenTopicsData: [] }],
  ShareAcknowledge: [1, { groupId: "g", memberId, topics: [] }],
  ...Object.fromEntries(
    ["Initialize", "Read", "Write", "Delete"].map((verb) => [
      `${verb}ShareGroupState`,
      [0, shareState()],
    ]),
  ),
  ReadShareGroupStateSummary: [0, shareState()],
  StreamsGroupHeartbeat: [0, { groupId: "g", memberId, topology: null }],
  StreamsGroupDescribe: [0, { groupIds: ["g"] }],
  DescribeShareGroupOffsets: [0, { groups: [{ groupId: "g", topics: null }] }],
  AlterShareGroupOffsets: [0, { groupId: "g", topics: [] }],
  DeleteShareGroupOffsets: [0, { groupId: "g", topics: [] }],
};

/** What anybody may ask: the answer leaves out what may not be seen, or is about the asker. */
const open = new Set([
  "ApiVersions",
  "SaslHandshake",
  "SaslAuthenticate",
  "ListGroups",
  "ListTransactions",
  "DescribeCluster",
  "GetTelemetrySubscriptions",
  "PushTelemetry",
  "CreateDelegationToken",
  "RenewDelegationToken",
  "ExpireDelegationToken",
  "DescribeDelegationToken",
]);

function shareState(): object {
  return { groupId: "g", topics: [{ topicId: ZERO_UUID, partitions: [{ partition: 0 }] }] };
}

/** The names of all error codes in an answer, however deep. */
function errorsIn(value: unknown): readonly string[] {
  if (value instanceof Uint8Array || typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    /errorCode$/i.test(key) && typeof inner === "number" ? [errorName(inner)] : errorsIn(inner),
  );
}

/** Fills what a request leaves out, so that only what matters stands in the table. */
function completed(fields: ApiSchema["request"], given: object): object {
  const values = new Map(Object.entries(given));
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]): [string, unknown][] => {
      const value: unknown = values.get(name);
      const { fields: inner } = field;
      if (Array.isArray(value) && inner !== undefined) {
        return [[name, value.map((each: object) => completed(inner, each))]];
      }
      if (value !== undefined) return [[name, value]];
      const isOptional = field.default !== undefined || field.versions !== undefined;
      return isOptional ? [] : [[name, field.as === "bigint" ? 0n : blank(field.type)]];
    }),
  );
}

function blank(type: string): unknown {
  if (type.startsWith("[]")) return [];
  if (type === "string") return "";
  if (type === "bool") return false;
  if (type === "uuid") return ZERO_UUID;
  if (type === "bytes" || type === "records") return Buffer.alloc(0);
  return 0;
}

test("who has no permission is refused by every API but those that anybody may ask", async () => {
  await using fixture = await BrokerFixture.start({ config: withAuthorizer });
  fixture.actAs("admin");
  await createTopic(fixture, "orders");
  fixture.actAs("mallory");
  const apis = new Map(Object.values(protocol).flatMap(apiEntry));
  for (const { api } of brokerHandlers) {
    if (open.has(api.name)) continue;
    const [version, body] = requests[api.name] ?? [];
    assert.ok(version !== undefined && body !== undefined, `${api.name} has no row in this test`);
    const schema = apis.get(api.name) ?? api;
    const answer = await fixture.request(schema, version, completed(schema.request, body) as never);
    const errors = errorsIn(answer);
    const isRefused = errors.some((error) => error.endsWith("_AUTHORIZATION_FAILED"));
    assert.ok(isRefused, `${api.name} answered ${errors.join(", ")}`);
  }
});

function apiEntry(value: unknown): readonly (readonly [string, ApiSchema])[] {
  if (typeof value !== "object" || value === null) return [];
  return "key" in value && "request" in value && "name" in value
    ? [[String(value.name), value as ApiSchema]]
    : [];
}

test("lists leave out what may not be described, and show it once it may", async () => {
  await using fixture = await BrokerFixture.start({ config: withAuthorizer });
  fixture.actAs("admin");
  await createTopic(fixture, "orders");
  await createTopic(fixture, "payments");
  const creations = [allow("alice", "READ", "TOPIC", "orders")];
  await fixture.request(protocol.CreateAcls, 3, { creations });
  fixture.actAs("alice");
  const told = await fixture.request(protocol.Metadata, 12, { topics: null });
  assert.deepEqual(
    told.topics.map(({ name }) => name),
    ["orders"],
  );
});
