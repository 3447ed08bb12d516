import { type ClusterImage, configsOf, type ResourceConfigs } from "@millrace/metadata";
import type { LogConfig } from "@millrace/storage";

import {
  type BrokerConfig,
  type DynamicBrokerConfig,
  resolveTopicConfig,
} from "../config/index.ts";

/** Gives the configuration of a topic's logs as an image has it. */
export type LogConfigOf = (topic: string, image: ClusterImage) => LogConfig;

/**
 * Resolves the configurations of topics, each once: topics without any of their own share one
 * object, so that a thousand partitions cost no more than one.
 */
export function logConfigResolver(dynamicConfig: DynamicBrokerConfig): LogConfigOf {
  const resolved = new WeakMap<ResourceConfigs, Resolved>();
  return (topic, image) => {
    const overrides = configsOf(image.configs, { type: "topic", name: topic });
    const broker = dynamicConfig.current;
    const known = resolved.get(overrides);
    if (known?.broker === broker) return known.config;
    const config = resolveTopicConfig(overrides, broker);
    resolved.set(overrides, { broker, config });
    return config;
  };
}

interface Resolved {
  readonly broker: BrokerConfig;
  readonly config: LogConfig;
}
