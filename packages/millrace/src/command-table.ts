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
    name: "context",
    summary: "clusters by name",
    load: async () => (await import("./commands/context/context.ts")).contextCommand,
  },
  {
    name: "version",
    summary: "print the version",
    load: async () => (await import("./commands/version.ts")).versionCommand,
  },
  ...kafkaToolTable,
];
