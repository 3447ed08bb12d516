/**
 * Requests about one topic, group, transactional id or token that entries are about and one that
 * they are not about, of every API of a broker's listener.
 */
import { buildRecordBatch } from "@millrace/protocol";

/** What requests name that is made anew for each broker. */
export interface World {
  /** The id of `orders`. */
  readonly topicId: string;
  /** The id of no topic. */
  readonly ghostId: string;
  /** A topic's name that nobody else uses. */
  readonly own: string;
}

/** A request: the API's name, a version, what else tells it from others, and its body. */
export interface Row {
  readonly api: string;
  readonly version: number;
  readonly about: string;
  readonly body: (world: World) => object;
}

/** The user's member of share and streams groups. */
const memberId = "AAAAAAAAAAAAAAAAAAAAAQ";
const bothTopics = ["orders", "orders-ghost"] as const;
const bothGroups = ["group", "group-ghost"] as const;
const partitions = [{ partitionIndex: 0 }];
const plainBatch = buildRecordBatch([{ key: null, value: Buffer.from("v"), timestamp: 7 }]);
const idempotentBatch = buildRecordBatch([{ key: null, value: Buffer.from("v"), timestamp: 7 }], {
  producerId: 4000n,
  producerEpoch: 0,
  baseSequence: 5,
});
const transactionalBatch = buildRecordBatch(
  [{ key: null, value: Buffer.from("v"), timestamp: 7 }],
  { producerId: 4000n, producerEpoch: 0, baseSequence: 5, isTransactional: true },
);
/** An entry, and a filter, about nobody of the table. */
const nobody = { principal: "User:nobody", host: "*", operation: 3, permissionType: 3 };

function produce(transactionalId: string | null, records: Buffer): () => object {
  return () => ({
    acks: 1,
    timeoutMs: 1000,
    transactionalId,
    topicData: bothTopics.map((name) => ({ name, partitionData: [{ index: 0, records }] })),
  });
}

function subscribing(subscribedTopicRegex: string): object {
  const group = { groupId: "group", memberId, memberEpoch: 5, rebalanceTimeoutMs: 5000 };
  return { ...group, subscribedTopicNames: null, subscribedTopicRegex };
}

function row(api: string, version: number, body: Row["body"] | object, about = ""): Row {
  return {
    api,
    version,
    about,
    body: typeof body === "function" ? (body as Row["body"]) : () => body,
  };
}

function configs(resourceType: number, resourceName: string, name: string, value: string) {
  return {
    resourceType,
    resourceName,
    configurationKeys: [name],
    configs: [{ name, value, configOperation: 0 }],
  };
}

const configResources = [
  configs(2, "orders", "retention.ms", "100000"),
  configs(2, "orders-ghost", "retention.ms", "100000"),
  configs(4, "1", "log.cleaner.threads", "1"),
  configs(4, "", "log.cleaner.threads", "1"),
  configs(16, "metrics", "interval.ms", "1000"),
  configs(32, "group", "consumer.session.timeout.ms", "45000"),
];
const txnTopics = bothTopics.map((name) => ({ name, partitions: [0] }));
const named = bothTopics.map((name) => ({ name, partitions }));

