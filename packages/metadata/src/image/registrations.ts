import type { Uuid } from "@millrace/protocol";

/** A broker as it registered with the controller. */
export interface BrokerRegistration {
  readonly id: number;
  /** The offset of the registration record: a later start of the broker has a higher one. */
  readonly epoch: number;
  /** Drawn anew by the broker's process at each start. */
  readonly incarnationId: Uuid;
  readonly endpoints: readonly Endpoint[];
  readonly features: readonly SupportedFeature[];
  readonly rack: string | null;
  /** Not to be told to clients, and no leader: it has not caught up, or its session ended. */
  readonly isFenced: boolean;
  readonly isInControlledShutdown: boolean;
  /** Ids of its log directories. */
  readonly logDirs: readonly Uuid[];
  /** Ids of log directories that take no new replicas (KIP-1066); null when it never said. */
  readonly cordonedLogDirs: readonly Uuid[] | null;
}

/** A controller as it registered. */
export interface ControllerRegistration {
  readonly id: number;
  readonly incarnationId: Uuid;
  readonly isZkMigrationReady: boolean;
  readonly endpoints: readonly Endpoint[];
  readonly features: readonly SupportedFeature[];
}

/** A listener as others reach it. */
export interface Endpoint {
  /** The listener's name. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Kafka's number: 0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL. */
  readonly securityProtocol: number;
}

/** The range of levels of a feature that a process supports, both ends inclusive. */
export interface SupportedFeature {
  readonly name: string;
  readonly minSupportedVersion: number;
  readonly maxSupportedVersion: number;
}
