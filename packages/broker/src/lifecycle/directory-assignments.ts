import type { Clock, Logger } from "@millrace/platform";
import { type Controller, directoryIds, type MetadataListener } from "@millrace/metadata";
import type { MetadataUpdate } from "@millrace/metadata";
import { isUuid, type Uuid } from "@millrace/protocol";
import type { LogDirectories } from "@millrace/storage";

import type { Partition } from "../replication/partition.ts";
import type { ReplicaSet } from "../replication/replica-set.ts";

/** What tells the controller where replicas lie. */
export interface DirectoryAssignmentsOptions {
  readonly controller: Controller;
  readonly replicas: ReplicaSet;
  readonly logs: LogDirectories;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly identity: () => { readonly brokerId: number; readonly brokerEpoch: number };
}

/** A refused report is tried again after this long. */
const retryMs = 1000;

/**
 * Tells the controller in which log directory each replica of this broker lies (KIP-858), where the
 * metadata says nothing or something else, so that a failed directory takes down what was in it and
 * nothing more. It is told of new metadata after the replicas are.
 */
export class DirectoryAssignments implements MetadataListener {
  readonly #options: DirectoryAssignmentsOptions;
  /** What is to be told: topic id and partition to directory. */
  #pending = new Map<string, { readonly partition: Partition; readonly topicId: Uuid }>();
  #isScheduled = false;
  #isClosed = false;

  constructor(options: DirectoryAssignmentsOptions) {
    this.#options = options;
  }

  onMetadata({ delta, image }: MetadataUpdate): void {
    const { replicas, identity } = this.#options;
    const { brokerId } = identity();
    const topics = [
      ...delta.topics.created,
      ...[...delta.topics.changed.values()].map((c) => c.after),
    ];
    for (const topic of topics) {
      const current = image.topics.byId.get(topic.id) ?? topic;
      for (const [index, state] of current.partitions.entries()) {
        const partition = replicas.partition(topic.name, index);
        const position = state.replicas.indexOf(brokerId);
        if (partition === undefined || position < 0) continue;
        const told = state.directories[position] ?? directoryIds.unassigned;
        if (told !== this.#directoryOf(partition)) this.report(partition);
      }
    }
  }

  /** Tells where a partition's log lies now: it is new, or it moved. */
  report(partition: Partition): void {
    const { topicId } = partition.log;
    if (topicId === undefined || !isUuid(topicId)) return;
    this.#pending.set(`${topicId}:${partition.index}`, { partition, topicId });
    this.#schedule(0);
  }

  /** Tells now what is to be told. */
  async flush(): Promise<void> {
    if (this.#pending.size > 0) await this.#send();
  }

  /** Tells no more. */
  close(): void {
    this.#isClosed = true;
  }

  #directoryOf(partition: Partition): Uuid | undefined {
    const { directoryId } = this.#options.logs.directoryOf(partition.log);
    return directoryId !== undefined && isUuid(directoryId) ? directoryId : undefined;
  }

  #schedule(delayMs: number): void {
    if (this.#isScheduled || this.#isClosed) return;
    this.#isScheduled = true;
    this.#options.clock.setTimer(delayMs, () => {
      this.#isScheduled = false;
      void this.#send();
    });
  }

  async #send(): Promise<void> {
    if (this.#isClosed || this.#pending.size === 0) return;
    const reports = [...this.#pending.values()];
    this.#pending = new Map();
    const { controller, identity, logger } = this.#options;
    const outcome = await controller.assignReplicasToDirs({
      ...identity(),
      directories: this.#byDirectory(reports),
    });
    if (outcome.kind === "done") return;
    logger.warn("the controller did not take the places of replicas", { error: outcome.error });
    for (const { partition } of reports) this.report(partition);
    this.#schedule(retryMs);
  }

  #byDirectory(
    reports: readonly { readonly partition: Partition; readonly topicId: Uuid }[],
  ): Parameters<Controller["assignReplicasToDirs"]>[0]["directories"] {
    const byDirectory = Map.groupBy(reports, ({ partition }) => this.#directoryOf(partition));
    return [...byDirectory].flatMap(([id, own]) => {
      if (id === undefined) return [];
      const byTopic = Map.groupBy(own, ({ topicId }) => topicId);
      const topics = [...byTopic].map(([topicId, partitions]) => ({
        topicId,
        partitions: partitions.map(({ partition }) => ({ partitionIndex: partition.index })),
      }));
      return [{ id, topics }];
    });
  }
}
