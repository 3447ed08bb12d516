import type { commonOptions, OptionTable } from "../options/option-table.ts";
import type { ParsedOptions } from "../options/parsed-options.ts";

const lineProperties = `A property of the reader of lines, key=value:
 parse.key=false
 parse.headers=false
 ignore.error=false
 key.separator=\\t
 headers.delimiter=\\t
 headers.separator=,
 headers.key.separator=:
 null.marker=
With both headers and a key a line is:
 "h1:v1,h2:v2...\\tkey\\tvalue"`;

/** Options of kafka-console-producer. */
export const consoleProducerOptions = {
  topic: {
    description: "REQUIRED: the topic that gets the records.",
    argument: "required",
    describedAs: "topic",
  },
  "bootstrap-server": {
    description: "REQUIRED: brokers to connect to, HOST1:PORT1,HOST2:PORT2.",
    argument: "required",
    describedAs: "server to connect to",
  },
  sync: { description: "Each record waits for the one before." },
  "compression-codec": {
    description: "none, gzip, snappy, lz4 or zstd; gzip without a value.",
    argument: "optional",
    describedAs: "compression-codec",
  },
  "batch-size": {
    description: "Bytes of a batch; max-partition-memory-bytes stands above it.",
    argument: "required",
    describedAs: "size",
    type: "Integer",
    defaultsTo: "16384",
  },
  "message-send-max-retries": {
    description: "`retries`: how often a batch is sent again.",
    argument: "required",
    type: "Integer",
    defaultsTo: "3",
  },
  "retry-backoff-ms": {
    description: "`retry.backoff.ms`: the pause before that.",
    argument: "required",
    type: "Long",
    defaultsTo: "100",
  },
  timeout: {
    description: "`linger.ms`: how long a record waits for others.",
    argument: "required",
    describedAs: "timeout_ms",
    type: "Long",
    defaultsTo: "1000",
  },
  "request-required-acks": {
    description: "`acks`.",
    argument: "required",
    describedAs: "request required acks",
    defaultsTo: "-1",
  },
  "request-timeout-ms": {
    description: "`request.timeout.ms`, above 0.",
    argument: "required",
    describedAs: "request timeout ms",
    type: "Integer",
    defaultsTo: "1500",
  },
  "metadata-expiry-ms": {
    description: "`metadata.max.age.ms`.",
    argument: "required",
    describedAs: "metadata expiration interval",
    type: "Long",
    defaultsTo: "300000",
  },
  "max-block-ms": {
    description: "`max.block.ms`: how long a record may wait for memory and metadata.",
    argument: "required",
    describedAs: "max block on send",
    type: "Long",
    defaultsTo: "60000",
  },
  "max-memory-bytes": {
    description: "`buffer.memory`: bytes of all records that wait.",
    argument: "required",
    describedAs: "total memory in bytes",
    type: "Long",
    defaultsTo: "33554432",
  },
  "max-partition-memory-bytes": {
    description: "`batch.size`: bytes of a partition's batch.",
    argument: "required",
    describedAs: "memory in bytes per partition",
    type: "Integer",
    defaultsTo: "16384",
  },
  "line-reader": {
    description: "The class that reads lines; Kafka's own is the only one.",
    argument: "required",
    describedAs: "reader_class",
    defaultsTo: "org.apache.kafka.tools.LineMessageReader",
  },
  "socket-buffer-size": {
    description: "Taken and not used: the system chooses.",
    argument: "required",
    describedAs: "size",
    type: "Integer",
    defaultsTo: "102400",
  },
  property: {
    description: "(DEPRECATED) The old name of --reader-property.",
    argument: "required",
    describedAs: "prop",
  },
  "reader-property": {
    description: lineProperties,
    argument: "required",
    describedAs: "prop",
  },
  "reader-config": {
    description: "A file of such properties; --reader-property stands above it.",
    argument: "required",
    describedAs: "config file",
  },
  "producer-property": {
    description: "(DEPRECATED) The old name of --command-property.",
    argument: "required",
    describedAs: "producer_prop",
  },
  "command-property": {
    description: "A property of the producer, key=value.",
    argument: "required",
    describedAs: "producer_prop",
  },
  "producer.config": {
    description: "(DEPRECATED) The old name of --command-config.",
    argument: "required",
    describedAs: "config file",
  },
  "command-config": {
    description: "A file of such properties; --command-property stands above it.",
    argument: "required",
    describedAs: "config file",
  },
} as const satisfies OptionTable;

/** What kafka-console-producer was told. */
export type ConsoleProducerArguments = ParsedOptions<
  typeof consoleProducerOptions & typeof commonOptions
>;
