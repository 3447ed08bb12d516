// A ten-line kafkajs program for each thing a user does first; see ../src/clients.ts.
import { CompressionTypes, Kafka, logLevel } from "kafkajs";

const [command, broker, topic, argument] = process.argv.slice(2);
const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.WARN });
if (command === "create") {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: Number(argument) }] });
  await admin.disconnect();
} else if (command === "produce") {
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  const lines = (await new Response(process.stdin).text()).split("\n").slice(0, -1);
  const compression = argument === "gzip" ? CompressionTypes.GZIP : CompressionTypes.None;
  await producer.send({ topic, compression, messages: lines.map((value) => ({ value })) });
  await producer.disconnect();
} else if (command === "group") {
  const consumer = kafka.consumer({ groupId: topic });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let left = Number(argument);
  await new Promise((resolve) => {
    const eachMessage = ({ message }) => {
      process.stdout.write(`${message.value}\n`);
      left -= 1;
      if (left === 0) resolve();
      return Promise.resolve();
    };
    void consumer.run({ eachMessage });
  });
  await consumer.disconnect();
}
