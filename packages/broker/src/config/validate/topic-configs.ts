import type { BrokerConfig } from "../broker-config.ts";
import { topicKeys } from "../keys/topic.ts";
import { findTopicKey, resolveTopicConfig } from "../topic-config.ts";
import { invalidConfig, problemWithValue, type Rejection, unknownName } from "./rejection.ts";

/** Checks a topic's own configurations as they would be. */
export function validateTopicConfigs(
  overrides: ReadonlyMap<string, string>,
  broker: BrokerConfig,
): Rejection | undefined {
  for (const [name, text] of overrides) {
    const configKey = findTopicKey(name);
    if (configKey === undefined) {
      return invalidConfig(unknownName(name, "a topic", Object.keys(topicKeys)));
    }
    const problem = problemWithValue(name, configKey, text);
    if (problem !== undefined) return invalidConfig(problem);
  }
  const config = resolveTopicConfig(overrides, broker);
  if (config.minCompactionLagMs > config.maxCompactionLagMs) {
    const smaller = `min.compaction.lag.ms=${config.minCompactionLagMs}`;
    const larger = `max.compaction.lag.ms=${config.maxCompactionLagMs}`;
    return invalidConfig(`${smaller} is larger than ${larger}; expected it to be at most that`);
  }
  return undefined;
}
