/**
 * The little that must be decided outside the metadata log: who may lead it, who is alive, and one
 * register changed by compare-and-set. `single` is a node that is alone; clusters use ZooKeeper.
 */
export interface Coordination {
  /** Waits until this node may lead the metadata log. */
  campaign(candidate: Candidate): Promise<Leadership>;
  /** Announces a broker for as long as its session lives. */
  register(brokerId: number, listener: LivenessListener): Promise<Registration>;
  /** The metadata partition's leader, epoch and in-sync replicas. */
  readonly metadataPartition: MetadataPartitionRegister;
  close(): Promise<void>;
}

/** Who wants to lead. */
export interface Candidate {
  readonly nodeId: number;
  /** The highest epoch that this node has seen in its own log and files. */
  readonly lastSeenEpoch: number;
}

/** The right to lead the metadata log. */
export interface Leadership {
  /** Higher than every epoch before. */
  readonly epoch: number;
  /** Resolves when the right is lost. */
  readonly lost: Promise<void>;
  resign(): Promise<void>;
}

/** A broker's announcement. */
export interface Registration {
  /** Resolves when the session ended without `close`. */
  readonly expired: Promise<void>;
  close(): Promise<void>;
}

/** Is told which brokers have a session. */
export interface LivenessListener {
  onLiveBrokers(brokerIds: ReadonlySet<number>): void;
}

/** One value changed by compare-and-set. */
export interface MetadataPartitionRegister {
  read(): Promise<VersionedMetadataPartition>;
  /** "conflict": somebody changed it before; "unknown": the answer was lost. */
  compareAndSet(
    expectedVersion: number,
    next: MetadataPartitionState,
  ): Promise<"set" | "conflict" | "unknown">;
}

/** The register's value. */
export interface MetadataPartitionState {
  readonly leader: number;
  readonly epoch: number;
  readonly isr: readonly number[];
}

/** The value with the version that `compareAndSet` wants; 0 and undefined before the first. */
export interface VersionedMetadataPartition {
  readonly version: number;
  readonly state: MetadataPartitionState | undefined;
}
