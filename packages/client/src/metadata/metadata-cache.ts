import type { BrokerId, ErrorName, LeaderEpoch, PartitionIndex, Uuid } from "@millrace/protocol";
import type { KafkaError } from "../errors/kafka-error.ts";

/** A broker and its address. */
export interface BrokerNode {
  readonly id: BrokerId;
  readonly host: string;
  readonly port: number;
  readonly rack: string | undefined;
}

/** A topic as Metadata tells it. Never changed: a newer answer makes a new object. */
export interface TopicMetadata {
  readonly name: string;
  /** ZERO_UUID from a broker that does not tell it. */
  readonly id: Uuid;
  readonly isInternal: boolean;
  /** By partition index, without holes. */
  readonly partitions: readonly PartitionMetadata[];
}

/** A partition as Metadata tells it. */
export interface PartitionMetadata {
  readonly partition: PartitionIndex;
  /** -1 while there is none. */
  readonly leader: BrokerId;
  /** -1 where the broker does not tell it. */
  readonly leaderEpoch: LeaderEpoch;
  readonly replicas: readonly BrokerId[];
  readonly inSyncReplicas: readonly BrokerId[];
  readonly offlineReplicas: readonly BrokerId[];
  /** LEADER_NOT_AVAILABLE and the like; undefined when all is well. */
  readonly error: ErrorName | undefined;
}

/** How `load` asks. */
export interface LoadOptions {
  /** Whether the broker may create the topic (its own `auto.create.topics.enable`); true. */
  readonly allowAutoCreate?: boolean | undefined;
  /** `defaultApiTimeoutMs` when not given. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Answers from the cache where a topic is known and has its leaders; true. */
  readonly acceptCached?: boolean | undefined;
}

/** What a change of metadata was about. */
export interface MetadataChange {
  /** Topics whose partitions, leaders or id changed, that came or that went. */
  readonly topics: ReadonlySet<string>;
  readonly brokersChanged: boolean;
}

/** A leader that a broker named in its answer (KIP-951). */
export interface LearnedLeader {
  readonly topic: string;
  readonly partition: PartitionIndex;
  readonly leader: BrokerId;
  readonly leaderEpoch: LeaderEpoch;
  /** Its address, where the answer has it (`nodeEndpoints`). */
  readonly endpoint?: {
    readonly host: string;
    readonly port: number;
    readonly rack: string | null;
  };
}

/** What is known of topics, partitions and brokers; kept fresh while somebody wants it. */
export interface MetadataCache {
  /** What is known now; undefined when nothing is. */
  topic(name: string): TopicMetadata | undefined;
  topicById(id: Uuid): TopicMetadata | undefined;
  /**
   * Gives topics, asking for what is not known. A topic that is unknown is asked for again until
   * the time-out, as Java's producer does (it may have been created just now).
   * @returns per name the topic, or why there is none.
   * @throws KafkaError only for what concerns the whole call: ABORTED, CLIENT_CLOSED,
   *   SASL_AUTHENTICATION_FAILED …
   */
  load(
    names: readonly string[],
    options?: LoadOptions,
  ): Promise<ReadonlyMap<string, TopicMetadata | KafkaError>>;
  /** Every topic that the principal may see, for patterns and for admin. */
  loadAll(
    options?: Omit<LoadOptions, "allowAutoCreate">,
  ): Promise<ReadonlyMap<string, TopicMetadata>>;
  /**
   * Keeps topics fresh until the given function is called. Counted: two keepers of one topic do not
   * disturb each other. It asks for nothing by itself; `load` does, or `refreshSoon`.
   */
  keep(names: readonly string[]): () => void;
  /** Keeps every topic fresh (for patterns), until the given function is called. */
  keepAll(): () => void;
  /**
   * Asks for Metadata soon: at once, or after the back-off since the last time; many calls make one
   * request. For an error of `staleMetadataErrors`. Resolves when that answer was applied, and also
   * when asking failed: the next look tells.
   */
  refreshSoon(reason: string): Promise<void>;
  /** Takes over what an answer told of a leader. False when it is older than what is known. */
  learnLeader(learned: LearnedLeader): boolean;
  /** Called after each change, in the turn in which it was applied. Gives how to stop it. */
  onChange(listener: (change: MetadataChange) => void): () => void;
  brokers(): readonly BrokerNode[];
  broker(id: BrokerId): BrokerNode | undefined;
  /** -1 while it is unknown. */
  readonly controllerId: BrokerId;
  readonly clusterId: string | undefined;
}
