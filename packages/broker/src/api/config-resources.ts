import { configsOf, configResourceTypeIds, type ClusterImage } from "@millrace/metadata";
import type { ErrorName } from "@millrace/protocol";

import {
  describeBrokerConfigs,
  describeBrokerLoggers,
  describeClientMetricsConfigs,
  type DescribedConfig,
  describeEveryBrokerConfigs,
  describeGroupConfigs,
  type DescribeOptions,
  describeTopicConfigs,
} from "../config/index.ts";
import type { BrokerServices } from "../services.ts";
import { isValidTopicName } from "./topic-names.ts";

/** The kind of resource whose configurations are the process's own, not metadata: its loggers. */
export const brokerLoggerType = 8;

const describableTypes: ReadonlySet<number> = new Set([
  ...Object.values(configResourceTypeIds),
  brokerLoggerType,
]);

/** Whether resources of this kind have configurations. */
export function isDescribable(resourceType: number): boolean {
  return describableTypes.has(resourceType);
}

/** A resource as requests name it. */
export interface NamedResource {
  readonly resourceType: number;
  readonly resourceName: string;
}

/** Why a resource cannot be described or changed. */
export interface ResourceRefusal {
  readonly error: ErrorName;
  readonly message: string | null;
}

/** The configurations of a resource, or why there are none to describe. */
export function describeResource(
  resource: NamedResource,
  options: DescribeOptions,
  world: { readonly services: BrokerServices; readonly image: ClusterImage },
): readonly DescribedConfig[] | ResourceRefusal {
  const { services, image } = world;
  const { resourceType, resourceName: name } = resource;
  switch (resourceType) {
    case configResourceTypeIds.topic: {
      if (!isValidTopicName(name))
        return refusal("INVALID_TOPIC_EXCEPTION", `${name} is no topic name`);
      if (!image.topics.byName.has(name)) return refusal("UNKNOWN_TOPIC_OR_PARTITION", null);
      const overrides = configsOf(image.configs, { type: "topic", name });
      return describeTopicConfigs(overrides, services.dynamicConfig, options);
    }
    case configResourceTypeIds.broker:
      if (name === "") return describeEveryBrokerConfigs(services.dynamicConfig, options);
      return wrongBroker(name, services) ?? describeBrokerConfigs(services.dynamicConfig, options);
    case brokerLoggerType:
      return wrongBroker(name, services) ?? describeBrokerLoggers(services.logLevels, options);
    case configResourceTypeIds["client-metrics"]:
      if (name === "")
        return refusal("INVALID_REQUEST", "Client metrics subscription name must not be empty");
      return describeClientMetricsConfigs(
        configsOf(image.configs, { type: "client-metrics", name }),
        options,
      );
    case configResourceTypeIds.group:
      if (name === "") return refusal("INVALID_REQUEST", "Group name must not be empty");
      return describeGroupConfigs(
        configsOf(image.configs, { type: "group", name }),
        services.dynamicConfig,
        options,
      );
    default:
      return refusal("INVALID_REQUEST", `Unsupported resource type: ${resourceType}`);
  }
}

/** A broker answers for itself only: its file and its loggers are nobody else's. */
export function wrongBroker(name: string, services: BrokerServices): ResourceRefusal | undefined {
  if (name === String(services.brokerId)) return undefined;
  if (!/^-?\d+$/u.test(name)) {
    return refusal("INVALID_REQUEST", `Broker id must be an integer, but it is: ${name}`);
  }
  return refusal(
    "INVALID_REQUEST",
    `Unexpected broker id, expected ${services.brokerId} or empty string, but received ${name}`,
  );
}

function refusal(error: ErrorName, message: string | null): ResourceRefusal {
  return { error, message };
}
