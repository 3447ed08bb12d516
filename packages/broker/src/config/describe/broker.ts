import { brokerKeys, findBrokerKey } from "../broker-keys.ts";
import type { ConfigKey } from "../config-key.ts";
import { formatConfigValue, parseConfigValue } from "../config-value.ts";
import type { DynamicBrokerConfig } from "../dynamic-broker-config.ts";
import { baseNameOfListenerKey } from "../other-keys.ts";
import { brokerSynonyms } from "../synonyms.ts";
import {
  configSourceIds,
  type DescribedConfig,
  type DescribedSynonym,
  describeConfig,
  type DescribeOptions,
  wantedNames,
} from "./described-config.ts";
import { inMapOrder } from "./map-order.ts";

/** Describes this broker: every configuration, with where its value comes from. */
export function describeBrokerConfigs(
  dynamic: DynamicBrokerConfig,
  options: DescribeOptions,
): readonly DescribedConfig[] {
  const shown = Object.entries(brokerKeys).filter(([, configKey]) => !configKey.isInternal);
  const known = new Set(inMapOrder(shown.map(([name]) => name)));
  // As in Kafka, what only the operator's file or the metadata names comes first.
  const names = new Set<string>();
  for (const layer of [dynamic.staticConfigs, dynamic.layers.everyBroker, dynamic.layers.broker]) {
    for (const name of layer.keys()) {
      if (!known.has(name) && findKey(name) !== undefined) names.add(name);
    }
  }
  for (const name of known) names.add(name);
  return wantedNames(names, options).flatMap((name) => {
    const configKey = findKey(name);
    if (configKey === undefined) return [];
    const synonyms = synonymsOf(name, dynamic);
    const value = valueOf(name, configKey, dynamic);
    const readOnly = configKey.updateMode === "read-only";
    return [describeConfig({ name, configKey, value, readOnly, synonyms }, options)];
  });
}

/** Describes what is set for all brokers (the resource with the empty name): nothing else. */
export function describeEveryBrokerConfigs(
  dynamic: DynamicBrokerConfig,
  options: DescribeOptions,
): readonly DescribedConfig[] {
  const { everyBroker } = dynamic.layers;
  return wantedNames(everyBroker.keys(), options).flatMap((name) => {
    const configKey = findKey(name);
    const value = everyBroker.get(name);
    if (configKey === undefined || value === undefined) return [];
    const source = configSourceIds.DYNAMIC_DEFAULT_BROKER_CONFIG;
    const synonyms = [{ name, value, source }];
    const readOnly = configKey.updateMode === "read-only";
    return [describeConfig({ name, configKey, value, readOnly, synonyms }, options)];
  });
}

/**
 * Where a broker's configuration stands, by strength: this broker's metadata, all brokers'
 * metadata, the file, the default; within each by name. What is stronger than the name itself is
 * left out, as Kafka does: log.retention.hours does not show that log.retention.ms wins.
 */
export function synonymsOf(
  name: string,
  dynamic: DynamicBrokerConfig,
): readonly DescribedSynonym[] {
  const names = listenerSynonyms(name) ?? brokerSynonyms(name);
  const { broker, everyBroker } = dynamic.layers;
  const all = [
    ...names.map((each) => synonym(each, broker.get(each), "DYNAMIC_BROKER_CONFIG")),
    ...names.map((each) => synonym(each, everyBroker.get(each), "DYNAMIC_DEFAULT_BROKER_CONFIG")),
    ...names.map((each) => synonym(each, staticValue(each, dynamic), "STATIC_BROKER_CONFIG")),
    ...names.map((each) => synonym(each, defaultValue(each), "DEFAULT_CONFIG")),
  ].filter((each) => each !== undefined);
  const own = all.findIndex((each) => each.name === name);
  return own === -1 ? [] : all.slice(own);
}

/** A listener's own configuration is stronger than the same one of all listeners. */
function listenerSynonyms(name: string): readonly string[] | undefined {
  const baseName = baseNameOfListenerKey(name);
  return baseName === undefined ? undefined : [name, baseName];
}

function synonym(
  name: string,
  value: string | undefined,
  source: keyof typeof configSourceIds,
): DescribedSynonym | undefined {
  return value === undefined ? undefined : { name, value, source: configSourceIds[source] };
}

function staticValue(name: string, dynamic: DynamicBrokerConfig): string | undefined {
  // Kafka copies node.id to its older name.
  const given = dynamic.staticConfigs.get(name === "broker.id" ? "node.id" : name);
  return given?.value ?? dynamic.staticConfigs.get(name)?.value;
}

/** Kafka has no default for these; ours are for a start without a file. */
const withoutDefault: ReadonlySet<string> = new Set([
  "process.roles",
  "node.id",
  "controller.listener.names",
]);

function defaultValue(name: string): string | undefined {
  const configKey = findBrokerKey(name);
  if (configKey === undefined || configKey.defaultValue === null) return undefined;
  return withoutDefault.has(name)
    ? undefined
    : formatConfigValue(configKey, configKey.defaultValue);
}

function valueOf(name: string, configKey: ConfigKey, dynamic: DynamicBrokerConfig): string | null {
  if (name === "broker.id") return String(dynamic.current.nodeId);
  if (findBrokerKey(name) !== undefined) {
    const value = dynamic.current.exactValues.get(name) ?? null;
    return value === null ? null : formatConfigValue(configKey, value);
  }
  const text = synonymsOf(name, dynamic)[0]?.value ?? null;
  const outcome = text === null ? undefined : parseConfigValue(configKey, text);
  return outcome?.ok === true ? formatConfigValue(configKey, outcome.value) : text;
}

function findKey(name: string): ConfigKey | undefined {
  return findBrokerKey(baseNameOfListenerKey(name) ?? name);
}
