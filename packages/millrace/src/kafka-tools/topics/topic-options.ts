import type { OptionTable } from "../options/option-table.ts";
import type { commonOptions } from "../options/option-table.ts";
import type { ParsedOptions } from "../options/parsed-options.ts";

/** Options of kafka-topics. */
export const topicOptions = {
  alter: { description: "Adds partitions to topics." },
  "at-min-isr-partitions": {
    description: "With --describe: only partitions with just min.insync.replicas in sync.",
  },
  "bootstrap-server": {
    description: "REQUIRED: brokers to connect to.",
    argument: "required",
    describedAs: "server to connect to",
  },
  "command-config": {
    description: "A file of properties for the client.",
    argument: "required",
    describedAs: "command config property file",
  },
  config: {
    description: "With --create: a configuration of the new topic. kafka-configs changes them.",
    argument: "required",
    describedAs: "name=value",
  },
  create: { description: "Creates a topic." },
  delete: { description: "Deletes topics." },
  "delete-config": {
    description: "Does nothing any more, since 4.0.",
    argument: "required",
    describedAs: "name",
  },
  describe: { description: "Shows topics and their partitions." },
  "exclude-internal": {
    description: "With --list and --describe: without the brokers' own topics.",
  },
  "if-exists": {
    description: "With --alter, --delete, --describe: does nothing without the topic.",
  },
  "if-not-exists": { description: "With --create: no failure when the topic is there." },
  list: { description: "Lists topics." },
  "partition-size-limit-per-response": {
    description: "With --describe: partitions in one answer at most.",
    argument: "required",
    describedAs: "maximum number of partitions per response",
    type: "Integer",
  },
  partitions: {
    description: "How many partitions the topic gets. More of them move keys to other ones.",
    argument: "required",
    describedAs: "# of partitions",
    type: "Integer",
  },
  "replica-assignment": {
    description: "The brokers of each partition.",
    argument: "required",
    describedAs:
      "broker_id_for_part1_replica1 : broker_id_for_part1_replica2 , " +
      "broker_id_for_part2_replica1 : broker_id_for_part2_replica2 , ...",
  },
  "replication-factor": {
    description: "How many replicas each partition gets.",
    argument: "required",
    describedAs: "replication factor",
    type: "Integer",
  },
  topic: {
    description: "The topic; a regular expression unless it is created.",
    argument: "required",
    describedAs: "topic",
  },
  "topic-id": {
    description: "The topic to describe, by its id.",
    argument: "required",
    describedAs: "topic-id",
  },
  "topics-with-overrides": {
    description: "With --describe: only topics that have configurations of their own.",
  },
  "unavailable-partitions": { description: "With --describe: only partitions without a leader." },
  "under-min-isr-partitions": {
    description: "With --describe: only partitions with too few replicas in sync.",
  },
  "under-replicated-partitions": {
    description: "With --describe: only partitions of which a replica is behind.",
  },
} as const satisfies OptionTable;

/** What kafka-topics was told. */
export type TopicArguments = ParsedOptions<typeof topicOptions & typeof commonOptions>;

/** Options that only some partitions are shown with. */
export const reportOptions = [
  "under-replicated-partitions",
  "under-min-isr-partitions",
  "at-min-isr-partitions",
  "unavailable-partitions",
] as const;
