/** The configuration of the share coordinator; read anew at each decision. */
export interface ShareStateConfig {
  /** `share.coordinator.snapshot.update.records.per.snapshot` */
  readonly updatesPerSnapshot: number;
  /** `share.coordinator.state.topic.prune.interval.ms` */
  readonly pruneIntervalMs: number;
  /** `share.coordinator.cold.partition.snapshot.interval.ms` */
  readonly coldSnapshotIntervalMs: number;
}

/** What the share coordinator must know of topics: a port that the broker fills. */
export interface ShareTopics {
  /** The partitions of a topic; undefined when there is none of this id. */
  partitionCountOf(topicId: string): number | undefined;
}
