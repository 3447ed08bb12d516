import type { AcknowledgementBatch } from "@millrace/coordinators";
import type { Clock, Logger, Metrics } from "@millrace/platform";
import type {
  ClusterImage,
  Controller,
  MetadataListener,
  MetadataUpdate,
} from "@millrace/metadata";
import type { ErrorName, Uuid } from "@millrace/protocol";

import type { BrokerConfig } from "../config/index.ts";
import type { Deadlines } from "../replication/deadlines.ts";
import type { ReplicaSet } from "../replication/replica-set.ts";
import { DeadLetters } from "./dead-letters.ts";
import { LocalSharePartition } from "./local-share-partition.ts";
import type { ShareStatePersister } from "./persister.ts";
import { ShareFetch, type ShareFetchOptions, type ShareFetchResult } from "./share-fetch.ts";
import { ShareGroupConfigs, type ShareGroupSettings } from "./share-group-settings.ts";
import { ShareMetrics } from "./share-metrics.ts";
import {
  type SharedPartition,
  sharedPartitionKey,
  type ShareSession,
  ShareSessions,
} from "./share-sessions.ts";
import type { KeptState } from "./share-state-writes.ts";

/** What the share groups of a broker work with. */
export interface SharePartitionManagerOptions {
  readonly replicas: ReplicaSet;
  readonly image: () => ClusterImage;
  readonly config: () => BrokerConfig;
  readonly persister: ShareStatePersister;
  readonly controller: Pick<Controller, "createTopics">;
  readonly deadlines: Deadlines;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** What a member fetches with a request. */
export interface ShareFetchRequestOptions
  extends Omit<
    ShareFetchOptions,
    "memberId" | "targets" | "deadlines" | "isGone" | "onExpired" | "isReadCommitted"
  > {
  readonly session: ShareSession;
  readonly image: ClusterImage;
  readonly partitions: readonly SharedPartition[];
  /** Whether the member may read a topic. */
  readonly mayRead: (topic: string) => boolean;
  /** The session's epoch: where in the row of partitions the fetch begins. */
  readonly rotation: number;
}

type GroupPartitions = Map<string, LocalSharePartition>;

/**
 * The share partitions that this broker leads, by group, and the sessions of their members. State
 * is read when a member first fetches, and forgotten with the group's last session here.
 */
export class SharePartitionManager implements MetadataListener {
  readonly #options: SharePartitionManagerOptions;
  readonly #configs: ShareGroupConfigs;
  readonly sessions: ShareSessions;
  readonly metrics: ShareMetrics;
  readonly #groups = new Map<string, GroupPartitions>();
  readonly #deadLetters: DeadLetters;

