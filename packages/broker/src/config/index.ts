export type { BrokerConfig, ListenerConfig } from "./broker-config.ts";
export { brokerKeys } from "./broker-keys.ts";
export type { ConfigProblem } from "./configuration-error.ts";
export { ConfigurationError } from "./configuration-error.ts";
