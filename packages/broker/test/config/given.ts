import {
  type BrokerConfig,
  DynamicBrokerConfig,
  loadBrokerConfig,
} from "../../src/config/index.ts";

/** Settings by name, as a test writes them. */
export type Settings = Readonly<Record<string, string>>;

/** A map of settings. */
export function mapOf(settings: Settings): ReadonlyMap<string, string> {
  return new Map(Object.entries(settings));
}

/** What a node without a file runs with when these are given. */
export function brokerConfigOf(overrides: Settings): BrokerConfig {
  return loadBrokerConfig({ overrides }).config;
}

/** The running configuration of a node without a file that was given these. */
export function dynamicConfigOf(overrides: Settings): DynamicBrokerConfig {
  return new DynamicBrokerConfig(loadBrokerConfig({ overrides }));
}
