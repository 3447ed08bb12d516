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
  /** `group.share.max.size` */
  readonly shareGroupSizeMax: number;
  /** `group.share.initialize.retry.interval.ms` */
  readonly shareInitializeRetryIntervalMs: number;
  /** What one share group runs with: its own configurations, or the broker's. */
  readonly shareTimes: (groupId: string) => ShareTimes;
  /** `group.streams.max.size` */
  readonly streamsGroupSizeMax: number;
  /** What one streams group runs with: its own configurations, or the broker's. */
  readonly streamsSettings: (groupId: string) => StreamsSettings;
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

/** The times of a share group, in milliseconds. */
export interface ShareTimes {
  /** `share.session.timeout.ms` */
  readonly sessionTimeoutMs: number;
  /** `share.heartbeat.interval.ms` */
  readonly heartbeatIntervalMs: number;
  /** `share.assignment.interval.ms` */
  readonly assignmentIntervalMs: number;
}

/** What a streams group runs with; times in milliseconds. */
export interface StreamsSettings {
  /** `streams.session.timeout.ms` */
  readonly sessionTimeoutMs: number;
  /** `streams.heartbeat.interval.ms` */
  readonly heartbeatIntervalMs: number;
  /** `streams.assignment.interval.ms` */
  readonly assignmentIntervalMs: number;
  /** `streams.initial.rebalance.delay.ms` */
  readonly initialRebalanceDelayMs: number;
  /** `streams.num.standby.replicas` */
  readonly standbyReplicas: number;
}
