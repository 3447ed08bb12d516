// Exactly once from one topic to another, and what goes wrong: kafkajs's "Transactions".
const { ConfigResourceTypes, Kafka, logLevel, Partitioners } = require("kafkajs");

const [broker, topic, groupId] = process.argv.slice(2);
const target = `${topic}-target`;
const kafka = new Kafka({ clientId: "exactly-once", brokers: [broker], logLevel: logLevel.NOTHING });

async function run() {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [
      { topic, numPartitions: 1 },
      { topic: target, configEntries: [{ name: "cleanup.policy", value: "compact" }] },
    ],
  });
  const described = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [
      { type: ConfigResourceTypes.TOPIC, name: target, configNames: ["cleanup.policy"] },
    ],
  });
  for (const { configName, configValue, isDefault } of described.resources[0].configEntries) {
    console.log("config", configName, configValue, isDefault);
  }

  const producer = kafka.producer({
    transactionalId: `${topic}-writer`,
    maxInFlightRequests: 1,
    idempotent: true,
    createPartitioner: Partitioners.LegacyPartitioner,
  });
  await producer.connect();

  const dropped = await producer.transaction();
  await dropped.send({ topic: target, messages: [{ key: "a", value: "never seen" }] });
  await dropped.abort();
  console.log("active", dropped.isActive());

  const kept = await producer.transaction();
  await kept.sendBatch({
    topicMessages: [
      { topic: target, messages: [{ key: "a", value: "one" }] },
      { topic, messages: [{ key: "b", value: "two" }] },
    ],
  });
  await kept.sendOffsets({
    consumerGroupId: groupId,
    topics: [{ topic, partitions: [{ partition: 0, offset: "1" }] }],
  });
  await kept.commit();
  console.log("offsets", (await admin.fetchOffsets({ groupId, topics: [topic] }))[0].partitions);

  const consumer = kafka.consumer({ groupId: `${groupId}-reader` });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic, target], fromBeginning: true });
  const values = [];
  let done;
  const all = new Promise((resolve) => {
    done = resolve;
  });
  await consumer.run({
    partitionsConsumedConcurrently: 2,
    eachMessage: async ({ message }) => {
      values.push(`${message.key}=${message.value}`);
      if (values.length === 2) done();
    },
  });
  await all;
  console.log("read", values.sort().join(" "));
  await consumer.disconnect();

  for (const [what, attempt] of [
    ["no topic", () => kafka.producer().send({ messages: [] })],
    ["no value", () => kafka.producer().send({ topic, messages: [{ key: "x" }] })],
    ["unknown topic", () => admin.deleteTopics({ topics: [`${topic}-missing`] })],
    ["bad topic", () => admin.createTopics({ topics: [{ topic: "a b" }] })],
    ["unknown group", () => admin.deleteGroups([`${groupId}-missing`])],
    ["not running", async () => consumer.seek({ topic, partition: 0, offset: "-7" })],
  ]) {
    try {
      await attempt();
    } catch (error) {
      const { name, type, retriable, errors, groups } = error;
      const inner = [...(errors ?? []), ...(groups ?? [])].map((one) => one.type ?? one.errorCode);
      console.log(what, name, type ?? "", retriable ?? "", inner.join());
    }
  }
  await producer.disconnect();
  await admin.disconnect();
}

run().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
