export type { BrokerConfig, ListenerConfig } from "./broker-config.ts";
export { brokerKeys } from "./broker-keys.ts";
export type { ConfigNotice } from "./check-known.ts";
export type { ConfigProblem } from "./configuration-error.ts";
export { ConfigurationError, problemLine } from "./configuration-error.ts";
export type { GivenConfig, GivenConfigs } from "./given-configs.ts";
export type { ConfigSources, LoadedBrokerConfig } from "./load-broker-config.ts";
export { loadBrokerConfig, parseOverride } from "./load-broker-config.ts";
