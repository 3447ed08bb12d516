import type {
  ConsumerTimes,
  GroupConfig,
  MigrationPolicy,
  ShareTimes,
  StreamsSettings,
} from "@millrace/coordinators";
import { type ClusterImage, configsOf } from "@millrace/metadata";

import type { BrokerConfig } from "../config/index.ts";
import { resolveGroupConfig } from "../config/group-config.ts";

const MINUTE_MS = 60_000;

type Overrides = ReturnType<typeof configsOf>;

/**
 * Gives what the group coordinator runs with, worked out once for each state of the configuration.
 */
export class GroupCoordinatorConfig {
  readonly #config: () => BrokerConfig;
  readonly #image: () => ClusterImage;
  #known: { readonly broker: BrokerConfig; readonly group: GroupConfig } | undefined;
  #times = new WeakMap<Overrides, ConsumerTimes>();
  #shares = new WeakMap<Overrides, ShareTimes>();
  #streams = new WeakMap<Overrides, StreamsSettings>();

  constructor(config: () => BrokerConfig, image: () => ClusterImage) {
    this.#config = config;
    this.#image = image;
  }

  get current(): GroupConfig {
    const broker = this.#config();
    if (this.#known?.broker !== broker) {
      this.#times = new WeakMap();
      this.#shares = new WeakMap();
      this.#streams = new WeakMap();
      const ofGroups = {
        consumerTimes: (groupId: string) => this.#consumerTimes(groupId),
        shareTimes: (groupId: string) => this.#shareTimes(groupId),
        streamsSettings: (groupId: string) => this.#streamsSettings(groupId),
      };
      this.#known = { broker, group: { ...groupConfig(broker), ...ofGroups } };
    }
    return this.#known.group;
  }

  #consumerTimes(groupId: string): ConsumerTimes {
    const overrides = configsOf(this.#image().configs, { type: "group", name: groupId });
    const known = this.#times.get(overrides);
    if (known !== undefined) return known;
    const times = consumerTimes(overrides, this.#config());
    this.#times.set(overrides, times);
    return times;
  }

  #shareTimes(groupId: string): ShareTimes {
    const overrides = configsOf(this.#image().configs, { type: "group", name: groupId });
    const known = this.#shares.get(overrides);
    if (known !== undefined) return known;
    const times = shareTimes(overrides, this.#config());
    this.#shares.set(overrides, times);
    return times;
  }

  #streamsSettings(groupId: string): StreamsSettings {
    const overrides = configsOf(this.#image().configs, { type: "group", name: groupId });
    const known = this.#streams.get(overrides);
    if (known !== undefined) return known;
    const settings = streamsSettings(overrides, this.#config());
    this.#streams.set(overrides, settings);
    return settings;
  }
}

/** A group's own times are kept within the broker's limits, which may be younger. */
function consumerTimes(overrides: Overrides, broker: BrokerConfig): ConsumerTimes {
  const group = resolveGroupConfig(overrides, broker);
  return {
    sessionTimeoutMs: within(
      group.consumerSessionTimeoutMs,
      broker.groupConsumerMinSessionTimeoutMs,
      broker.groupConsumerMaxSessionTimeoutMs,
    ),
    heartbeatIntervalMs: within(
      group.consumerHeartbeatIntervalMs,
      broker.groupConsumerMinHeartbeatIntervalMs,
      broker.groupConsumerMaxHeartbeatIntervalMs,
    ),
    assignmentIntervalMs: within(
      group.consumerAssignmentIntervalMs,
      broker.groupConsumerMinAssignmentIntervalMs,
      broker.groupConsumerMaxAssignmentIntervalMs,
    ),
  };
}

/** As above, for a share group. */
function shareTimes(overrides: Overrides, broker: BrokerConfig): ShareTimes {
  const group = resolveGroupConfig(overrides, broker);
  return {
    sessionTimeoutMs: within(
      group.shareSessionTimeoutMs,
      broker.groupShareMinSessionTimeoutMs,
      broker.groupShareMaxSessionTimeoutMs,
    ),
    heartbeatIntervalMs: within(
      group.shareHeartbeatIntervalMs,
      broker.groupShareMinHeartbeatIntervalMs,
      broker.groupShareMaxHeartbeatIntervalMs,
    ),
    assignmentIntervalMs: within(
      group.shareAssignmentIntervalMs,
      broker.groupShareMinAssignmentIntervalMs,
      broker.groupShareMaxAssignmentIntervalMs,
    ),
  };
}

/** As above, for a streams group. */
function streamsSettings(overrides: Overrides, broker: BrokerConfig): StreamsSettings {
  const group = resolveGroupConfig(overrides, broker);
  return {
    sessionTimeoutMs: within(
      group.streamsSessionTimeoutMs,
      broker.groupStreamsMinSessionTimeoutMs,
      broker.groupStreamsMaxSessionTimeoutMs,
    ),
    heartbeatIntervalMs: within(
      group.streamsHeartbeatIntervalMs,
      broker.groupStreamsMinHeartbeatIntervalMs,
      broker.groupStreamsMaxHeartbeatIntervalMs,
    ),
    assignmentIntervalMs: within(
      group.streamsAssignmentIntervalMs,
      broker.groupStreamsMinAssignmentIntervalMs,
      broker.groupStreamsMaxAssignmentIntervalMs,
    ),
    initialRebalanceDelayMs: group.streamsInitialRebalanceDelayMs,
    standbyReplicas: Math.min(
      group.streamsNumStandbyReplicas,
      broker.groupStreamsMaxStandbyReplicas,
    ),
  };
}

function within(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

function groupConfig(
  broker: BrokerConfig,
): Omit<GroupConfig, "consumerTimes" | "shareTimes" | "streamsSettings"> {
  return {
    sessionTimeoutMsMin: broker.groupMinSessionTimeoutMs,
    sessionTimeoutMsMax: broker.groupMaxSessionTimeoutMs,
    initialRebalanceDelayMs: broker.groupInitialRebalanceDelayMs,
    groupSizeMax: broker.groupMaxSize,
    offsetMetadataSizeBytesMax: broker.offsetMetadataMaxBytes,
    offsetsRetentionMs: broker.offsetsRetentionMinutes * MINUTE_MS,
    offsetsRetentionCheckIntervalMs: broker.offsetsRetentionCheckIntervalMs,
    consumerGroupSizeMax: broker.groupConsumerMaxSize,
    consumerAssignors: broker.groupConsumerAssignors.map(assignorName),
    migrationPolicy: migrationPolicy(broker.groupConsumerMigrationPolicy),
    regexRefreshIntervalMs: broker.groupConsumerRegexRefreshIntervalMs,
    shareGroupSizeMax: broker.groupShareMaxSize,
    shareInitializeRetryIntervalMs: broker.groupShareInitializeRetryIntervalMs,
    streamsGroupSizeMax: broker.groupStreamsMaxSize,
  };
}

/** Apache Kafka's own assignors may also be given by their Java class. */
const assignorClasses: ReadonlyMap<string, string> = new Map([
  ["org.apache.kafka.coordinator.group.assignor.UniformAssignor", "uniform"],
  ["org.apache.kafka.coordinator.group.assignor.RangeAssignor", "range"],
]);

function assignorName(name: string): string {
  return assignorClasses.get(name) ?? name;
}

function migrationPolicy(value: string): MigrationPolicy {
  const policy = value.toLowerCase();
  switch (policy) {
    case "disabled":
    case "upgrade":
    case "downgrade":
      return policy;
    default:
      return "bidirectional";
  }
}
