/** The configuration of the group coordinator that this broker runs with; read anew at each decision. */
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
}
