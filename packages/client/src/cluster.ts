import type { Clock, Logger, Metrics, Random } from "@millrace/platform";
import type { ApiSchema, BrokerId, RequestInput, ResponseOf, Versions } from "@millrace/protocol";
import type { MetadataCache } from "./metadata/metadata-cache.ts";
import type { ResolvedClientOptions } from "./options/resolved-options.ts";

/**
 * The cluster as producer, consumer, groups and admin see it: what is known of it, and a way to ask
 * its brokers. One per `Client`; its connections are shared.
 */
export interface Cluster {
  readonly metadata: MetadataCache;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly options: ResolvedClientOptions;

  /**
   * Sends to one broker and gives its decoded answer. It connects first where there is no
   * connection, after a pause when the last attempt failed. Nothing is retried.
   * @throws KafkaError NETWORK_EXCEPTION when the connection cannot be made or is lost,
   *   REQUEST_TIMED_OUT, SASL_AUTHENTICATION_FAILED, TLS_HANDSHAKE_FAILED, UNSUPPORTED_VERSION
   *   (naming the API, the versions wanted and offered), ABORTED, CLIENT_CLOSED. Error codes inside
   *   the answer are the caller's.
   */
  send<A extends ApiSchema>(
    target: BrokerId,
    api: A,
    request: RequestFor<A>,
    options?: SendOptions,
  ): Promise<Answer<A>>;
  /**
   * Sends to the broker that has the least to do; to a bootstrap address while none is known.
   * @throws KafkaError as `send`, and BOOTSTRAP_UNREACHABLE
   */
  sendToAny<A extends ApiSchema>(
    api: A,
    request: RequestFor<A>,
    options?: SendOptions,
  ): Promise<Answer<A>>;
  /**
   * Sends to the broker that Metadata names as controller (KRaft: any broker, which forwards). A
   * NOT_CONTROLLER inside the answer is the caller's: `metadata.refreshSoon`, and again.
   */
  sendToController<A extends ApiSchema>(
    api: A,
    request: RequestFor<A>,
    options?: SendOptions,
  ): Promise<Answer<A>>;

  /**
   * The broker that coordinates a group, a transactional id or a share partition; found once and
   * remembered. Retried while it is being loaded, up to the time-out.
   * @throws KafkaError GROUP_AUTHORIZATION_FAILED …, COORDINATOR_NOT_AVAILABLE after the time-out
   */
  coordinator(kind: CoordinatorKind, key: string, options?: WaitOptions): Promise<BrokerId>;
  /**
   * Forgets a coordinator: after NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE or a lost connection.
   */
  forgetCoordinator(kind: CoordinatorKind, key: string): void;

  /** The versions that a broker has for an API, connecting first; undefined when it has none. */
  versionsOf(target: BrokerId, api: ApiSchema): Promise<Versions | undefined>;
  /** The finalized features of the cluster with their levels: `share.version`, `group.version` … */
  features(options?: WaitOptions): Promise<ReadonlyMap<string, number>>;
  /**
   * Makes the connection of a lane, so that the first request finds it. Errors are as of `send`.
   */
  connect(target: BrokerId, lane?: string): Promise<void>;
  /** Aborted when the client is closed: the end of every background task. */
  readonly closed: AbortSignal;
  /**
   * Has something closed when the client is, while there are still connections: readers first,
   * since what they do with their records may write. Gives how to take it back.
   */
  beforeClose(kind: "reader" | "writer", close: Closing): () => void;
  /**
   * Closes what asked for it, then every connection; what waits fails with CLIENT_CLOSED. It never
   * throws.
   */
  close(options?: CloseOptions): Promise<void>;
}

/** Closes something; its failures are told to those they concern. */
export type Closing = (options: CloseOptions) => Promise<void>;

/** How long closing may take. */
export interface CloseOptions {
  /** For all of it; when not given, each part has its own. */
  readonly timeoutMs?: number;
}

/** A request, or how it looks in the version that will be spoken. */
export type RequestFor<A extends ApiSchema> =
  | RequestInput<A>
  | ((version: number) => RequestInput<A>);

/** What FindCoordinator can find. */
export type CoordinatorKind = "group" | "transaction" | "share";

/** How long to wait. */
export interface WaitOptions {
  /** `defaultApiTimeoutMs` when not given. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How a request is sent. */
export interface SendOptions {
  /**
   * The connection to take: each lane has its own TCP connection per broker, so that a long poll
   * never delays a heartbeat. "default" when not given.
   */
  readonly lane?: string | undefined;
  /** `requestTimeoutMs` when not given. A request that times out closes its connection. */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait, not the request: its answer is dropped when it comes. */
  readonly signal?: AbortSignal | undefined;
  /** Versions below or above are not spoken. */
  readonly minVersion?: number | undefined;
  readonly maxVersion?: number | undefined;
  /** The broker sends no answer (Produce with acks=0): resolves, with an empty body, once sent. */
  readonly noAnswer?: boolean | undefined;
}

/** A broker's answer. */
export interface Answer<A extends ApiSchema> {
  /** The version that was spoken. */
  readonly version: number;
  /** Fields of type `bytes` and `records` are views of the frame: no copy was made. */
  readonly body: ResponseOf<A>;
  readonly node: BrokerId;
  /**
   * Gives the frame's memory back for a next answer. May be left out: then it is collected. After
   * it no view in `body` may be read any more.
   */
  release(): void;
}
