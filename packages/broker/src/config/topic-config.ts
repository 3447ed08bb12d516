import type { CleanupPolicy, CompressionType, LogConfig, TimestampType } from "@millrace/storage";
import type { BrokerConfig, CamelCase, FieldOf } from "./broker-config.ts";
import { camelCase } from "./broker-config.ts";
import type { ConfigFieldValue, ConfigKey } from "./config-key.ts";
import { parseConfigValue } from "./config-value.ts";
import { topicKeys } from "./keys/topic.ts";
import { saturate } from "./parse-configs.ts";
import { brokerSynonymOfTopicKey, brokerSynonyms } from "./synonyms.ts";
import type { ParsedValue } from "./validator.ts";

/**
 * What a topic runs with: its own configurations, and the broker's where it has none. Fields are
 * named as Kafka's keys in camel case; it can be handed to storage as a LogConfig.
 */
export type TopicConfig = Omit<TopicConfigFields, keyof LogConfig> & LogConfig;

/** The fields that are no more than one configuration's value. */
export type TopicConfigFields = {
  readonly [Name in keyof typeof topicKeys as CamelCase<Name>]: FieldOf<(typeof topicKeys)[Name]>;
};

const topicKeysByName: ReadonlyMap<string, ConfigKey> = new Map(Object.entries(topicKeys));

/** The configuration of a name; `undefined` when no topic has it. */
export function findTopicKey(name: string): ConfigKey | undefined {
  return topicKeysByName.get(name);
}

/**
 * Works out what a topic runs with. Configurations that are unknown or cannot be parsed, as an
 * other version may have left them in the metadata, count as not set.
 */
export function resolveTopicConfig(
  overrides: ReadonlyMap<string, string>,
  broker: BrokerConfig,
): TopicConfig {
  const values = new Map<string, ParsedValue | null>();
  for (const name of topicKeysByName.keys()) {
    values.set(name, effectiveTopicValue(name, overrides, broker));
  }
  const fields = toFields(values);
  return {
    ...fields,
    segmentBytes: fields.internalSegmentBytes ?? fields.segmentBytes,
    cleanupPolicy: fields.cleanupPolicy.filter(isCleanupPolicy),
    compressionType: compressionTypeOf(fields.compressionType),
    messageTimestampType: timestampTypeOf(fields.messageTimestampType),
    producerIdExpirationMs: broker.producerIdExpirationMs,
  };
}

/** The value in force, exact; `null` when there is none. */
export function effectiveTopicValue(
  name: string,
  overrides: ReadonlyMap<string, string>,
  broker: BrokerConfig,
): ParsedValue | null {
  const configKey = findTopicKey(name);
  if (configKey === undefined) return null;
  const text = overrides.get(name);
  if (text !== undefined) {
    const outcome = parseConfigValue(configKey, text);
    if (outcome.ok) return outcome.value;
  }
  return inheritedTopicValue(name, configKey, broker);
}

function inheritedTopicValue(
  name: string,
  configKey: ConfigKey,
  broker: BrokerConfig,
): ParsedValue | null {
  const synonym = brokerSynonymOfTopicKey(name);
  if (synonym === undefined) return configKey.defaultValue;
  for (const brokerName of brokerSynonyms(synonym)) {
    const value = broker.exactValues.get(brokerName) ?? null;
    if (value === null) continue;
    const factor = unitFactor(brokerName);
    const scaled = factor === undefined ? value : BigInt(Number(value)) * factor;
    // Every negative retention is Kafka's "for ever".
    return name === "retention.ms" && typeof scaled === "bigint" && scaled < 0n ? -1n : scaled;
  }
  return configKey.defaultValue;
}

/** Milliseconds in the unit that a broker's configuration is given in. */
function unitFactor(brokerName: string): bigint | undefined {
  if (brokerName.endsWith(".hours")) return 3_600_000n;
  return brokerName.endsWith(".minutes") ? 60_000n : undefined;
}

// As in parse-configs.ts, the signatures tie the map to the table that both are made from.
function toFields(values: ReadonlyMap<string, ParsedValue | null>): TopicConfigFields;
function toFields(values: ReadonlyMap<string, ParsedValue | null>): object {
  const fields: Record<string, ConfigFieldValue> = {};
  for (const [name, value] of values) {
    fields[camelCase(name)] = typeof value === "bigint" ? saturate(value) : value;
  }
  return fields;
}

function isCleanupPolicy(word: string): word is CleanupPolicy {
  return word === "delete" || word === "compact";
}

const compressionTypes: readonly CompressionType[] = [
  "uncompressed",
  "gzip",
  "snappy",
  "lz4",
  "zstd",
];

function compressionTypeOf(word: string): CompressionType {
  return compressionTypes.find((type) => type === word) ?? "producer";
}

function timestampTypeOf(word: string): TimestampType {
  return word === "LogAppendTime" ? "LogAppendTime" : "CreateTime";
}
