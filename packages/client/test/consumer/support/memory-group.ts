import type { KafkaError } from "../../../src/errors/kafka-error.ts";
import type { Group, PartitionOffset } from "../../../src/group/membership.ts";

/** A group whose coordinator is the test: offsets in memory, and what happened. */
export class MemoryGroup implements Group {
  readonly committed = new Map<string, PartitionOffset>();
  readonly events: string[] = [];
  commitError: KafkaError | undefined;
  /** What a commit waits for, with the signal that may end it. */
  commitGate: ((signal: AbortSignal | undefined) => Promise<void>) | undefined;
  owned: { topic: string; partition: number }[] = [];

  readonly offsets: Group["offsets"] = {
    commit: async (offsets, options) => {
      await this.commitGate?.(options?.signal);
      if (this.commitError !== undefined) throw this.commitError;
      for (const one of offsets) this.committed.set(`${one.topic}-${one.partition}`, one);
      this.events.push(`commit ${offsets.map(({ offset }) => offset).join(" ")}`);
    },
    fetch: (partitions) =>
      Promise.resolve(
        partitions
          .map(({ topic, partition }) => this.committed.get(`${topic}-${partition}`))
          .filter((one) => one !== undefined),
      ),
  };

  readonly membership: Group["membership"] = {
    subscribe: () => this.events.push("subscribe"),
    unsubscribe: () => Promise.resolve(),
    assignment: () => this.owned,
    metadata: () => ({
      groupId: "group",
      generationId: 1,
      memberId: "member",
      groupInstanceId: undefined,
    }),
    pollActivity: () => this.events.push("poll"),
    enforceRebalance: (reason) => this.events.push(`rebalance ${reason}`),
    health: () => ({
      state: "stable",
      protocol: "classic",
      lastHeartbeatAtMs: 0,
      lastRebalanceAtMs: 0,
      rebalanceCount: 1,
      coordinator: 1,
      error: undefined,
    }),
    close: () => {
      this.events.push("close");
      return Promise.resolve();
    },
  };
}
