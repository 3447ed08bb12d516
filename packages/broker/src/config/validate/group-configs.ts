import type { BrokerConfig } from "../broker-config.ts";
import { parseConfigValue } from "../config-value.ts";
import { findGroupKey, groupKeyNames, resolveGroupConfig } from "../group-config.ts";
import { invalidConfig, problemWithValue, type Rejection, unknownName } from "./rejection.ts";

/** Checks a group's configurations as they would be, within the limits that the broker sets. */
export function validateGroupConfigs(
  overrides: ReadonlyMap<string, string>,
  broker: BrokerConfig,
): Rejection | undefined {
  for (const [name, text] of overrides) {
    const problem = problemWithGroupConfig(name, text, broker);
    if (problem !== undefined) return invalidConfig(problem);
  }
  const config = resolveGroupConfig(overrides, broker);
  const pairs: readonly (readonly [string, number, number])[] = [
    ["consumer", config.consumerHeartbeatIntervalMs, config.consumerSessionTimeoutMs],
    ["share", config.shareHeartbeatIntervalMs, config.shareSessionTimeoutMs],
    ["streams", config.streamsHeartbeatIntervalMs, config.streamsSessionTimeoutMs],
  ];
  for (const [kind, heartbeatMs, sessionMs] of pairs) {
    if (heartbeatMs < sessionMs) continue;
    const heartbeat = `${kind}.heartbeat.interval.ms=${heartbeatMs}`;
    const session = `${kind}.session.timeout.ms=${sessionMs}`;
    return invalidConfig(`${heartbeat} is not less than ${session}; members would be dropped`);
  }
  return undefined;
}

function problemWithGroupConfig(
  name: string,
  text: string,
  broker: BrokerConfig,
): string | undefined {
  const configKey = findGroupKey(name);
  if (configKey === undefined) return unknownName(name, "a group", groupKeyNames());
  const problem = problemWithValue(name, configKey, text);
  if (problem !== undefined) return problem;
  const outcome = parseConfigValue(configKey, text);
  if (!outcome.ok || typeof outcome.value !== "number") return undefined;
  const [kind = "", ...rest] = name.split(".");
  for (const end of ["min", "max"] as const) {
    const limitName = limitKey(kind, end, rest.join("."));
    const limit = broker.exactValues.get(limitName);
    if (typeof limit !== "number") continue;
    if (end === "min" ? outcome.value >= limit : outcome.value <= limit) continue;
    const least = end === "min" ? "at least" : "at most";
    return `${name}=${text} is out of range: expected ${least} ${limit} (${limitName})`;
  }
  return undefined;
}

/** `consumer`, `min`, `session.timeout.ms` → `group.consumer.min.session.timeout.ms`. */
function limitKey(kind: string, end: "min" | "max", name: string): string {
  // Standby replicas are the only ones whose limit drops a word.
  return `group.${kind}.${end}.${name === "num.standby.replicas" ? "standby.replicas" : name}`;
}
