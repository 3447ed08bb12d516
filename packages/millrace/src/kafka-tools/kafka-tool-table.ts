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
  {
    name: "kafka-leader-election",
    summary: "leaders elected, as kafka-leader-election.sh",
    load: async () =>
      (await import("./leader-election/kafka-leader-election.ts")).kafkaLeaderElection,
  },
  {
    name: "kafka-share-groups",
    summary: "share groups, as kafka-share-groups.sh",
    load: async () => (await import("./share-groups/kafka-share-groups.ts")).kafkaShareGroups,
  },
  {
    name: "kafka-configs",
    summary: "configurations, quotas and credentials, as kafka-configs.sh",
    load: async () => (await import("./configs/kafka-configs.ts")).kafkaConfigs,
  },
  {
    name: "kafka-acls",
    summary: "who may do what, as kafka-acls.sh",
    load: async () => (await import("./acls/kafka-acls.ts")).kafkaAcls,
  },
  {
    name: "kafka-log-dirs",
    summary: "log directories of brokers, as kafka-log-dirs.sh",
    load: async () => (await import("./log-dirs/kafka-log-dirs.ts")).kafkaLogDirs,
  },
  {
    name: "kafka-cluster",
    summary: "the cluster's id and brokers, as kafka-cluster.sh",
    load: async () => (await import("./cluster/kafka-cluster.ts")).kafkaCluster,
  },
  {
    name: "kafka-console-share-consumer",
    summary: "records of share groups as lines, as kafka-console-share-consumer.sh",
    load: async () =>
      (await import("./console-share-consumer/kafka-console-share-consumer.ts"))
        .kafkaConsoleShareConsumer,
  },
  {
    name: "kafka-features",
    summary: "features and their levels, as kafka-features.sh",
    load: async () => (await import("./features/kafka-features.ts")).kafkaFeatures,
  },
  {
    name: "kafka-transactions",
    summary: "transactions and producers, as kafka-transactions.sh",
    load: async () => (await import("./transactions/kafka-transactions.ts")).kafkaTransactions,
  },
];
