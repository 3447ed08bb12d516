export type { BrokerConfig, ListenerConfig } from "./broker-config.ts";
export { brokerKeys } from "./broker-keys.ts";
export {
  applyLoggerChanges,
  describeBrokerLoggers,
  type LoggerChange,
  validateLoggerChanges,
} from "./broker-loggers.ts";
export type { ConfigNotice } from "./check-known.ts";
export type { ConfigProblem } from "./configuration-error.ts";
export { ConfigurationError, problemLine } from "./configuration-error.ts";
export { describeBrokerConfigs, describeEveryBrokerConfigs } from "./describe/broker.ts";
export { describeClientMetricsConfigs } from "./describe/client-metrics.ts";
export type {
  DescribedConfig,
  DescribedSynonym,
  DescribeOptions,
} from "./describe/described-config.ts";
export { describeGroupConfigs } from "./describe/group.ts";
export { describeTopicConfigs } from "./describe/topic.ts";
export {
  type BrokerConfigListener,
  DynamicBrokerConfig,
  type DynamicLayers,
} from "./dynamic-broker-config.ts";
export type { GivenConfig, GivenConfigs } from "./given-configs.ts";
export { type GroupConfig, resolveGroupConfig } from "./group-config.ts";
export type { ConfigSources, LoadedBrokerConfig } from "./load-broker-config.ts";
export { loadBrokerConfig, parseOverride } from "./load-broker-config.ts";
export { resolveTopicConfig, type TopicConfig } from "./topic-config.ts";
export { createConfigValidator } from "./validate/config-validator.ts";
export type { Rejection } from "./validate/rejection.ts";
