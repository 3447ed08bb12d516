import type { Cluster } from "../cluster.ts";
import type { Group, GroupOptions, MembershipListener } from "../group/membership.ts";
import type { RecordSender } from "./record-sender.ts";

/** What a consumer is made from, besides its options. */
export interface ConsumerContext {
  readonly cluster: Cluster;
  readonly openGroup: (
    cluster: Cluster,
    options: GroupOptions,
    listener: MembershipListener,
  ) => Group;
  /** Makes what sends dead letters; called when there is a first one. */
  readonly makeDeadLetterSender: () => RecordSender;
}

/** How long a call may take. */
export interface CallOptions {
  /** `defaultApiTimeoutMs` when not given. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}
