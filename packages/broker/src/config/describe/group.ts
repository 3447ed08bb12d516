import { findBrokerKey } from "../broker-keys.ts";
import { formatConfigValue } from "../config-value.ts";
import type { DynamicBrokerConfig } from "../dynamic-broker-config.ts";
import {
  brokerSynonymOfGroupKey,
  effectiveGroupValue,
  findGroupKey,
  groupKeyNames,
} from "../group-config.ts";
import { synonymsOf } from "./broker.ts";
import {
  configSourceIds,
  type DescribedConfig,
  type DescribedSynonym,
  describeConfig,
  type DescribeOptions,
  wantedNames,
} from "./described-config.ts";
import { inMapOrder } from "./map-order.ts";

/** Describes a group: its own configurations, and what it takes from the broker. */
export function describeGroupConfigs(
  overrides: ReadonlyMap<string, string>,
  dynamic: DynamicBrokerConfig,
  options: DescribeOptions,
): readonly DescribedConfig[] {
  return wantedNames(inMapOrder([...groupKeyNames()]), options).flatMap((name) => {
    const configKey = findGroupKey(name);
    if (configKey === undefined) return [];
    const exact = effectiveGroupValue(name, overrides, dynamic.current);
    const value = exact === null ? null : formatConfigValue(configKey, exact);
    const inherited = inheritedSynonyms(name, value, dynamic);
    const own = { name, value, source: configSourceIds.GROUP_CONFIG };
    const synonyms = overrides.has(name) ? [own, ...inherited] : inherited;
    return [describeConfig({ name, configKey, value, readOnly: false, synonyms }, options)];
  });
}

function inheritedSynonyms(
  name: string,
  value: string | null,
  dynamic: DynamicBrokerConfig,
): readonly DescribedSynonym[] {
  const brokerName = brokerSynonymOfGroupKey(name);
  if (findBrokerKey(brokerName) !== undefined) return synonymsOf(brokerName, dynamic);
  const configKey = findGroupKey(name);
  const defaultValue = configKey?.defaultValue ?? null;
  const shown =
    configKey === undefined || defaultValue === null
      ? value
      : formatConfigValue(configKey, defaultValue);
  return [{ name, value: shown, source: configSourceIds.DEFAULT_CONFIG }];
}
