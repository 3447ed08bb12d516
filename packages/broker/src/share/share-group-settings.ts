import type { ShareLimits } from "@millrace/coordinators";
import { type ClusterImage, configsOf } from "@millrace/metadata";

import type { BrokerConfig } from "../config/index.ts";
import { resolveGroupConfig } from "../config/group-config.ts";

/** What a share group runs with at a leader. */
export interface ShareGroupSettings {
  readonly limits: ShareLimits;
  readonly recordLockDurationMs: number;
  readonly isReadCommitted: boolean;
  readonly isRenewEnabled: boolean;
  /** Where a partition begins that the group never read; a duration counts back from now. */
  readonly offsetReset: "earliest" | "latest" | { readonly durationMs: number };
  /** Empty when there is no dead-letter topic. */
  readonly deadLetterTopic: string;
  /** Key, value and headers are copied, not only where they stand. */
  readonly copiesRecords: boolean;
}

type Overrides = ReturnType<typeof configsOf>;

/** Gives the settings of share groups, worked out once for each state of the configuration. */
export class ShareGroupConfigs {
  readonly #config: () => BrokerConfig;
  readonly #image: () => ClusterImage;
  #known = new WeakMap<Overrides, ShareGroupSettings>();
  #broker: BrokerConfig | undefined;

  constructor(config: () => BrokerConfig, image: () => ClusterImage) {
    this.#config = config;
    this.#image = image;
  }

  of(groupId: string): ShareGroupSettings {
    const broker = this.#config();
    if (this.#broker !== broker) {
      this.#broker = broker;
      this.#known = new WeakMap();
    }
    const overrides = configsOf(this.#image().configs, { type: "group", name: groupId });
    let settings = this.#known.get(overrides);
    if (settings === undefined) {
      settings = settingsOf(overrides, broker);
      this.#known.set(overrides, settings);
    }
    return settings;
  }
}

/** A group's own values are kept within the broker's limits, which may be younger. */
function settingsOf(overrides: Overrides, broker: BrokerConfig): ShareGroupSettings {
  const group = resolveGroupConfig(overrides, broker);
  const within = (value: number, min: number, max: number): number =>
    Math.min(Math.max(value, min), max);
  return {
    limits: {
      deliveryCountMax: within(
        group.shareDeliveryCountLimit,
        broker.groupShareMinDeliveryCountLimit,
        broker.groupShareMaxDeliveryCountLimit,
      ),
      recordLocksMax: within(
        group.sharePartitionMaxRecordLocks,
        broker.groupShareMinPartitionMaxRecordLocks,
        broker.groupShareMaxPartitionMaxRecordLocks,
      ),
    },
    recordLockDurationMs: within(
      group.shareRecordLockDurationMs,
      broker.groupShareMinRecordLockDurationMs,
      broker.groupShareMaxRecordLockDurationMs,
    ),
    isReadCommitted: group.shareIsolationLevel === "read_committed",
    isRenewEnabled: group.shareRenewAcknowledgeEnable,
    offsetReset: offsetResetOf(group.shareAutoOffsetReset),
    deadLetterTopic: group.errorsDeadletterqueueTopicName,
    copiesRecords: group.errorsDeadletterqueueCopyRecordEnable,
  };
}

const durationPrefix = "by_duration:";

function offsetResetOf(text: string): ShareGroupSettings["offsetReset"] {
  if (text === "earliest") return "earliest";
  if (!text.startsWith(durationPrefix)) return "latest";
  return { durationMs: durationMsOf(text.slice(durationPrefix.length)) };
}

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Milliseconds of an ISO 8601 duration in Java's form, as `P1DT2H3M4.5S`. */
export function durationMsOf(text: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(text);
  const [, days, hours, minutes, seconds] = match ?? [];
  return Math.round(
    Number(days ?? 0) * dayMs +
      Number(hours ?? 0) * hourMs +
      Number(minutes ?? 0) * minuteMs +
      Number(seconds ?? 0) * secondMs,
  );
}
