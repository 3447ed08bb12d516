import type { AuthorizerConfig } from "./authorizer-keys.ts";
import type { brokerKeys } from "./broker-keys.ts";
import type { ListenerSaslConfig, ListenerTlsConfig } from "./security-config.ts";
import type { ConfigKey } from "./config-key.ts";
import type { ParsedValue } from "./validator.ts";

/**
 * What a broker runs with: one immutable snapshot of every configuration, typed.
 *
 * A field is named as the configuration in camel case: `num.partitions` is `numPartitions`. A long
 * is a number, saturated at Number.MAX_SAFE_INTEGER. What several configurations decide together
 * stands in one field with its outcome, listed in BrokerConfigOutcomes.
 * A running broker gets a new snapshot from DynamicBrokerConfig when a configuration changes.
 */
export type BrokerConfig = Omit<BrokerConfigFields, keyof BrokerConfigOutcomes> &
  BrokerConfigOutcomes;

/** The fields that are no more than one configuration's value. */
export type BrokerConfigFields = {
  readonly [Name in keyof typeof brokerKeys as CamelCase<Name>]: FieldOf<(typeof brokerKeys)[Name]>;
};

/** The fields that several configurations, or a notation, decide. */
export interface BrokerConfigOutcomes {
  /** The listeners for clients and brokers, in the order given; no controller listener. */
  readonly listeners: readonly ListenerConfig[];
  /** The listeners of the controller: bound for those who ask, never shown to clients. */
  readonly controllerListeners: readonly ListenerConfig[];
  /** How the HTTP port encrypts; undefined where it does not. */
  readonly httpTls: ListenerTlsConfig | undefined;
  /** The name of the listener that brokers use among themselves. */
  readonly interBrokerListenerName: string;
  /** The log directories: log.dirs, else log.dir. */
  readonly logDirs: readonly string[];
  /** The directory of the metadata log: metadata.log.dir, else the first log directory. */
  readonly metadataLogDir: string;
  /** Milliseconds for which records are kept, -1 for ever: the finest unit that is given. */
  readonly logRetentionMs: number;
  /** Milliseconds after which a segment is rolled: the finest unit that is given. */
  readonly logRollMs: number;
  /** Most milliseconds of jitter off the roll time. */
  readonly logRollJitterMs: number;
  /** Milliseconds that a record may wait for its flush. */
  readonly logFlushIntervalMs: number;
  /** How clients are kept to what they may do; undefined where everybody may do everything. */
  readonly authorizer: AuthorizerConfig | undefined;
  /** Connection limits of single hosts or addresses. */
  readonly maxConnectionsPerIpOverrides: ReadonlyMap<string, number>;
  /** Every value by name, longs exact: what topics inherit and DescribeConfigs shows. */
  readonly exactValues: ReadonlyMap<string, ParsedValue | null>;
  /** Cluster id of a directory that this start formats (CLUSTER_ID of the apache/kafka image). */
  readonly clusterId: string | undefined;
}

/** Kafka's security protocols: with TLS or without, with SASL or without. */
export type SecurityProtocol = "PLAINTEXT" | "SSL" | "SASL_PLAINTEXT" | "SASL_SSL";

/** A named listener. */
export interface ListenerConfig {
  /** The name in upper case, such as PLAINTEXT or INTERNAL. */
  readonly name: string;
  readonly securityProtocol: SecurityProtocol;
  /** Where to listen; `undefined` for every address. */
  readonly host: string | undefined;
  /** The port; 0 for a free one. */
  readonly port: number;
  /**
   * What clients are told. A host that nobody gave is `undefined` (the broker takes the machine's
   * name); port 0 is the port that was bound.
   */
  readonly advertised: { readonly host: string | undefined; readonly port: number };
  /** How it encrypts; undefined where it does not. */
  readonly tls: ListenerTlsConfig | undefined;
  /** How those who come authenticate; undefined where they need not. */
  readonly sasl: ListenerSaslConfig | undefined;
  /** Most connections on this listener (listener.name.NAME.max.connections). */
  readonly maxConnections: number;
  /** Most new connections a second on this listener. */
  readonly maxConnectionCreationRate: number;
}

/** The type of a configuration's field. */
export type FieldOf<Key> = Key extends ConfigKey<infer Value> ? Value : never;

/** `num.partitions` → `numPartitions`. */
export type CamelCase<Name extends string> = Name extends `${infer Head}.${infer Rest}`
  ? `${Head}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** The field name of a configuration: `num.partitions` → `numPartitions`. */
export function camelCase(name: string): string {
  return name.replace(/\.(.)/g, (_, letter: string) => letter.toUpperCase());
}
