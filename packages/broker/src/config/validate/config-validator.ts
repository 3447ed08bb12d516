import { unreachable } from "@millrace/platform";
import type { ConfigResource, ConfigValidator, ItemError } from "@millrace/metadata";
import { findBrokerKey } from "../broker-keys.ts";
import { findClientMetricsKey } from "../client-metrics-config.ts";
import type { ConfigKey } from "../config-key.ts";
import { formatConfigValue } from "../config-value.ts";
import type { DynamicBrokerConfig } from "../dynamic-broker-config.ts";
import { effectiveGroupValue, findGroupKey } from "../group-config.ts";
import { baseNameOfListenerKey } from "../other-keys.ts";
import { effectiveTopicValue, findTopicKey } from "../topic-config.ts";
import type { ParsedValue } from "../validator.ts";
import { validateBrokerConfigs } from "./broker-configs.ts";
import { validateClientMetricsConfigs } from "./client-metrics-configs.ts";
import { validateGroupConfigs } from "./group-configs.ts";
import { validateTopicConfigs } from "./topic-configs.ts";

/** Tells the controller what configurations may be, from the tables and the broker's own values. */
export function createConfigValidator(dynamic: DynamicBrokerConfig): ConfigValidator {
  return {
    isList: (resource, name) => findKey(resource, name)?.type === "list",
    inheritedValue: (resource, name) => inheritedValue(resource, name, dynamic),
    validate: (resource, after, before): ItemError | undefined => {
      switch (resource.type) {
        case "topic":
          return validateTopicConfigs(after, dynamic.current);
        case "broker":
          return validateBrokerConfigs({ resourceName: resource.name, after, before }, dynamic);
        case "group":
          return validateGroupConfigs(after, dynamic.current);
        case "client-metrics":
          return validateClientMetricsConfigs(resource.name, after);
        default:
          return unreachable(resource.type);
      }
    },
  };
}

function findKey(resource: ConfigResource, name: string): ConfigKey | undefined {
  switch (resource.type) {
    case "topic":
      return findTopicKey(name);
    case "broker":
      return findBrokerKey(baseNameOfListenerKey(name) ?? name);
    case "group":
      return findGroupKey(name);
    case "client-metrics":
      return findClientMetricsKey(name);
    default:
      return unreachable(resource.type);
  }
}

function inheritedValue(
  resource: ConfigResource,
  name: string,
  dynamic: DynamicBrokerConfig,
): string | undefined {
  const configKey = findKey(resource, name);
  if (configKey === undefined) return undefined;
  const value = inheritedParsedValue(resource, name, { configKey, dynamic });
  return value === null ? undefined : formatConfigValue(configKey, value);
}

const nothingSet: ReadonlyMap<string, string> = new Map();

function inheritedParsedValue(
  resource: ConfigResource,
  name: string,
  context: { readonly configKey: ConfigKey; readonly dynamic: DynamicBrokerConfig },
): ParsedValue | null {
  const broker = context.dynamic.current;
  switch (resource.type) {
    case "topic":
      return effectiveTopicValue(name, nothingSet, broker);
    case "broker":
      return broker.exactValues.get(name) ?? null;
    case "group":
      return effectiveGroupValue(name, nothingSet, broker);
    case "client-metrics":
      return context.configKey.defaultValue;
    default:
      return unreachable(resource.type);
  }
}
