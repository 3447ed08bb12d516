import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  type DescribedConfig,
  DynamicBrokerConfig,
  describeBrokerConfigs,
  describeClientMetricsConfigs,
  describeEveryBrokerConfigs,
  describeGroupConfigs,
  describeTopicConfigs,
  loadBrokerConfig,
} from "../../../src/config/index.ts";

// What Apache Kafka 4.3.1 answered to tests/conformance/configs/DescribeConfigs.java when it was
// started with golden.properties. Lines of "changed" are those that differ from "fresh".
const golden = readFileSync(new URL("describe-configs.golden.tsv", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");

const sources = [
  "UNKNOWN",
  "DYNAMIC_TOPIC_CONFIG",
  "DYNAMIC_BROKER_CONFIG",
  "DYNAMIC_DEFAULT_BROKER_CONFIG",
  "STATIC_BROKER_CONFIG",
  "DEFAULT_CONFIG",
  "DYNAMIC_BROKER_LOGGER_CONFIG",
  "DYNAMIC_CLIENT_METRICS_CONFIG",
  "DYNAMIC_GROUP_CONFIG",
];
const types = [
  ["UNKNOWN", "BOOLEAN", "STRING", "INT", "SHORT"],
  ["LONG", "DOUBLE", "LIST", "CLASS", "PASSWORD"],
].flat();

test("every answer is Apache Kafka's but for the documentation", () => {
  const fresh = describeAll(startedBroker(), {
    special: { "retention.ms": "1000", "cleanup.policy": "compact,delete", ...ratio },
    group: {},
    metrics: {},
  });
  assert.deepEqual(withPhase("fresh", fresh), goldenOf("fresh"));
});

test("every answer after changes is Apache Kafka's but for the documentation", () => {
  const fresh = new Set(
    describeAll(startedBroker(), {
      special: { "retention.ms": "1000", "cleanup.policy": "compact,delete", ...ratio },
      group: {},
      metrics: {},
    }),
  );
  const dynamic = startedBroker();
  const everyBroker = { "log.retention.ms": "7200000", "compression.type": "zstd" };
  dynamic.update({
    broker: mapOf({ "log.retention.ms": "3600000", "log.cleaner.min.cleanable.ratio": "0.00010" }),
    everyBroker: mapOf({ ...everyBroker, "min.insync.replicas": "1", "max.connections": "500" }),
  });
  const changed = describeAll(dynamic, {
    special: { "retention.ms": "1000", "cleanup.policy": "compact", ...ratio },
    group: { "consumer.session.timeout.ms": "50000" },
    metrics: { "interval.ms": "60000", metrics: "org.apache.kafka.producer." },
  }).filter((line) => !fresh.has(line));
  assert.deepEqual(withPhase("changed", changed), goldenOf("changed"));
});

const ratio = { "min.cleanable.dirty.ratio": "0.10" };

/** A new cluster has the feature ELR, which puts min.insync.replicas into the metadata. */
function startedBroker(): DynamicBrokerConfig {
  const text = readFileSync(new URL("golden.properties", import.meta.url), "utf8");
  const loaded = loadBrokerConfig({ file: { path: "golden.properties", text } });
  const dynamic = new DynamicBrokerConfig(loaded);
  dynamic.update({ broker: mapOf({}), everyBroker: mapOf({ "min.insync.replicas": "1" }) });
  return dynamic;
}

interface OwnConfigs {
  readonly special: Readonly<Record<string, string>>;
  readonly group: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, string>>;
}

function describeAll(dynamic: DynamicBrokerConfig, own: OwnConfigs): readonly string[] {
  const options = {
    configurationKeys: null,
    includeSynonyms: true,
    includeDocumentation: true,
  };
  return [
    ["TOPIC:configs-plain", describeTopicConfigs(mapOf({}), dynamic, options)] as const,
    ["TOPIC:configs-special", describeTopicConfigs(mapOf(own.special), dynamic, options)] as const,
    ["BROKER:1", describeBrokerConfigs(dynamic, options)] as const,
    ["BROKER:", describeEveryBrokerConfigs(dynamic, options)] as const,
    ["GROUP:configs-group", describeGroupConfigs(mapOf(own.group), dynamic, options)] as const,
    [
      "CLIENT_METRICS:configs-metrics",
      describeClientMetricsConfigs(mapOf(own.metrics), options),
    ] as const,
  ].flatMap(([resource, configs]) => configs.flatMap((config) => toLine(resource, config)));
}

function toLine(resource: string, config: DescribedConfig): readonly string[] {
  // Beyond Kafka 4.3: Millrace's own, and KIP-1191's of Kafka 4.4.
  if (/^(millrace|errors\.deadletterqueue)\./.test(config.name)) return [];
  assert.ok((config.documentation ?? "").endsWith("."), `${config.name} is documented`);
  const synonyms = config.synonyms.map(({ name, value, source }) => {
    return `${name}=${value}@${sources[source]}`;
  });
  return [
    [
      resource,
      config.name,
      String(config.value),
      sources[config.configSource],
      types[config.configType],
      config.readOnly ? "read-only" : "changeable",
      config.isSensitive ? "sensitive" : "shown",
      config.isDefault ? "default" : "set",
      synonyms.join(" "),
    ].join("\t"),
  ];
}

function withPhase(phase: string, lines: readonly string[]): readonly string[] {
  return lines.map((line) => `${phase}\t${line}`).sort();
}

function goldenOf(phase: string): readonly string[] {
  return golden.filter((line) => line.startsWith(`${phase}\t`)).sort();
}

function mapOf(values: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(values));
}
