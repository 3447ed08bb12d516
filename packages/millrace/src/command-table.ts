import type { CommandEntry } from "./command.ts";
import { kafkaToolTable } from "./kafka-tools/kafka-tool-table.ts";

/** Every word after `millrace`, in the order of its help; what it needs is loaded with it. */
export const commandTable: readonly CommandEntry[] = [
  {
    name: "dev",
    summary: "a broker to develop against; what millrace alone does",
    load: async () => (await import("./commands/dev/dev.ts")).devCommand,
  },
  {
    name: "start",
    summary: "start a broker in the foreground",
    load: async () => (await import("./commands/start.ts")).startCommand,
  },
  {
    name: "produce",
    summary: "write records from standard input or files",
    load: async () => (await import("./commands/produce/produce.ts")).produceCommand,
  },
  {
    name: "consume",
    summary: "read records to standard output",
    load: async () => (await import("./commands/consume/consume.ts")).consumeCommand,
  },
  {
    name: "tail",
    summary: "what comes in, as it comes in",
    load: async () => (await import("./commands/tail/tail.ts")).tailCommand,
  },
  {
    name: "cat",
    summary: "what kcat does, with kcat's flags",
    load: async () => (await import("./commands/cat/cat.ts")).catCommand,
  },
  {
    name: "topic",
    summary: "topics: list, create, describe, alter, delete, trim",
    load: async () => (await import("./commands/topic/topic.ts")).topicCommand,
  },
  {
    name: "group",
    summary: "groups: list, describe, lag, members, reset, delete",
    load: async () => (await import("./commands/group/group.ts")).groupCommand,
  },
  {
    name: "share",
    summary: "share groups: list, describe, reset, delete",
    load: async () => (await import("./commands/share/share.ts")).shareCommand,
  },
  {
    name: "txn",
    summary: "transactions: list, describe, abort, hanging",
    load: async () => (await import("./commands/txn/txn.ts")).txnCommand,
  },
  {
    name: "producer",
    summary: "the producers that partitions know",
    load: async () => (await import("./commands/producer/producer.ts")).producerCommand,
  },
  {
    name: "config",
    summary: "configurations of topics, brokers, groups, client metrics",
    load: async () => (await import("./commands/config/config.ts")).configCommand,
  },
  {
    name: "cluster",
    summary: "status, brokers, health, features, quorum, log directories",
    load: async () => (await import("./commands/cluster/cluster.ts")).clusterCommand,
  },
  {
    name: "context",
    summary: "clusters by name",
    load: async () => (await import("./commands/context/context.ts")).contextCommand,
  },
  {
    name: "bench",
    summary: "how fast a cluster is: produce, consume, e2e",
    load: async () => (await import("./commands/bench/bench.ts")).benchCommand,
  },
  {
    name: "log",
    summary: "segment files, without a broker: dump, verify",
    load: async () => (await import("./commands/log/log.ts")).logCommand,
  },
  {
    name: "doctor",
    summary: "why a cluster cannot be reached",
    load: async () => (await import("./commands/doctor/doctor.ts")).doctorCommand,
  },
  {
    name: "completion",
    summary: "completion for bash, zsh, fish",
    load: async () => (await import("./commands/completion/completion.ts")).completionCommand,
  },
  {
    name: "version",
    summary: "print the version",
    load: async () => (await import("./commands/version.ts")).versionCommand,
  },
  ...kafkaToolTable,
];
