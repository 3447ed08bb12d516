import type { ClusterImage } from "@millrace/metadata";

import type { BrokerServices } from "../services.ts";

/** The connection that a request came over. */
export interface ClientInfo {
  /** The listener's name: what it was told of itself is what a client is told of others. */
  readonly listenerName: string;
  readonly remoteHost: string;
  readonly remotePort: number;
}

/** One request's surroundings. */
export interface RequestContext {
  readonly services: BrokerServices;
  /** The metadata that this request sees from start to end. */
  readonly image: ClusterImage;
  readonly apiVersion: number;
  readonly clientId: string | null;
  readonly client: ClientInfo;
  /** The request has done all that later ones of its connection could observe, and only waits. */
  settle(): void;
  /** Nothing is sent, whatever `handle` gives (acks=0). */
  silence(): void;
  /** The connection is closed instead of answering. */
  closeConnection(reason: string): void;
  /** Calls `release` once the answer has left: pooled memory behind it is free again. */
  onSent(release: () => void): void;
}
