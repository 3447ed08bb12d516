// A ten-line @platformatic/kafka program for each thing a user does first; see ../src/clients.ts.
import { Admin, Producer, stringSerializers } from "@platformatic/kafka";

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
}
