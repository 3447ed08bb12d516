import type { CommandEntry } from "../command.ts";

/** Apache Kafka's own tools by their names; bin/NAME.sh is each one's shim. */
export const kafkaToolTable: readonly CommandEntry[] = [
  {
    name: "kafka-topics",
    summary: "topics, as kafka-topics.sh",
    load: async () => (await import("./topics/kafka-topics.ts")).kafkaTopics,
  },
  {
    name: "kafka-console-producer",
    summary: "records from lines, as kafka-console-producer.sh",
    load: async () =>
      (await import("./console-producer/kafka-console-producer.ts")).kafkaConsoleProducer,
  },
  {
    name: "kafka-console-consumer",
    summary: "records as lines, as kafka-console-consumer.sh",
    load: async () =>
      (await import("./console-consumer/kafka-console-consumer.ts")).kafkaConsoleConsumer,
  },
  {
    name: "kafka-get-offsets",
    summary: "offsets of partitions, as kafka-get-offsets.sh",
    load: async () => (await import("./get-offsets/kafka-get-offsets.ts")).kafkaGetOffsets,
  },
  {
    name: "kafka-groups",
    summary: "groups of all types, as kafka-groups.sh",
    load: async () => (await import("./groups/kafka-groups.ts")).kafkaGroups,
  },
  {
    name: "kafka-delete-records",
    summary: "the oldest records deleted, as kafka-delete-records.sh",
    load: async () => (await import("./delete-records/kafka-delete-records.ts")).kafkaDeleteRecords,
  },
  {
    name: "kafka-consumer-groups",
    summary: "groups of consumers, as kafka-consumer-groups.sh",
    load: async () =>
      (await import("./consumer-groups/kafka-consumer-groups.ts")).kafkaConsumerGroups,
  },
];
