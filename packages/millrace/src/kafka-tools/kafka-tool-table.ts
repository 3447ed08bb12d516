import type { CommandEntry } from "../command.ts";

/** Apache Kafka's own tools by their names; bin/NAME.sh is each one's shim. */
export const kafkaToolTable: readonly CommandEntry[] = [
  {
    name: "kafka-topics",
    summary: "topics, as kafka-topics.sh",
    load: async () => (await import("./topics/kafka-topics.ts")).kafkaTopics,
  },
];
