/** The admin, method by method, on both brokers with the same assertions. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import {
  type Admin,
  Client,
  configResourceKey,
  KafkaError,
  notNull,
  replicaKey,
  string,
} from "@millrace/client";

import { type ClientBroker, eachBroker, uniqueName } from "../src/index.ts";

async function withAdmin(
  broker: ClientBroker,
  body: (admin: Admin, client: Client) => Promise<void>,
): Promise<void> {
  await using client = new Client({ bootstrap: broker.bootstrap, enableMetricsPush: false });
  await using admin = client.admin();
  await body(admin, client);
}

function codeOf(outcome: unknown): string {
  return outcome instanceof KafkaError ? outcome.code : "NONE";
}

function value<V>(outcome: V | KafkaError | undefined): V {
  if (outcome instanceof KafkaError) throw outcome;
  assert.ok(outcome !== undefined);
  return outcome;
}

/** Makes a topic and waits until every request knows it. */
async function makeTopic(admin: Admin, partitions = 2): Promise<string> {
  const name = uniqueName("admin");
  value((await admin.createTopics([{ name, numPartitions: partitions }])).get(name));
  for (let tries = 0; ; tries += 1) {
    const described = await admin.describeTopics([name]);
    if (codeOf(described.get(name)) === "NONE") return name;
    assert.ok(tries < 100, `${name} does not appear`);
  }
}

eachBroker("topics are created with ids and configurations, and each tells its error", (broker) =>
  withAdmin(broker, async (admin) => {
    const name = uniqueName("admin");
    const bad = `${name}/bad`;
    const outcomes = await admin.createTopics([
      { name, numPartitions: 3, replicationFactor: 1, configs: { "retention.ms": "1000" } },
      { name: bad, numPartitions: 1 },
    ]);
    assert.deepEqual([...outcomes.keys()], [name, bad]);
    assert.equal(codeOf(outcomes.get(bad)), "INVALID_TOPIC_EXCEPTION");
    const created = value(outcomes.get(name));
    assert.match(created.id, /^[\w-]{22}$/);
    assert.equal(created.numPartitions, 3);
    assert.equal(created.replicationFactor, 1);
    const retention = created.configs?.find((one) => one.name === "retention.ms");
    assert.equal(retention?.value, "1000");
    assert.equal(retention?.source, "DYNAMIC_TOPIC_CONFIG");
    const again = await admin.createTopics([{ name }]);
    assert.equal(codeOf(again.get(name)), "TOPIC_ALREADY_EXISTS");
    const validated = await admin.createTopics([{ name: `${name}-2` }], { validateOnly: true });
    assert.equal(codeOf(validated.get(`${name}-2`)), "NONE");
    assert.ok(!(await admin.listTopics()).has(`${name}-2`));
  }),
);

eachBroker("topics are listed, described page by page and by id, and deleted by both", (broker) =>
  withAdmin(broker, async (admin) => {
    const name = await makeTopic(admin, 5);
    const listing = (await admin.listTopics()).get(name);
    assert.equal(listing?.isInternal, false);
    const pages = await admin.describeTopics([name, "missing-topic"], {
      partitionSizeLimitPerResponse: 2,
      includeAuthorizedOperations: true,
    });
    const topic = value(pages.get(name));
    assert.deepEqual(
      topic.partitions.map(({ partition }) => partition),
      [0, 1, 2, 3, 4],
    );
    assert.deepEqual(topic.partitions[0]?.inSyncReplicas, [1]);
    assert.ok(topic.authorizedOperations?.has("DESCRIBE"));
    assert.equal(codeOf(pages.get("missing-topic")), "UNKNOWN_TOPIC_OR_PARTITION");
    const byId = await admin.describeTopics({ ids: [topic.id] });
    assert.equal(value(byId.get(topic.id)).name, name);
    const deleted = await admin.deleteTopics({ ids: [topic.id] });
    assert.equal(codeOf(deleted.get(topic.id)), "NONE");
    const other = await makeTopic(admin);
    const outcomes = await admin.deleteTopics([other, "missing-topic"]);
    assert.equal(codeOf(outcomes.get(other)), "NONE");
    assert.equal(codeOf(outcomes.get("missing-topic")), "UNKNOWN_TOPIC_OR_PARTITION");
  }),
);

eachBroker("partitions are added, and fewer are refused", (broker) =>
  withAdmin(broker, async (admin) => {
    const name = await makeTopic(admin, 2);
    const more = await admin.createPartitions({ [name]: { totalCount: 4 } });
    assert.equal(codeOf(more.get(name)), "NONE");
    const fewer = await admin.createPartitions({ [name]: { totalCount: 1 } });
    assert.equal(codeOf(fewer.get(name)), "INVALID_PARTITIONS");
  }),
);