  constructor(options: SharePartitionManagerOptions) {
    this.#options = options;
    this.#configs = new ShareGroupConfigs(options.config, options.image);
    this.sessions = new ShareSessions(() => options.config().groupShareMaxShareSessions);
    this.metrics = new ShareMetrics(options.metrics);
    this.metrics.watchSessions(this.sessions);
    this.#deadLetters = new DeadLetters({
      ...options,
      metrics: this.metrics,
      settings: (groupId) => this.settings(groupId),
      onDone: (local) => this.#forgetUnused(local.groupId),
    });
  }

  /** What a group runs with now. */
  settings(groupId: string): ShareGroupSettings {
    return this.#configs.of(groupId);
  }

  /** A group's view of a partition, while a member here fetches it. */
  find(groupId: string, topicId: Uuid, partition: number): LocalSharePartition | undefined {
    return this.#groups.get(groupId)?.get(sharedPartitionKey({ topicId, partition }));
  }

  /** Acquires records for a member; waits for them as long as it said. */
  fetch(request: ShareFetchRequestOptions): Promise<readonly ShareFetchResult[]> {
    const { session, image, partitions, mayRead, rotation, ...limits } = request;
    const { groupId, memberId } = session;
    const targets = rotate(partitions, rotation).map((asked) => ({
      asked,
      target: this.#target(groupId, asked, { image, mayRead }),
    }));
    const isReadCommitted = this.settings(groupId).isReadCommitted;
    return new ShareFetch({
      ...limits,
      memberId,
      targets,
      isReadCommitted,
      deadlines: this.#options.deadlines,
      isGone: () => session.isClosed,
      onExpired: () => this.metrics.expiredFetches.add(1),
    }).run();
  }

  /** Takes a member's acknowledgements for one partition; resolves when they are kept. */
  async acknowledge(
    session: ShareSession,
    asked: SharedPartition,
    batches: readonly AcknowledgementBatch[],
  ): Promise<KeptState> {
    const local = this.find(session.groupId, asked.topicId, asked.partition);
    // Nobody can have acquired anything of it here.
    if (local === undefined) return { error: "UNKNOWN_TOPIC_OR_PARTITION", message: undefined };
    const kept = await local.acknowledge(session.memberId, batches);
    if (kept.error === "NONE") this.metrics.acknowledged(batches);
    return kept;
  }

  /** Ends a session: what its member holds is available again. */
  async endSession(session: ShareSession): Promise<void> {
    if (!this.sessions.remove(session)) return;
    const partitions = this.#groups.get(session.groupId);
    const held = session
      .partitions()
      .map((asked) => partitions?.get(sharedPartitionKey(asked)))
      .filter((local) => local !== undefined);
    await Promise.all(held.map((local) => local.release(session.memberId)));
    for (const local of held) local.waiters.wakeAll();
    this.#forgetUnused(session.groupId);
  }

  /** A connection closed: its sessions end. */
  disconnected(connection: object): void {
    for (const session of this.sessions.ofConnection(connection)) {
      this.metrics.sessionEvictions.add(1);
      this.endSession(session).catch((error: unknown) => {
        this.#options.logger.error("a share session could not be ended", {
          group: session.groupId,
          error,
        });
      });
    }
  }

  onMetadata(update: MetadataUpdate): void {
    const { deleted, changed } = update.delta.topics;
    for (const topic of deleted) this.metrics.remove(topic.name);
    if (deleted.length === 0 && changed.size === 0) return;
    for (const partitions of this.#groups.values()) {
      for (const local of partitions.values()) if (!local.isCurrent) this.#drop(local);
    }
  }

  /** Wakes those who wait, and holds nothing any more. */
  stop(): void {
    for (const partitions of this.#groups.values()) {
      for (const local of partitions.values()) local.fence();
    }
    this.#groups.clear();
    this.#deadLetters.stop();
  }

  #target(
    groupId: string,
    asked: SharedPartition,
    { image, mayRead }: Pick<ShareFetchRequestOptions, "image" | "mayRead">,
  ): LocalSharePartition | ErrorName {
    const topic = image.topics.byId.get(asked.topicId);
    if (topic === undefined) return "UNKNOWN_TOPIC_ID";
    if (!mayRead(topic.name)) return "TOPIC_AUTHORIZATION_FAILED";
    const partition = this.#options.replicas.leader(image, topic.name, asked.partition);
    if (typeof partition === "string") return partition;
    let partitions = this.#groups.get(groupId);
    if (partitions === undefined) {
      partitions = new Map();
      this.#groups.set(groupId, partitions);
    }
    const key = sharedPartitionKey(asked);
    const known = partitions.get(key);
    if (known?.isCurrent === true && known.partition === partition) return known;
    if (known !== undefined) this.#drop(known);
    const { persister, deadlines, clock } = this.#options;
    const made = new LocalSharePartition({
      groupId,
      topicId: asked.topicId,
      partition,
      persister,
      deadlines,
      metrics: this.metrics.partition(groupId, topic.name, asked.partition),
      settings: () => this.settings(groupId),
      monotonicMs: () => clock.monotonicMs(),
      nowMs: () => clock.nowMs(),
      onFenced: (local) => this.#drop(local),
      onDeadLetters: (local) => this.#deadLetters.copy(local),
    });
    this.#groups.get(groupId)?.set(key, made);
    return made;
  }

  #drop(local: LocalSharePartition): void {
    const partitions = this.#groups.get(local.groupId);
    const key = sharedPartitionKey({ topicId: local.topicId, partition: local.partition.index });
    if (partitions?.get(key) === local) partitions.delete(key);
    if (partitions?.size === 0) this.#groups.delete(local.groupId);
    local.fence();
  }

  /** A group without sessions here needs no state here, once what is under way is done. */
  #forgetUnused(groupId: string): void {
    if (this.sessions.countOf(groupId) > 0) return;
    for (const local of this.#groups.get(groupId)?.values() ?? []) {
      if (local.isIdle) this.#drop(local);
    }
  }
}

/** Each fetch of a session begins with another partition, so that none starves. */
function rotate<T>(items: readonly T[], by: number): readonly T[] {
  if (items.length < 2) return items;
  const start = Math.max(0, by) % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
