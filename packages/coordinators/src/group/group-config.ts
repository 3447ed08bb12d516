/**
 * The configuration of the group coordinator that this broker runs with; read anew at each
 * decision.
 */
export interface GroupConfig {
  /** `group.min.session.timeout.ms` and `group.max.session.timeout.ms`. */
  readonly sessionTimeoutMsMin: number;
  readonly sessionTimeoutMsMax: number;
  /** `group.initial.rebalance.delay.ms` */
  readonly initialRebalanceDelayMs: number;
  /** `group.max.size`: members a classic group may have. */
  readonly groupSizeMax: number;
  /** `offset.metadata.max.bytes` */
  readonly offsetMetadataSizeBytesMax: number;
  /** `offsets.retention.minutes`, in milliseconds. */
  readonly offsetsRetentionMs: number;
  /** `offsets.retention.check.interval.ms` */
  readonly offsetsRetentionCheckIntervalMs: number;
  /** `group.consumer.max.size` */
  readonly consumerGroupSizeMax: number;
  /** `group.consumer.assignors`, the default first. */
  readonly consumerAssignors: readonly string[];
  /** `group.consumer.migration.policy` */
  readonly migrationPolicy: MigrationPolicy;
  /** `group.consumer.regex.refresh.interval.ms` */
  readonly regexRefreshIntervalMs: number;
  /** What one consumer group runs with: its own configurations, or the broker's. */
  readonly consumerTimes: (groupId: string) => ConsumerTimes;
}

/** Which groups change their protocol while they run. */
export type MigrationPolicy = "disabled" | "upgrade" | "downgrade" | "bidirectional";

/** The times of a consumer group, in milliseconds. */
export interface ConsumerTimes {
  /** `consumer.session.timeout.ms` */
  readonly sessionTimeoutMs: number;
  /** `consumer.heartbeat.interval.ms` */
  readonly heartbeatIntervalMs: number;
  /** `consumer.assignment.interval.ms` */
  readonly assignmentIntervalMs: number;
}