eachBroker("offsets are listed by every spec, records deleted, producers described", (broker) =>
  withAdmin(broker, async (admin, client) => {
    const topic = await makeTopic(admin, 1);
    await using producer = client.producer({ key: string, value: notNull(string) });
    for (const timestamp of [1000, 3000, 2000]) {
      await producer.send({ topic, partition: 0, key: null, value: "v", timestamp });
    }
    const key = `${topic}-0` as const;
    const list = async (spec: Parameters<Admin["listOffsets"]>[0][number]["spec"]) =>
      value((await admin.listOffsets([{ topic, partition: 0, spec }])).get(key));
    assert.equal((await list("earliest")).offset, 0n);
    assert.equal((await list("latest")).offset, 3n);
    assert.deepEqual(await list("maxTimestamp"), { offset: 1n, timestamp: 3000, leaderEpoch: 0 });
    assert.equal((await list({ timestamp: 1500 })).offset, 1n);
    assert.equal((await list({ timestamp: 9000 })).offset, -1n);
    assert.equal((await list("earliestLocal")).offset, 0n);
    const outcomes = await admin.listOffsets(
      [
        { topic, partition: 0, spec: "latest" },
        { topic, partition: 7, spec: "latest" },
      ],
      { timeoutMs: 1000, isolation: "read_committed" },
    );
    assert.equal(value(outcomes.get(key)).offset, 3n);
    assert.ok(outcomes.get(`${topic}-7`) instanceof KafkaError);
    const producers = value((await admin.describeProducers([{ topic, partition: 0 }])).get(key));
    assert.equal(producers[0]?.lastSequence, 2);
    const deleted = await admin.deleteRecords([{ topic, partition: 0, beforeOffset: 2n }]);
    assert.deepEqual(value(deleted.get(key)), { lowWatermark: 2n });
    const beyond = await admin.deleteRecords([{ topic, partition: 0, beforeOffset: 20n }]);
    assert.equal(codeOf(beyond.get(key)), "OFFSET_OUT_OF_RANGE");
  }),
);

eachBroker("configurations are described with synonyms, changed and listed", (broker) =>
  withAdmin(broker, async (admin) => {
    const topic = { type: "topic", name: await makeTopic(admin) } as const;
    const altered = await admin.incrementalAlterConfigs([
      { ...topic, changes: [{ name: "retention.ms", op: "set", value: "5000" }] },
    ]);
    assert.equal(codeOf(altered.get(configResourceKey(topic))), "NONE");
    const bad = await admin.incrementalAlterConfigs([
      { ...topic, changes: [{ name: "retention.ms", op: "set", value: "soon" }] },
    ]);
    assert.equal(codeOf(bad.get(configResourceKey(topic))), "INVALID_CONFIG");
    const node = { type: "broker", name: "1" } as const;
    const described = await admin.describeConfigs([topic, node], {
      includeSynonyms: true,
      includeDocumentation: true,
    });
    const retention = value(described.get(("topic:" + topic.name) as "topic:x")).get(
      "retention.ms",
    );
    assert.equal(retention?.value, "5000");
    assert.equal(retention?.type, "LONG");
    assert.ok((retention?.synonyms.length ?? 0) >= 1);
    assert.equal(typeof retention?.documentation, "string");
    const nodeConfigs = value(described.get("broker:1"));
    assert.equal(nodeConfigs.get("node.id")?.isReadOnly, true);
    const group = { type: "group", name: uniqueName("group") } as const;
    const change = { name: "consumer.session.timeout.ms", op: "set", value: "50000" } as const;
    await admin.incrementalAlterConfigs([{ ...group, changes: [change] }]);
    for (let tries = 0; tries < 100; tries += 1) {
      const listed = await admin.listConfigResources(["group"]);
      if (listed.some(({ name }) => name === group.name)) return;
    }
    assert.fail("the group's configuration is not listed");
  }),
);

