export type { AuthorizerConfig } from "./authorizer-keys.ts";
export type { BrokerConfig, ListenerConfig, SecurityProtocol } from "./broker-config.ts";
export {
  applyLoggerChanges,
  describeBrokerLoggers,
  validateLoggerChanges,
} from "./broker-loggers.ts";
export { ConfigurationError, problemLine } from "./configuration-error.ts";
export { describeBrokerConfigs, describeEveryBrokerConfigs } from "./describe/broker.ts";
export { describeClientMetricsConfigs } from "./describe/client-metrics.ts";
export type {
  DescribedConfig,
  DescribeOptions,
} from "./describe/described-config.ts";
export { describeGroupConfigs } from "./describe/group.ts";
export { byMapOrder } from "./describe/map-order.ts";
export { describeTopicConfigs } from "./describe/topic.ts";
export { DynamicBrokerConfig } from "./dynamic-broker-config.ts";
export type { ConfigSources, LoadedBrokerConfig } from "./load-broker-config.ts";
export { loadBrokerConfig, parseOverride } from "./load-broker-config.ts";
export { resolveTopicConfig } from "./topic-config.ts";
export { createConfigValidator } from "./validate/config-validator.ts";
