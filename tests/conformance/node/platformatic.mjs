// A ten-line @platformatic/kafka program for each thing a user does first; see ../src/clients.ts.
import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from "@platformatic/kafka";

const [command, broker, topic, argument] = process.argv.slice(2);
const settings = { clientId: "conformance", bootstrapBrokers: [broker] };
if (command === "create") {
  const admin = new Admin(settings);
  await admin.createTopics({ topics: [topic], partitions: Number(argument), replicas: 1 });
  await admin.close();
} else if (command === "produce") {
  const producer = new Producer({ ...settings, serializers: stringSerializers, compression: argument });
  const lines = (await new Response(process.stdin).text()).split("\n").slice(0, -1);
  await producer.send({ messages: lines.map((value) => ({ topic, value })), acks: -1 });
  await producer.close();
} else if (command === "group" || command === "consumer-group") {
  const group =
    command === "group" ? { groupId: topic } : { groupId: `${topic}-next`, groupProtocol: "consumer" };
  const consumer = new Consumer({ ...settings, ...group, deserializers: stringDeserializers });
  const stream = await consumer.consume({ topics: [topic], mode: "earliest", autocommit: true });
  let left = Number(argument);
  for await (const message of stream) {
    process.stdout.write(`${message.value}\n`);
    left -= 1;
    if (left === 0) break;
  }
  await consumer.close(true);
}