eachBroker("groups commit, are listed, described and deleted", (broker) =>
  withAdmin(broker, async (admin) => {
    const topic = await makeTopic(admin, 2);
    const group = uniqueName("group");
    const altered = await admin.alterConsumerGroupOffsets(group, [
      { topic, partition: 0, offset: 7n, metadata: "seven" },
      { topic, partition: 1, offset: 8n },
    ]);
    assert.equal(codeOf(altered.get(`${topic}-1`)), "NONE");
    const partitions = [{ topic, partition: 0 }];
    const listed = value(
      (await admin.listConsumerGroupOffsets(new Map([[group, "all" as const]]))).get(group),
    );
    assert.deepEqual(value(listed.get(`${topic}-0`)), {
      offset: 7n,
      leaderEpoch: undefined,
      metadata: "seven",
    });
    assert.equal(listed.size, 2);
    const removed = await admin.deleteConsumerGroupOffsets(group, partitions);
    assert.equal(codeOf(removed.get(`${topic}-0`)), "NONE");
    const one = await admin.listConsumerGroupOffsets(new Map([[group, partitions]]));
    assert.equal(value(one.get(group)).get(`${topic}-0`), undefined);
    const { groups, errors } = await admin.listGroups({ states: ["Empty"] });
    assert.equal(errors.size, 0);
    assert.equal(groups.find(({ groupId }) => groupId === group)?.type, "classic");
    const missing = uniqueName("missing");
    const described = await admin.describeConsumerGroups([group, missing], {
      includeAuthorizedOperations: true,
    });
    const description = value(described.get(group));
    assert.equal(description.state, "Empty");
    assert.equal(description.isSimple, true);
    assert.ok(description.authorizedOperations?.has("READ"));
    assert.equal(codeOf(described.get(missing)), "GROUP_ID_NOT_FOUND");
    const deleted = await admin.deleteConsumerGroups([group, missing]);
    assert.equal(codeOf(deleted.get(group)), "NONE");
    assert.equal(codeOf(deleted.get(missing)), "GROUP_ID_NOT_FOUND");
  }),
);

eachBroker(
  "share groups get offsets and lose them",
  { needs: ["AlterShareGroupOffsets"] },
  (broker) =>
    withAdmin(broker, async (admin) => {
      const topic = await makeTopic(admin, 1);
      const group = uniqueName("share");
      const offsets = [{ topic, partition: 0, startOffset: 0n }];
      const altered = await admin.alterShareGroupOffsets(group, offsets);
      const described = await admin.describeShareGroups([group]);
      const listed = await admin.listShareGroupOffsets(new Map([[group, "all" as const]]));
      assert.equal(codeOf(altered.get(`${topic}-0`)), "NONE");
      assert.equal(value(described.get(group)).state, "Empty");
      assert.equal(value(value(listed.get(group)).get(`${topic}-0`)).startOffset, 0n);
      const deleted = await admin.deleteShareGroupOffsets(group, [topic]);
      assert.equal(codeOf(deleted.get(topic)), "NONE");
      assert.equal(codeOf((await admin.deleteShareGroups([group])).get(group)), "NONE");
    }),
);

eachBroker("the cluster, its features and its quorum are described", (broker) =>
  withAdmin(broker, async (admin) => {
    const cluster = await admin.describeCluster({ includeAuthorizedOperations: true });
    assert.deepEqual(
      cluster.brokers.map(({ id }) => id),
      [1],
    );
    assert.ok(cluster.authorizedOperations?.has("ALTER"));
    const features = await admin.describeFeatures();
    assert.ok((features.finalized.get("metadata.version")?.max ?? 0) > 20);
    assert.ok(features.supported.has("transaction.version"));
    const quorum = await admin.describeMetadataQuorum();
    assert.equal(quorum.leaderId, 1);
    assert.equal(quorum.voters[0]?.replicaId, 1);
    await assert.rejects(admin.updateFeatures({ "no.such.feature": { level: 1 } }), {
      name: "KafkaError",
    });
    await assert.rejects(admin.unregisterBroker(99), { code: "BROKER_ID_NOT_REGISTERED" });
  }),
);

eachBroker("log directories, moves and elections", (broker) =>
  withAdmin(broker, async (admin) => {
    const topic = await makeTopic(admin, 1);
    const logDirs = value((await admin.describeLogDirs([1])).get(1));
    assert.equal(logDirs.size, 2);
    const replica = { topic, partition: 0, brokerId: 1 };
    const places = await admin.describeReplicaLogDirs([replica]);
    const { current } = value(places.get(replicaKey(replica)));
    const other = [...logDirs.keys()].find((path) => path !== current?.path) ?? "";
    const moved = await admin.alterReplicaLogDirs([{ ...replica, path: other }]);
    assert.equal(codeOf(moved.get(replicaKey(replica))), "NONE");
    const elected = await admin.electLeaders("preferred", [{ topic, partition: 0 }]);
    assert.equal(codeOf(elected.get(`${topic}-0`)), "ELECTION_NOT_NEEDED");
    const moves = await admin.alterPartitionReassignments([
      { topic, partition: 0, replicas: [1] },
      { topic, partition: 9, replicas: [1] },
    ]);
    assert.equal(codeOf(moves.get(`${topic}-0`)), "NONE");
    assert.equal(codeOf(moves.get(`${topic}-9`)), "UNKNOWN_TOPIC_OR_PARTITION");
    assert.equal((await admin.listPartitionReassignments()).get(`${topic}-0`), undefined);
  }),
);

