// Batches, seeking, pausing, retries: kafkajs's "Consuming messages".
const { CompressionTypes, Kafka, logLevel } = require("kafkajs");

const [broker, topic, groupId] = process.argv.slice(2);
const kafka = new Kafka({ clientId: "batches", brokers: [broker], logLevel: logLevel.NOTHING });

async function run() {
  const producer = kafka.producer({ idempotent: true });
  const admin = kafka.admin();
  await Promise.all([producer.connect(), admin.connect()]);
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
  const messages = Array.from({ length: 20 }, (_, index) => ({ value: `message ${index}` }));
  await producer.sendBatch({
    compression: CompressionTypes.GZIP,
    topicMessages: [{ topic, messages }],
  });
  console.log("idempotent", producer.isIdempotent());

  // 1. Only a part of a batch is resolved: the rest comes again.
  const first = kafka.consumer({ groupId, maxWaitTimeInMs: 100 });
  await first.connect();
  await first.subscribe({ topic, fromBeginning: true });
  const part = waiter();
  await first.run({
    eachBatchAutoResolve: false,
    eachBatch: async ({ batch, resolveOffset, heartbeat, commitOffsetsIfNecessary, ...rest }) => {
      const { uncommittedOffsets, isRunning, isStale } = rest;
      for (const message of batch.messages) {
        if (!isRunning() || isStale() || BigInt(message.offset) > 6n) break;
        resolveOffset(message.offset);
        await heartbeat();
      }
      if (batch.firstOffset() !== "0") return;
      console.log("batch", batch.topic === topic, batch.partition, batch.firstOffset());
      console.log("lag", batch.highWatermark, batch.offsetLagLow(), batch.isEmpty());
      const { topics } = uncommittedOffsets();
      console.log("uncommitted", JSON.stringify(topics[0].partitions.map(({ offset }) => offset)));
      await commitOffsetsIfNecessary({
        topics: [{ topic, partitions: [{ partition: 0, offset: "7" }] }],
      });
      part.done();
    },
  });
  await part.promise;
  await first.disconnect();
  console.log("committed", (await admin.fetchOffsets({ groupId, topics: [topic] }))[0].partitions);

  // 2. A handler that fails gets the message again; a seek goes back; a pause lasts until resume.
  const second = kafka.consumer({
    groupId,
    maxWaitTimeInMs: 100,
    retry: { initialRetryTime: 50, retries: 3 },
  });
  const log = [];
  const end = waiter();
  let failures = 0;
  let hasSought = false;
  await second.connect();
  await second.subscribe({ topics: [new RegExp(`^${topic}$`)] });
  await second.run({
    autoCommitThreshold: 5,
    eachMessage: async ({ message, pause }) => {
      const text = message.value.toString();
      if (text === "message 9" && failures < 2) {
        failures += 1;
        throw new Error("not yet");
      }
      log.push(Number(message.offset));
      if (text === "message 12" && !hasSought) {
        hasSought = true;
        const resume = pause();
        console.log("paused", JSON.stringify(second.paused().map(({ partitions }) => partitions)));
        second.seek({ topic, partition: 0, offset: "17" });
        setTimeout(resume, 300);
      }
      if (text === "message 19") end.done();
    },
  });
  await end.promise;
  await second.disconnect();
  console.log("failed", failures, "handled", log.join(" "));
  console.log("committed", (await admin.fetchOffsets({ groupId, topics: [topic] }))[0].partitions);

  // 3. Offsets can be set, and records deleted.
  await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: "3" }] });
  console.log("set", (await admin.fetchOffsets({ groupId, topics: [topic] }))[0].partitions);
  await admin.resetOffsets({ groupId, topic, earliest: false });
  console.log("reset", (await admin.fetchOffsets({ groupId, topics: [topic], resolveOffsets: true }))[0].partitions);
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: "5" }] });
  console.log("offsets", JSON.stringify(await admin.fetchTopicOffsets(topic)));
  console.log("deleted", (await admin.deleteGroups([groupId]))[0].errorCode);
  await admin.deleteTopics({ topics: [topic] });
  await Promise.all([producer.disconnect(), admin.disconnect()]);
}

function waiter() {
  let done;
  const promise = new Promise((resolve) => {
    done = resolve;
  });
  return { promise, done };
}

run().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
