import type { ClusterImage } from "@millrace/metadata";

import type { SecurityProtocol } from "../config/index.ts";
import type { Principal } from "../security/principal.ts";
import type { RequestQuota } from "../quota/request-quota.ts";
import type { BrokerServices } from "../services.ts";

/** The connection that a request came over. */
export interface ClientInfo {
  /** The listener's name: what it was told of itself is what a client is told of others. */
  readonly listenerName: string;
  readonly securityProtocol: SecurityProtocol;
  /** Who sends its requests: what an authorizer decides about and quotas are counted for. */
  readonly principal: Principal;
  readonly remoteHost: string;
  readonly remotePort: number;
}

/** What a connection keeps between its requests. */
export interface ConnectionFacts {
  /** What the client called itself in ApiVersions 3+; undefined until then. */
  software: { readonly name: string; readonly version: string } | undefined;
}

/** One request's surroundings. */
export interface RequestContext {
  readonly services: BrokerServices;
  /** The metadata that this request sees from start to end. */
  readonly image: ClusterImage;
  /** The request's API as Kafka names it: `Produce`. */
  readonly apiName: string;
  readonly apiVersion: number;
  readonly clientId: string | null;
  readonly client: ClientInfo;
  /** Counts the request for its client's quotas; undefined where nobody is limited. */
  readonly quota: RequestQuota | undefined;
  /** The same object at every request of a connection. */
  readonly connection: ConnectionFacts;
  /** The request has done all that later ones of its connection could observe, and only waits. */
  settle(): void;
  /** Nothing is sent, whatever `handle` gives (acks=0). */
  silence(): void;
  /** The connection is closed instead of answering. */
  closeConnection(reason: string): void;
  /** Calls `release` once the answer has left: pooled memory behind it is free again. */
  onSent(release: () => void): void;
}
