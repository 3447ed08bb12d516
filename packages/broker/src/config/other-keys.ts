import { authorizerKeys } from "./authorizer-keys.ts";
import { findBrokerKey } from "./broker-keys.ts";
import type { ConfigKey } from "./config-key.ts";
import { reasons } from "./keys/reasons.ts";

/** What becomes of a name that is in no table of brokers. */
export type OtherKey =
  /** Of one listener or one mechanism: `listener.name.internal.ssl.keystore.location`. */
  | { readonly kind: "listener"; readonly baseName: string; readonly configKey: ConfigKey }
  /** Of the authorizer, which reads it by itself. */
  | { readonly kind: "acts" }
  /** Taken without effect, for a reason. */
  | { readonly kind: "accepted"; readonly reason: string }
  /** Asks for what is not built; `reason` says what and what to do. */
  | { readonly kind: "refused"; readonly reason: string };

/** Configurations of Kafka's own plug-ins, and what Kafka 4 has removed but files still carry. */
const byName: Readonly<Record<string, OtherKey>> = {
  "inter.broker.protocol.version": removed("4.0"),
  "log.message.format.version": removed("4.0"),
  "log.message.downconversion.enable": removed("4.0"),
  "log.message.timestamp.difference.max.ms": removed("4.0"),
  "offsets.commit.required.acks": removed("4.0"),
  "auto.include.jmx.reporter": removed("4.0"),
  "broker.id.generation.enable": removed("4.0"),
  "reserved.broker.max.id": removed("4.0"),
  "delegation.token.master.key": removed("4.0"),
  "leader.imbalance.per.broker.percentage": removed("4.0"),
  "advertised.host.name": replacedBy("advertised.listeners"),
  "advertised.port": replacedBy("advertised.listeners"),
  "host.name": replacedBy("listeners"),
  port: replacedBy("listeners"),
  "control.plane.listener.name": {
    kind: "refused",
    reason: "Kafka 4.0 removed it; name the controller's listener in controller.listener.names",
  },
  "zookeeper.metadata.migration.enable": {
    kind: "refused",
    reason: "Kafka 4.0 removed it; migrate to KRaft with Kafka 3.9 first",
  },
};

const byPrefix: readonly (readonly [string, OtherKey])[] = [
  ["rsm.config.", { kind: "accepted", reason: reasons.tiered }],
  ["rlmm.config.", { kind: "accepted", reason: reasons.tiered }],
  ["config.providers.", { kind: "accepted", reason: "config.providers itself is refused" }],
  ["password.encoder.", removed("4.0")],
  [
    "zookeeper.",
    {
      kind: "refused",
      reason:
        "Kafka 4.0 removed it; set process.roles=broker,controller and leave ZooKeeper out of the file",
    },
  ],
];

/** Explains a name that no broker table has; `undefined` when nobody knows it. */
export function findOtherKey(name: string): OtherKey | undefined {
  const listenerKey = findListenerKey(name);
  if (listenerKey !== undefined) return listenerKey;
  if (authorizerKeys.has(name)) return { kind: "acts" };
  if (Object.hasOwn(byName, name)) return byName[name];
  return byPrefix.find(([prefix]) => name.startsWith(prefix))?.[1];
}

/** Listener limits that are honoured on each listener. */
export const listenerLimitNames: ReadonlySet<string> = new Set([
  "max.connections",
  "max.connection.creation.rate",
]);

/** Whether each listener may have a value of its own. */
export function actsPerListener(baseName: string): boolean {
  if (listenerLimitNames.has(baseName) || mechanismKeys.has(baseName)) return true;
  return /^(ssl|sasl)\./.test(baseName);
}

/**
 * Takes the listener's prefix, and a SASL mechanism's after it, off a name; a mechanism's prefix
 * may stand alone.
 * Example: `listener.name.internal.scram-sha-256.sasl.jaas.config` → `sasl.jaas.config`.
 */
export function baseNameOfListenerKey(name: string): string | undefined {
  const [, rest] = /^listener\.name\.[^.]+\.(.+)$/.exec(name) ?? [];
  if (rest === undefined) {
    const [, alone] = MECHANISM_PREFIX.exec(name) ?? [];
    return alone !== undefined && mechanismKeys.has(alone) ? alone : undefined;
  }
  if (findBrokerKey(rest) !== undefined) return rest;
  const [, withoutMechanism] = /^[^.]+\.(.+)$/.exec(rest) ?? [];
  return withoutMechanism !== undefined && mechanismKeys.has(withoutMechanism)
    ? withoutMechanism
    : rest;
}

const MECHANISM_PREFIX = /^(?:plain|scram-sha-256|scram-sha-512|oauthbearer|gssapi)\.(.+)$/;

const mechanismKeys: ReadonlySet<string> = new Set([
  "sasl.jaas.config",
  "sasl.login.callback.handler.class",
  "sasl.login.class",
  "sasl.server.callback.handler.class",
  "connections.max.reauth.ms",
]);

function findListenerKey(name: string): OtherKey | undefined {
  const baseName = baseNameOfListenerKey(name);
  if (baseName === undefined) return undefined;
  const configKey = findBrokerKey(baseName);
  return configKey === undefined ? undefined : { kind: "listener", baseName, configKey };
}

function removed(version: string): OtherKey {
  return { kind: "accepted", reason: `Kafka ${version} removed it` };
}

function replacedBy(name: string): OtherKey {
  return { kind: "refused", reason: `Kafka 3.0 removed it; use ${name}` };
}
