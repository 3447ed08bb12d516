import { clientMetricsKeyNames, findClientMetricsKey } from "../client-metrics-config.ts";
import { formatConfigValue, parseConfigValue } from "../config-value.ts";
import {
  configSourceIds,
  type DescribedConfig,
  describeConfig,
  type DescribeOptions,
  wantedNames,
} from "./described-config.ts";
import { inMapOrder } from "./map-order.ts";

/** Describes a subscription to client metrics (KIP-714), set or not. */
export function describeClientMetricsConfigs(
  overrides: ReadonlyMap<string, string>,
  options: DescribeOptions,
): readonly DescribedConfig[] {
  const names = inMapOrder([...clientMetricsKeyNames()]);
  return wantedNames(names, options).flatMap((name) => {
    const configKey = findClientMetricsKey(name);
    if (configKey === undefined) return [];
    const text = overrides.get(name);
    const outcome = text === undefined ? undefined : parseConfigValue(configKey, text);
    const exact = outcome?.ok === true ? outcome.value : configKey.defaultValue;
    const value = exact === null ? null : formatConfigValue(configKey, exact);
    const own = { name, value, source: configSourceIds.CLIENT_METRICS_CONFIG };
    const synonyms = text === undefined ? [] : [own];
    return [describeConfig({ name, configKey, value, readOnly: false, synonyms }, options)];
  });
}
