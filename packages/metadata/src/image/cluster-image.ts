import type { Uuid } from "@millrace/protocol";

import type { AclEntry, ClientQuota, DelegationToken, ScramCredential } from "./kept-records.ts";
import type { BrokerRegistration, ControllerRegistration } from "./registrations.ts";
import type { ConfigsImage } from "./configs-image.ts";
import type { FeaturesImage } from "./features-image.ts";
import type { TopicsImage } from "./topics-image.ts";

/**
 * Everything the cluster has agreed on up to one offset of the metadata log. It is never changed:
 * a new one is made from it and the records that follow, sharing what did not change. A handler
 * takes one image and uses it from start to end.
 */
export interface ClusterImage {
  readonly provenance: Provenance;
  readonly features: FeaturesImage;
  readonly brokers: ReadonlyMap<number, BrokerRegistration>;
  readonly controllers: ReadonlyMap<number, ControllerRegistration>;
  readonly topics: TopicsImage;
  readonly configs: ConfigsImage;
  /** The first producer id that no block has been given out for. */
  readonly nextProducerId: bigint;
  /** By `clientQuotaKey`. */
  readonly clientQuotas: ReadonlyMap<string, ClientQuota>;
  /** By `scramKey`. */
  readonly scramCredentials: ReadonlyMap<string, ScramCredential>;
  /** By the entry's id. */
  readonly acls: ReadonlyMap<Uuid, AclEntry>;
  /** By token id. */
  readonly delegationTokens: ReadonlyMap<string, DelegationToken>;
}

/** Which part of the log an image stands for. */
export interface Provenance {
  /** The last offset that it contains; -1 when it is empty. */
  readonly lastContainedOffset: number;
  /** The leader epoch of that offset; -1 when it is empty. */
  readonly lastContainedEpoch: number;
  /** The timestamp of the batch with that offset, in milliseconds; -1 when it is empty. */
  readonly lastContainedTimestampMs: number;
}
