import { formatConfigValue } from "../config-value.ts";
import type { DynamicBrokerConfig } from "../dynamic-broker-config.ts";
import { topicKeys } from "../keys/topic.ts";
import { brokerSynonymOfTopicKey } from "../synonyms.ts";
import { effectiveTopicValue, findTopicKey } from "../topic-config.ts";
import { synonymsOf } from "./broker.ts";
import {
  configSourceIds,
  type DescribedConfig,
  describeConfig,
  type DescribeOptions,
  wantedNames,
} from "./described-config.ts";
import { inMapOrder } from "./map-order.ts";

/** Describes a topic: its own configurations, and what it takes from the broker. */
export function describeTopicConfigs(
  overrides: ReadonlyMap<string, string>,
  dynamic: DynamicBrokerConfig,
  options: DescribeOptions,
): readonly DescribedConfig[] {
  const shown = Object.entries(topicKeys)
    .filter(([name, configKey]) => !configKey.isInternal || overrides.has(name))
    .map(([name]) => name);
  return wantedNames(inMapOrder(shown), options).flatMap((name) => {
    const configKey = findTopicKey(name);
    if (configKey === undefined) return [];
    const exact = effectiveTopicValue(name, overrides, dynamic.current);
    const value = exact === null ? null : formatConfigValue(configKey, exact);
    const synonym = brokerSynonymOfTopicKey(name);
    const inherited = synonym === undefined ? [] : synonymsOf(synonym, dynamic);
    const own = { name, value, source: configSourceIds.DYNAMIC_TOPIC_CONFIG };
    const synonyms = overrides.has(name) ? [own, ...inherited] : inherited;
    return [describeConfig({ name, configKey, value, readOnly: false, synonyms }, options)];
  });
}
