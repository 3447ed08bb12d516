import { join } from "node:path";
import process from "node:process";
import { builtFolder, here } from "./places.ts";

/** How a batch may be compressed; `none` is one of them. */
export const codecs = ["none", "gzip", "snappy", "lz4", "zstd"] as const;

/** One of `codecs`. */
export type Codec = (typeof codecs)[number];

/** What a client needs on this machine: the names that `prepare` reports. */
export type Need = "kcat" | "java" | "go" | "python" | "c" | "zookeeper-3.8" | "zookeeper-3.9";

/**
 * A foreign client: a small program that takes five commands.
 * `create TOPIC PARTITIONS`, `produce TOPIC CODEC` (a record for each line of its input),
 * `consume TOPIC COUNT` (the values of partition 0 from the beginning, a line each, without a
 * group), and `group TOPIC COUNT` (the same in a group of the topic's name, which commits), and
 * `consumer-group TOPIC COUNT` (the same in a group of the consumer protocol, KIP-848, whose name
 * is the topic's with `-next` after it).
 */
export interface ForeignClient {
  readonly name: string;
  readonly need: Need | undefined;
  readonly codecs: readonly Codec[];
  readonly creates: boolean;
  readonly consumes: boolean;
  readonly joinsGroups: boolean;
  /** It knows the consumer protocol (KIP-848). */
  readonly joinsConsumerGroups: boolean;
  command(words: ClientWords): readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** One call of a client. */
export interface ClientWords {
  readonly verb: "create" | "produce" | "consume" | "group" | "consumer-group";
  readonly bootstrap: string;
  readonly topic: string;
  /** Partitions, codec or count. */
  readonly argument: string;
}

/**
 * Every client, one row each. What a row leaves out, its client cannot do (yet) without a group.
 */
export const clients: readonly ForeignClient[] = [
  {
    name: "kcat",
    need: "kcat",
    codecs,
    creates: false,
    consumes: true,
    joinsGroups: true,
    joinsConsumerGroups: false,
    command: ({ verb, bootstrap, topic, argument }) => {
      if (verb === "group") {
        const begin = ["-X", "auto.offset.reset=earliest", "-c", argument, "-q"];
        return ["kcat", "-b", bootstrap, ...begin, "-G", topic, topic];
      }
      const common = ["kcat", "-b", bootstrap, "-t", topic];
      if (verb === "produce")
        return [...common, "-P", "-z", argument, "-X", "acks=all", "-X", "linger.ms=100"];
      return [...common, "-C", "-p", "0", "-o", "beginning", "-c", argument, "-q"];
    },
  },
  program({
    name: "librdkafka",
    need: "c",
    words: () => [join(builtFolder("c"), "librdkafka")],
    joinsGroups: false,
  }),
  ...["franz-go", "sarama", "kafka-go"].map((name) =>
    program({
      name,
      need: "go",
      words: () => [join(builtFolder("go"), name)],
      joinsConsumerGroups: name === "franz-go",
    }),
  ),
  program({
    name: "kafkajs",
    words: () => [process.execPath, join(here, "node/kafkajs.mjs")],
    codecs: ["none", "gzip"],
    consumes: false,
  }),
  program({
    name: "@platformatic/kafka",
    words: () => [process.execPath, join(here, "node/platformatic.mjs")],
    consumes: false,
    joinsConsumerGroups: true,
  }),
  ...[
    ["confluent-kafka (Python)", "confluent.py"],
    ["kafka-python", "kafka_python.py"],
    ["aiokafka", "aio.py"],
  ].map(([name = "", file = ""]) =>
    program({
      name,
      need: "python",
      words: () => [join(builtFolder("python"), "bin/python"), join(here, "python", file)],
      joinsConsumerGroups: file === "confluent.py",
    }),
  ),
];

function program(given: {
  readonly name: string;
  readonly need?: Need;
  readonly words: () => readonly string[];
  readonly codecs?: readonly Codec[];
  readonly consumes?: boolean;
  readonly joinsGroups?: boolean;
  readonly joinsConsumerGroups?: boolean;
}): ForeignClient {
  return {
    name: given.name,
    need: given.need,
    codecs: given.codecs ?? codecs,
    creates: true,
    consumes: given.consumes ?? true,
    joinsGroups: given.joinsGroups ?? true,
    joinsConsumerGroups: given.joinsConsumerGroups ?? false,
    command: ({ verb, bootstrap, topic, argument }) => {
      return [...given.words(), verb, bootstrap, topic, argument];
    },
  };
}