/** The rows of the table, in the order in which each user asks. */
export const rows: readonly Row[] = [
  row("Produce", 9, produce(null, plainBatch)),
  row("Produce", 9, produce(null, idempotentBatch), "idempotent"),
  row("Produce", 9, produce("tx", transactionalBatch), "transactional"),
  row("Produce", 9, produce(null, transactionalBatch), "transactional batch, no id"),
  row("Produce", 9, produce("tx", plainBatch), "plain batch, with an id"),
  // KIP-890: from version 12 on, Produce adds its partitions to the transaction.
  row("Produce", 12, produce("tx", transactionalBatch), "transactional"),
  row("Produce", 12, produce("tx-ghost", transactionalBatch), "transactional, another id"),
  row("Produce", 12, produce(null, transactionalBatch), "transactional batch, no id"),
  row("Produce", 12, produce("tx", plainBatch), "plain batch, with an id"),
  row(
    "Produce",
    13,
    ({ topicId, ghostId }) => ({
      acks: 1,
      timeoutMs: 1000,
      transactionalId: null,
      topicData: [topicId, ghostId].map((id) => ({
        topicId: id,
        partitionData: [{ index: 0, records: plainBatch }],
      })),
    }),
    "by id",
  ),
  row("Fetch", 12, {
    topics: bothTopics.map((topic) => ({
      topic,
      partitions: [{ partition: 0, partitionMaxBytes: 1 }],
    })),
  }),
  row(
    "Fetch",
    17,
    ({ topicId, ghostId }) => ({
      topics: [topicId, ghostId].map((id) => ({
        topicId: id,
        partitions: [{ partition: 0, partitionMaxBytes: 1 }],
      })),
    }),
    "by id",
  ),
  row(
    "Fetch",
    12,
    { replicaId: 7, topics: [{ topic: "orders", partitions: [{ partition: 0 }] }] },
    "of a follower",
  ),
  row("ListOffsets", 9, {
    topics: bothTopics.map((name) => ({
      name,
      partitions: [{ partitionIndex: 0, timestamp: -1 }],
    })),
  }),
  row("Metadata", 12, {
    topics: bothTopics.map((name) => ({ name })),
    allowAutoTopicCreation: false,
    includeTopicAuthorizedOperations: true,
  }),
  row(
    "Metadata",
    9,
    {
      topics: [{ name: "orders" }],
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: true,
      includeTopicAuthorizedOperations: true,
    },
    "operations",
  ),
  row(
    "Metadata",
    12,
    ({ topicId, ghostId }) => ({
      topics: [topicId, ghostId].map((id) => ({ topicId: id, name: null })),
      allowAutoTopicCreation: false,
    }),
    "by id",
  ),
  row("Metadata", 12, { topics: null }, "all"),
  row("DescribeTopicPartitions", 0, { topics: bothTopics.map((name) => ({ name })) }),
  row("DescribeTopicPartitions", 0, { topics: [], responsePartitionLimit: 2000 }, "all"),
  row("ListConfigResources", 1, { resourceTypes: [2, 4, 16] }),
  row("ListConfigResources", 0, { resourceTypes: [] }, "of metrics"),
  row(
    "Metadata",
    12,
    ({ own }) => ({ topics: [{ name: own }], allowAutoTopicCreation: true }),
    "creating",
  ),
  row("FindCoordinator", 4, { keyType: 0, coordinatorKeys: bothGroups }, "groups"),
  row("FindCoordinator", 4, { keyType: 1, coordinatorKeys: ["tx", "tx-ghost"] }, "transactions"),
  row(
    "FindCoordinator",
    6,
    ({ ghostId }) => ({ keyType: 2, coordinatorKeys: [`group:${ghostId}:0`] }),
    "shares",
  ),
  row("FindCoordinator", 2, { keyType: 0, key: "group" }, "one group"),
  row("OffsetCommit", 9, { groupId: "group", topics: named }),
  row(
    "OffsetCommit",
    10,
    ({ topicId, ghostId }) => ({
      groupId: "group",
      topics: [topicId, ghostId].map((id) => ({ topicId: id, partitions })),
    }),
    "by id",
  ),
  row("OffsetFetch", 9, {
    groups: bothGroups.map((groupId) => ({
      groupId,
      topics: bothTopics.map((name) => ({ name, partitionIndexes: [0] })),
    })),
  }),
  row(
    "OffsetFetch",
    9,
    { groups: bothGroups.map((groupId) => ({ groupId, topics: null })) },
    "all",
  ),
  row(
    "OffsetFetch",
    10,
    ({ topicId, ghostId }) => ({
      groups: [
        {
          groupId: "group",
          topics: [topicId, ghostId].map((id) => ({ topicId: id, partitionIndexes: [0] })),
        },
      ],
    }),
    "by id",
  ),
  row("OffsetDelete", 0, { groupId: "group-ghost", topics: named }, "of no group"),
  row("OffsetDelete", 0, {
    groupId: "group",
    topics: named.map(({ name }) => ({ name, partitions: [{ partitionIndex: 1 }] })),
  }),
  row("JoinGroup", 9, {
    groupId: "group",
    memberId: "",
    sessionTimeoutMs: 10000,
    rebalanceTimeoutMs: 10000,
    protocolType: "consumer",
    protocols: [{ name: "range" }],
  }),
  row("SyncGroup", 5, {
    groupId: "group",
    memberId: "m",
    protocolType: "consumer",
    protocolName: "range",
    assignments: [],
  }),
  row("Heartbeat", 4, { groupId: "group", memberId: "m" }),
  row("LeaveGroup", 5, { groupId: "group", members: [{ memberId: "m" }] }),
  row("DescribeGroups", 6, { groups: bothGroups, includeAuthorizedOperations: true }),
  row("ListGroups", 5, {}),
  row("DeleteGroups", 2, { groupsNames: ["group-ghost", "group-none"] }),
  row("ConsumerGroupHeartbeat", 1, {
    groupId: "group",
    memberId,
    memberEpoch: 5,
    subscribedTopicNames: null,
  }),
  row(
    "ConsumerGroupHeartbeat",
    1,
    {
      groupId: "group",
      memberId,
      memberEpoch: 5,
      subscribedTopicNames: bothTopics,
      rebalanceTimeoutMs: 5000,
    },
    "subscribing",
  ),
  row("ConsumerGroupHeartbeat", 1, subscribing("orders.*"), "subscribing by a pattern"),
  row("ConsumerGroupHeartbeat", 1, subscribing("("), "subscribing by a broken pattern"),
  row("ConsumerGroupDescribe", 1, { groupIds: bothGroups, includeAuthorizedOperations: true }),
  row("ShareGroupHeartbeat", 1, {
    groupId: "group",
    memberId,
    memberEpoch: 5,
    subscribedTopicNames: null,
  }),
  row(
    "ShareGroupHeartbeat",
    1,
    { groupId: "group", memberId, memberEpoch: 5, subscribedTopicNames: bothTopics },
    "subscribing",
  ),
  row("ShareGroupDescribe", 1, { groupIds: bothGroups, includeAuthorizedOperations: true }),
  row("ShareFetch", 1, {
    groupId: "group",
    memberId,
    shareSessionEpoch: 5,
    topics: [],
    forgottenTopicsData: [],
  }),
  row("ShareAcknowledge", 1, { groupId: "group", memberId, shareSessionEpoch: 5, topics: [] }),
  row("StreamsGroupHeartbeat", 0, { groupId: "group", memberId, memberEpoch: 5, topology: null }),
  row("StreamsGroupDescribe", 0, { groupIds: bothGroups, includeAuthorizedOperations: true }),
  row("DescribeShareGroupOffsets", 1, {
    groups: bothGroups.map((groupId) => ({
      groupId,
      topics: bothTopics.map((topicName) => ({ topicName, partitions: [0] })),
    })),
  }),
  row(
    "DescribeShareGroupOffsets",
    1,
    { groups: bothGroups.map((groupId) => ({ groupId, topics: null })) },
    "all",
  ),
  row("AlterShareGroupOffsets", 0, {
    groupId: "group-ghost",
    topics: bothTopics.map((topicName) => ({ topicName, partitions })),
  }),
  row("DeleteShareGroupOffsets", 0, {
    groupId: "group-ghost",
    topics: bothTopics.map((topicName) => ({ topicName })),
  }),
  ...[
    "InitializeShareGroupState",
    "ReadShareGroupState",
    "WriteShareGroupState",
    "DeleteShareGroupState",
    "ReadShareGroupStateSummary",
  ].map((api) =>
    row(api, 0, ({ ghostId }) => ({
      groupId: "group-ghost",
      topics: [{ topicId: ghostId, partitions: [{ partition: 0 }] }],
    })),
  ),
  row("InitProducerId", 5, { transactionalId: null, transactionTimeoutMs: 1000 }, "idempotent"),
  row("InitProducerId", 5, { transactionalId: "tx", transactionTimeoutMs: 1000 }, "transactional"),
  row(
    "InitProducerId",
    6,
    { transactionalId: "tx", transactionTimeoutMs: 1000, enable2Pc: true },
    "two phases",
  ),
  row("AddPartitionsToTxn", 3, { v3AndBelowTransactionalId: "tx", v3AndBelowTopics: txnTopics }),
  row(
    "AddPartitionsToTxn",
    3,
    { v3AndBelowTransactionalId: "tx", v3AndBelowTopics: txnTopics.slice(0, 1) },
    "one topic",
  ),
  row(
    "AddPartitionsToTxn",
    5,
    { transactions: [{ transactionalId: "tx", verifyOnly: true, topics: txnTopics }] },
    "of a broker",
  ),
  row("AddOffsetsToTxn", 4, { transactionalId: "tx", groupId: "group" }),
  row("EndTxn", 5, { transactionalId: "tx" }),
  row("WriteTxnMarkers", 1, {
    markers: [{ topics: [{ name: "orders-ghost", partitionIndexes: [0] }] }],
  }),
  row("TxnOffsetCommit", 5, { transactionalId: "tx", groupId: "group", topics: named }),
  row("DescribeTransactions", 0, { transactionalIds: ["tx", "tx-ghost"] }),
  row("ListTransactions", 2, {}),
  row("DescribeProducers", 0, {
    topics: bothTopics.map((name) => ({ name, partitionIndexes: [0] })),
  }),
  row("OffsetForLeaderEpoch", 4, {
    topics: bothTopics.map((topic) => ({ topic, partitions: [{ partition: 0 }] })),
  }),
  row("CreateTopics", 7, ({ own }) => ({
    validateOnly: true,
    topics: ["orders", "orders-ghost", own].map((name) => ({
      name,
      numPartitions: 1,
      replicationFactor: 1,
    })),
  })),
  row("DeleteTopics", 5, { timeoutMs: 5000, topicNames: ["orders-ghost", "other-ghost"] }),
  row(
    "DeleteTopics",
    6,
    ({ own, ghostId }) => ({
      timeoutMs: 5000,
      topics: [{ name: own }, { name: null, topicId: ghostId }],
    }),
    "of its own",
  ),
  row("DeleteRecords", 2, {
    timeoutMs: 1000,
    topics: bothTopics.map((name) => ({ name, partitions: [{ partitionIndex: 0, offset: 0 }] })),
  }),
  row("CreatePartitions", 3, {
    validateOnly: true,
    timeoutMs: 1000,
    topics: bothTopics.map((name) => ({ name, count: 2, assignments: null })),
  }),
  row("ElectLeaders", 2, {
    electionType: 0,
    topicPartitions: [{ topic: "orders", partitions: [0] }],
  }),
  row("AlterPartitionReassignments", 1, {
    topics: bothTopics.map((name) => ({
      name,
      partitions: [{ partitionIndex: 0, replicas: [1] }],
    })),
  }),
  row(
    "AlterPartitionReassignments",
    0,
    {
      topics: [
        ["orders", 0, null],
        ["orders", 0, [2]],
        ["orders", 0, []],
        ["orders", 0, [1, 1]],
        ["orders", 9, [1]],
        ["orders-ghost", 0, null],
      ].map(([name, partitionIndex, replicas]) => ({
        name,
        partitions: [{ partitionIndex, replicas }],
      })),
    },
    "that cannot be",
  ),
  row("ListPartitionReassignments", 0, { topics: null }),
  row("DescribeConfigs", 4, { resources: configResources }),
  row("AlterConfigs", 2, {
    validateOnly: true,
    resources: configResources.filter(({ resourceName }) => resourceName !== ""),
  }),
  row("IncrementalAlterConfigs", 1, { validateOnly: true, resources: configResources }),
  row("DescribeLogDirs", 4, { topics: [{ topic: "orders", partitions: [0] }] }),
  row("AlterReplicaLogDirs", 2, {
    dirs: [{ path: "/nowhere", topics: [{ name: "orders", partitions: [0] }] }],
  }),
  row("DescribeCluster", 1, { includeClusterAuthorizedOperations: true }),
  row("DescribeQuorum", 2, {
    topics: [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] }],
  }),
  row("UpdateFeatures", 1, { featureUpdates: [], validateOnly: true }),
  row("UnregisterBroker", 0, { brokerId: 9 }),
  row("DescribeAcls", 3, {
    resourceTypeFilter: 1,
    patternTypeFilter: 1,
    resourceNameFilter: null,
    principalFilter: "User:nothing",
    hostFilter: null,
    operation: 1,
    permissionType: 1,
  }),
  row("CreateAcls", 3, {
    creations: [{ resourceType: 2, resourceName: "other", resourcePatternType: 3, ...nobody }],
  }),
  row("DeleteAcls", 3, {
    filters: [
      {
        resourceTypeFilter: 1,
        patternTypeFilter: 1,
        resourceNameFilter: null,
        principalFilter: "User:nothing",
        hostFilter: null,
        operation: 1,
        permissionType: 1,
      },
    ],
  }),
  row("DescribeUserScramCredentials", 0, { users: [{ name: "nobody" }] }),
  row("AlterUserScramCredentials", 0, {
    deletions: [{ name: "nobody", mechanism: 1 }],
    upsertions: [],
  }),
  row("DescribeClientQuotas", 1, {
    components: [{ entityType: "user", matchType: 0, match: "nobody" }],
  }),
  row("AlterClientQuotas", 1, {
    validateOnly: true,
    entries: [
      {
        entity: [{ entityType: "user", entityName: "nobody" }],
        ops: [{ key: "producer_byte_rate", value: 1 }],
      },
    ],
  }),
  row(
    "CreateDelegationToken",
    3,
    { renewers: [], maxLifetimeMs: 1000, ownerPrincipalType: "User", ownerPrincipalName: "owner" },
    "for another",
  ),
  row("DescribeDelegationToken", 3, {
    owners: [{ principalType: "User", principalName: "token-owner" }],
  }),
  row("RenewDelegationToken", 2, { hmac: Buffer.from("nothing"), renewPeriodMs: 1000 }),
  row("ExpireDelegationToken", 2, { hmac: Buffer.from("nothing"), expiryTimePeriodMs: 1000 }),
];
