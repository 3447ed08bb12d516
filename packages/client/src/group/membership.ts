import type { KafkaError } from "../errors/kafka-error.ts";

/** A partition, by name. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Where a group stands in a partition: the offset of the next record it wants. */
export interface PartitionOffset extends TopicPartition {
  readonly offset: number;
  /** The epoch of the last record that was consumed; -1 when it is not known. */
  readonly leaderEpoch: number;
  /** What the application wrote beside it; empty by default. */
  readonly metadata: string;
}

/** What a consumer wants to read. */
export type Subscription =
  | { readonly kind: "topics"; readonly topics: readonly string[] }
  /** The source of a regular expression that a topic's whole name has to match. */
  | { readonly kind: "pattern"; readonly pattern: string };

/** Which protocol a group speaks. `auto` never converts a group. */
export type GroupProtocol = "auto" | "classic" | "consumer";

/** What names a member towards those who fence it: commits, and offsets sent in a transaction. */
export interface GroupMetadata {
  readonly groupId: string;
  /** The generation (classic) or the member's epoch (KIP-848); -1 when it is no member. */
  readonly generationId: number;
  /** Empty when it is no member. */
  readonly memberId: string;
  readonly groupInstanceId: string | undefined;
}

/**
 * Hears what the group decides. Calls come one after the other, never two at a time; heartbeats go
 * on meanwhile.
 */
export interface MembershipListener {
  /**
   * Partitions that are this member's from now on, without those that it had before; an empty list
   * is told too, once a rebalance ended. What it throws is the listener's to report.
   */
  onAssigned(partitions: readonly TopicPartition[]): Promise<void>;
  /**
   * Partitions that are given up when the promise settles: work on them ends and is committed
   * before. `signal` is aborted when the rebalance time-out is over and the group no longer waits.
   */
  onRevoked(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<void>;
  /** Partitions that may be another's already: nothing can be committed any more. */
  onLost(partitions: readonly TopicPartition[]): Promise<void>;
  /** The membership ended by an error that trying again does not mend; told once. */
  onFatal(error: KafkaError): void;
}

/**
 * Where a membership stands:
 * unsubscribed → joining → stable ⇄ reconciling; any → fenced → joining; stable → left (the poll
 * interval passed) → joining; any → closed | failed.
 */
export type MembershipState =
  | "unsubscribed"
  | "joining"
  | "reconciling"
  | "stable"
  | "fenced"
  | "left"
  | "closed"
  | "failed";

/** Facts from which a zombie is told. Times are the clock's `monotonicMs`; -1: never. */
export interface MembershipHealth {
  readonly state: MembershipState;
  /** The protocol spoken; undefined while `auto` has not found out. */
  readonly protocol: "classic" | "consumer" | undefined;
  /** When the coordinator last answered a heartbeat without an error. */
  readonly lastHeartbeatAtMs: number;
  readonly lastRebalanceAtMs: number;
  readonly rebalanceCount: number;
  readonly coordinator: number | undefined;
  /** What went wrong last, while it lasts. */
  readonly error: KafkaError | undefined;
}

/** One member of one group. It joins with the first subscription. */
export interface Membership {
  /** Joins, or changes what is wanted; resolves at once, and `onAssigned` tells the outcome. */
  subscribe(subscription: Subscription): void;
  /** Gives up all partitions (`onRevoked`) and leaves; may subscribe again. */
  unsubscribe(): Promise<void>;
  /** The partitions that it owns now. */
  assignment(): readonly TopicPartition[];
  metadata(): GroupMetadata;
  /**
   * The application asked for records, or waits for them; called often while it waits. Without it
   * for `maxPollIntervalMs` the member leaves, loses its partitions (`onLost`) and joins again with
   * the next call, as Java's does.
   */
  pollActivity(): void;
  /** Asks for a rebalance (classic; without effect in KIP-848, as in Java). */
  enforceRebalance(reason: string): void;
  health(): MembershipHealth;
  /**
   * Gives up all partitions (`onRevoked` first) and ends. `leaveGroup` as in KIP-1092: by default
   * dynamic members leave and static ones stay.
   */
  close(options?: {
    readonly leaveGroup?: boolean;
    readonly timeoutMs?: number;
    readonly signal?: AbortSignal;
  }): Promise<void>;
}

/** A group's committed offsets. Requests are retried until their time-out, as Java does. */
export interface OffsetStore {
  /**
   * Commits under the member's id and epoch of this moment; without a membership as a simple
   * consumer does (generation -1).
   * @throws KafkaError ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID,
   * STALE_MEMBER_EPOCH: nothing was committed, and the partitions are another's or soon will be;
   * REBALANCE_IN_PROGRESS; and the first refusal of a partition, with topic and partition.
   */
  commit(offsets: readonly PartitionOffset[], options?: OffsetRequestOptions): Promise<void>;
  /**
   * Gives committed offsets; partitions without one are left out. Waits for open transactions
   * (`requireStable`) when `isStable` says so.
   * @throws KafkaError
   */
  fetch(
    partitions: readonly TopicPartition[],
    options?: OffsetRequestOptions & { readonly isStable?: boolean },
  ): Promise<readonly PartitionOffset[]>;
}

/** How long a request for offsets may take. */
export interface OffsetRequestOptions {
  /** `defaultApiTimeoutMs` when not given. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What a group is opened with; defaults are filled in already, and are Java's. */
export interface GroupOptions {
  readonly groupId: string;
  readonly groupProtocol: GroupProtocol;
  readonly groupInstanceId: string | undefined;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  /** Also the rebalance time-out. */
  readonly maxPollIntervalMs: number;
  /** How long requests for offsets may take when nobody says otherwise. */
  readonly defaultApiTimeoutMs: number;
  /** Empty: no rack. */
  readonly rackId: string;
  /** Classic: names of assignors or assignors, in order of preference; empty: Java's. */
  readonly partitionAssignors: readonly PartitionAssignor[];
  /** KIP-848: the broker's assignor; undefined: its own choice. */
  readonly groupRemoteAssignor: string | undefined;
  /** Whether topics that start with two underscores match a pattern (Java: excluded). */
  readonly excludeInternalTopics: boolean;
  readonly allowAutoCreateTopics: boolean;
}

/** An assignor of the classic protocol: one of Kafka's by name, or the application's own. */
export type PartitionAssignor =
  | "range"
  | "roundrobin"
  | "sticky"
  | "cooperative-sticky"
  | CustomAssignor;

/** The application's own assignor; runs in the member that the group chose as its leader. */
export interface CustomAssignor {
  /** Its name on the wire: all members of a group have to offer it. */
  readonly name: string;
  readonly rebalanceProtocols?: readonly ("eager" | "cooperative")[];
  /** What goes into this member's subscription for the leader to read. */
  userData?(topics: readonly string[]): Uint8Array | undefined;
  /** Gives each member, by id, its partitions. Pure. */
  assign(
    members: readonly AssignorMember[],
    partitionCounts: ReadonlyMap<string, number>,
  ): ReadonlyMap<string, readonly TopicPartition[]>;
}

/** A member as an assignor sees it. */
export interface AssignorMember {
  readonly memberId: string;
  readonly groupInstanceId: string | undefined;
  readonly topics: readonly string[];
  readonly ownedPartitions: readonly TopicPartition[];
  /** The generation in which it owned them; -1 when it is not known. */
  readonly generationId: number;
  readonly rackId: string | undefined;
  readonly userData: Uint8Array | undefined;
}

/** A group as a consumer uses it. */
export interface Group {
  readonly membership: Membership;
  readonly offsets: OffsetStore;
}