eachBroker("producers are fenced off, transactions listed and described", (broker) =>
  withAdmin(broker, async (admin) => {
    const id = uniqueName("txn");
    const fenced = value((await admin.fenceProducers([id])).get(id));
    assert.ok(fenced.producerId >= 0n);
    const missing = uniqueName("txn");
    const described = await admin.describeTransactions([id, missing]);
    assert.equal(value(described.get(id)).state, "Empty");
    assert.equal(value(described.get(id)).producerId, fenced.producerId);
    assert.equal(codeOf(described.get(missing)), "TRANSACTIONAL_ID_NOT_FOUND");
    const listed = value(
      (await admin.listTransactions({ producerIds: [fenced.producerId] })).get(1),
    );
    assert.deepEqual(listed, [
      { transactionalId: id, producerId: fenced.producerId, state: "Empty" },
    ]);
    await admin.forceTerminateTransaction(id);
  }),
);

eachBroker("quotas and SCRAM credentials are set, found and removed", (broker) =>
  withAdmin(broker, async (admin) => {
    const user = uniqueName("user");
    const entity = { user };
    const set = await admin.alterClientQuotas([{ entity, quotas: { producer_byte_rate: 1000 } }]);
    assert.deepEqual([...set.values()], [undefined]);
    const filter = { components: { user: { name: user } } };
    await eventually(async () => {
      assert.deepEqual(await admin.describeClientQuotas(filter), [
        { entity, quotas: { producer_byte_rate: 1000 } },
      ]);
    });
    await admin.alterClientQuotas([{ entity, quotas: { producer_byte_rate: null } }]);
    const mechanism = "SCRAM-SHA-256" as const;
    const made = await admin.alterUserScramCredentials([{ user, mechanism, password: "secret" }]);
    assert.equal(codeOf(made.get(user)), "NONE");
    await eventually(async () => {
      const described = await admin.describeUserScramCredentials([user]);
      assert.deepEqual(value(described.get(user)), [{ mechanism, iterations: 4096 }]);
    });
    const gone = await admin.alterUserScramCredentials([{ user, mechanism, isDeleted: true }]);
    assert.equal(codeOf(gone.get(user)), "NONE");
    await assert.rejects(admin.describeAcls({}), { code: "SECURITY_DISABLED" });
    await assert.rejects(admin.createDelegationToken(), {
      code: "DELEGATION_TOKEN_REQUEST_NOT_ALLOWED",
    });
  }),
);

eachBroker("a user with a password gets a delegation token, renews and ends it", async (broker) => {
  const sasl = { mechanism: "plain", ...broker.plainUser } as const;
  const bootstrap = broker.listeners.SASL_PLAINTEXT;
  await using client = new Client({ bootstrap, sasl, enableMetricsPush: false });
  const admin = client.admin();
  const token = await admin.createDelegationToken({ maxLifetimeMs: 600_000 });
  assert.deepEqual(token.owner, { type: "User", name: broker.plainUser.username });
  await eventually(async () => {
    const tokens = await admin.describeDelegationToken();
    assert.ok(tokens.some(({ tokenId }) => tokenId === token.tokenId));
  });
  assert.ok((await admin.renewDelegationToken(token.hmac)) <= token.maxTimestamp);
  await admin.expireDelegationToken(token.hmac, { periodMs: -1 });
  await eventually(async () => {
    const tokens = await admin.describeDelegationToken();
    assert.ok(!tokens.some(({ tokenId }) => tokenId === token.tokenId));
  });
});

eachBroker(
  "ACLs are created, found and deleted",
  {
    broker: "own",
    properties: [
      "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
      "super.users=User:ANONYMOUS",
    ],
  },
  (broker) =>
    withAdmin(broker, async (admin) => {
      const entry = {
        resourceType: "TOPIC",
        resourceName: "orders",
        patternType: "PREFIXED",
        principal: "User:alice",
        host: "*",
        operation: "READ",
        permission: "ALLOW",
      } as const;
      const bad = { ...entry, principal: "alice" };
      const created = await admin.createAcls([entry, bad]);
      assert.equal(codeOf(created.get(entry)), "NONE");
      assert.equal(codeOf(created.get(bad)), "INVALID_REQUEST");
      await eventually(async () => {
        assert.deepEqual(await admin.describeAcls({ principal: "User:alice" }), [entry]);
      });
      const filter = { patternType: "MATCH", resourceName: "orders-1" } as const;
      const deleted = await admin.deleteAcls([filter]);
      assert.deepEqual(deleted.get(filter), [entry]);
    }),
);

/** What one broker has written another part of it may learn a moment later. */
async function eventually(check: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await check();
      return;
    } catch (error) {
      if (tries >= 200) throw error;
      await sleep(20);
    }
  }
}
