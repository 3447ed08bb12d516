// Administers with @platformatic/kafka: BROKER CLIENT_ID COMMAND ARGUMENTS; prints JSON.
import { Admin } from "@platformatic/kafka";

const [broker, clientId, command, ...words] = process.argv.slice(2);
const admin = new Admin({ clientId, bootstrapBrokers: [broker], retries: 0 });
const commands = {
  /** Sets a quota of a client id: NAME KEY VALUE. */
  set: ([entityName, key, value]) =>
    admin.alterClientQuotas({
      entries: [
        {
          entities: [{ entityType: "client-id", entityName }],
          ops: [{ key, value: Number(value), remove: false }],
        },
      ],
    }),
  /** Shows the quotas of a client id: NAME. */
  describe: ([match]) =>
    admin.describeClientQuotas({
      components: [{ entityType: "client-id", matchType: 0, match }],
      strict: true,
    }),
  /** Makes a topic: NAME PARTITIONS. */
  create: ([topic, partitions]) =>
    admin.createTopics({ topics: [topic], partitions: Number(partitions), replicas: 1 }),
};
try {
  const result = (await commands[command](words)) ?? null;
  console.log(JSON.stringify(result, (_, value) => (typeof value === "bigint" ? Number(value) : value)));
} catch (error) {
  for (const each of [error, ...(error.errors ?? [])]) {
    console.error(each.message, ...(each.errors ?? []).map(({ apiId, message }) => apiId ?? message));
  }
  process.exitCode = 1;
} finally {
  await admin.close();
}
