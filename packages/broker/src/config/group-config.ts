import type { BrokerConfig, CamelCase, FieldOf } from "./broker-config.ts";
import { camelCase } from "./broker-config.ts";
import type { ConfigFieldValue, ConfigKey } from "./config-key.ts";
import { parseConfigValue } from "./config-value.ts";
import { groupKeys } from "./keys/group.ts";
import { saturate } from "./parse-configs.ts";
import type { ParsedValue } from "./validator.ts";

/** What a group runs with; fields are named as Kafka's keys in camel case. */
export type GroupConfig = {
  readonly [Name in keyof typeof groupKeys as CamelCase<Name>]: FieldOf<(typeof groupKeys)[Name]>;
};

const groupKeysByName: ReadonlyMap<string, ConfigKey> = new Map(Object.entries(groupKeys));

/** Group configurations that only groups have. */
const withoutBrokerKey: ReadonlySet<string> = new Set([
  "errors.deadletterqueue.topic.name",
  "errors.deadletterqueue.copy.record.enable",
  "share.auto.offset.reset",
  "share.isolation.level",
  "share.renew.acknowledge.enable",
]);

/** The configuration of a name; `undefined` when no group has it. */
export function findGroupKey(name: string): ConfigKey | undefined {
  return groupKeysByName.get(name);
}

/** The names of all group configurations. */
export function groupKeyNames(): Iterable<string> {
  return groupKeysByName.keys();
}

/** The broker's configuration that a group's takes its default from; itself if there is none. */
export function brokerSynonymOfGroupKey(name: string): string {
  return withoutBrokerKey.has(name) ? name : `group.${name}`;
}

/** Works out what a group runs with: its own configurations, and the broker's where it has none. */
export function resolveGroupConfig(
  overrides: ReadonlyMap<string, string>,
  broker: BrokerConfig,
): GroupConfig {
  const values = new Map<string, ParsedValue | null>();
  for (const name of groupKeysByName.keys()) {
    values.set(name, effectiveGroupValue(name, overrides, broker));
  }
  return toFields(values);
}

/** The value in force, exact; `null` when there is none. */
export function effectiveGroupValue(
  name: string,
  overrides: ReadonlyMap<string, string>,
  broker: BrokerConfig,
): ParsedValue | null {
  const configKey = findGroupKey(name);
  if (configKey === undefined) return null;
  const text = overrides.get(name);
  const outcome = text === undefined ? undefined : parseConfigValue(configKey, text);
  if (outcome?.ok === true) return outcome.value;
  return broker.exactValues.get(brokerSynonymOfGroupKey(name)) ?? configKey.defaultValue;
}

// As in parse-configs.ts, the signatures tie the map to the table that both are made from.
function toFields(values: ReadonlyMap<string, ParsedValue | null>): GroupConfig;
function toFields(values: ReadonlyMap<string, ParsedValue | null>): object {
  const fields: Record<string, ConfigFieldValue> = {};
  for (const [name, value] of values) {
    fields[camelCase(name)] = typeof value === "bigint" ? saturate(value) : value;
  }
  return fields;
}
