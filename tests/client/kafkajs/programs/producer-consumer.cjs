// A producer and a consumer, as kafkajs's "Getting started" has them.
const { Kafka, logLevel } = require("kafkajs");

const [broker, topic, groupId] = process.argv.slice(2);
const kafka = new Kafka({ clientId: "my-app", brokers: [broker], logLevel: logLevel.NOTHING });

async function run() {
  const admin = kafka.admin();
  await admin.connect();
  const created = await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] });
  const again = await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] });
  console.log("created", created, again);

  const producer = kafka.producer();
  await producer.connect();
  const stored = await producer.send({
    topic,
    messages: [
      { key: "key1", value: "hello world", headers: { "correlation-id": "1", system: ["a", "b"] } },
      { key: "key2", value: "hey hey!", timestamp: "1700000000000" },
      { key: "key1", value: null },
      { value: "to a place of its own", partition: 1 },
    ],
  });
  for (const { topicName, partition, errorCode, baseOffset } of stored.toSorted(byPartition)) {
    console.log("stored", topicName === topic, partition, errorCode, baseOffset);
  }
  await producer.disconnect();

  const consumer = kafka.consumer({ groupId });
  const seen = [];
  let done;
  const all = new Promise((resolve) => {
    done = resolve;
  });
  consumer.on(consumer.events.GROUP_JOIN, ({ type, payload }) => {
    console.log(type, payload.groupId === groupId, JSON.stringify(payload.memberAssignment[topic]));
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      const headers = Object.entries(message.headers).map(([key, value]) => `${key}=${value}`);
      seen.push({
        partition,
        offset: message.offset,
        key: message.key?.toString() ?? null,
        value: message.value?.toString() ?? null,
        headers,
        isMine: message.timestamp === "1700000000000",
      });
      if (seen.length === 4) done();
    },
  });
  await all;
  const group = await consumer.describeGroup();
  console.log("group", group.state, group.protocol, group.protocolType, group.members.length);
  await consumer.disconnect();
  for (const one of seen.toSorted(byPartition)) console.log(JSON.stringify(one));

  const committed = await admin.fetchOffsets({ groupId, topics: [topic] });
  for (const { partition, offset, metadata } of committed[0].partitions.toSorted(byPartition)) {
    console.log("committed", partition, offset, metadata);
  }
  const offsets = await admin.fetchTopicOffsets(topic);
  for (const one of offsets.toSorted(byPartition)) console.log("offsets", JSON.stringify(one));
  await admin.disconnect();
}

function byPartition(one, other) {
  return one.partition - other.partition || Number(one.offset ?? 0) - Number(other.offset ?? 0);
}

run().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
