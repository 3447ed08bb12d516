import { brokerKeys, findBrokerKey } from "../broker-keys.ts";
import { changesAtRunTime, type DynamicBrokerConfig } from "../dynamic-broker-config.ts";
import { baseNameOfListenerKey, findOtherKey, listenerLimitNames } from "../other-keys.ts";
import { invalidRequest, problemWithValue, type Rejection, unknownName } from "./rejection.ts";

/** Configurations that a broker's metadata has and its file has not. */
const onlyDynamic: ReadonlySet<string> = new Set([
  "leader.replication.throttled.rate",
  "follower.replication.throttled.rate",
  "replica.alter.log.dirs.io.max.bytes.per.second",
]);

/** What shall become of a broker's configurations in the metadata. */
export interface BrokerConfigsChange {
  /** A broker's id, or "" for all of them. */
  readonly resourceName: string;
  readonly after: ReadonlyMap<string, string>;
  readonly before: ReadonlyMap<string, string>;
}

/** Checks a broker's configurations as they would be, by KIP-226's rules. */
export function validateBrokerConfigs(
  change: BrokerConfigsChange,
  dynamic: DynamicBrokerConfig,
): Rejection | undefined {
  const { nodeId } = dynamic.current;
  const { resourceName, after, before } = change;
  if (resourceName !== "" && resourceName !== String(nodeId)) {
    const expected = `expected ${nodeId}, or the empty name for all brokers`;
    return invalidRequest(`${resourceName} is not this broker's id; ${expected}`);
  }
  const isPerBroker = resourceName !== "";
  for (const [name, text] of after) {
    if (before.get(name) === text) continue;
    const problem = problemWithName(name, isPerBroker) ?? problemWithText(name, text);
    if (problem !== undefined) return invalidRequest(problem);
  }
  const problem = dynamic.problemWith(isPerBroker ? { broker: after } : { everyBroker: after });
  return problem === undefined ? undefined : invalidRequest(problem);
}

/** Whether a name may be changed at run time, and for one broker or for all. */
function problemWithName(name: string, isPerBroker: boolean): string | undefined {
  if (onlyDynamic.has(name)) return undefined;
  const baseName = baseNameOfListenerKey(name);
  const configKey = findBrokerKey(baseName ?? name);
  if (configKey === undefined) {
    if (findOtherKey(name)?.kind === "accepted") return undefined;
    return unknownName(name, "a broker", Object.keys(brokerKeys));
  }
  if (!changesAtRunTime(baseName ?? name)) {
    return `${name} cannot be changed while the broker runs; change the file and start it again`;
  }
  if (baseName === undefined && isSecurityKey(name)) {
    return `${name} can be changed only for one listener, as listener.name.NAME.${name}`;
  }
  const isForOneBroker =
    configKey.updateMode === "per-broker" ||
    (baseName !== undefined && !listenerLimitNames.has(baseName));
  if (isForOneBroker && !isPerBroker) {
    return `${name} differs from broker to broker; give the id of the one to change`;
  }
  return undefined;
}

/** The key and trust stores, which KIP-226 reloads for one listener at a time. */
function isSecurityKey(name: string): boolean {
  return /^ssl\.(keystore\.|truststore\.|key\.password$)/.test(name);
}

function problemWithText(name: string, text: string): string | undefined {
  if (onlyDynamic.has(name)) {
    const isRate = /^\+?\d{1,18}$/.test(text.trim());
    return isRate ? undefined : `${name}=${text} is not valid: expected a number of at least 0`;
  }
  const configKey = findBrokerKey(baseNameOfListenerKey(name) ?? name);
  return configKey === undefined ? undefined : problemWithValue(name, configKey, text);
}
