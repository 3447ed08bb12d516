import type { DeadLetterRange } from "@millrace/coordinators";
import type { Clock, Logger } from "@millrace/platform";
import { type ClusterImage, configsOf, type Controller } from "@millrace/metadata";

import type { BrokerConfig } from "../config/index.ts";
import { resolveTopicConfig } from "../config/topic-config.ts";
import type { Deadlines } from "../replication/deadlines.ts";
import type { Partition } from "../replication/partition.ts";
import type { ReplicaSet } from "../replication/replica-set.ts";
import { buildDeadLetters, readSourceRecords } from "./dead-letter-records.ts";
import type { LocalSharePartition } from "./local-share-partition.ts";
import type { ShareGroupSettings } from "./share-group-settings.ts";
import type { ShareMetrics } from "./share-metrics.ts";

/** What copies dead letters. */
export interface DeadLettersOptions {
  readonly replicas: ReplicaSet;
  readonly image: () => ClusterImage;
  readonly config: () => BrokerConfig;
  readonly controller: Pick<Controller, "createTopics">;
  readonly settings: (groupId: string) => ShareGroupSettings;
  readonly deadlines: Deadlines;
  readonly clock: Clock;
  readonly metrics: ShareMetrics;
  readonly logger: Logger;
  /** A share partition has no dead letters left. */
  readonly onDone: (local: LocalSharePartition) => void;
}

/** A failed attempt is repeated after this long, then after twice as long … */
const backoffMsMin = 1000;
/** … and in the end once in this time. */
const backoffMsMax = 60_000;

/** Where dead letters go, or why they cannot. */
type Target =
  | { readonly partition: Partition; readonly maxBytes: number }
  | { readonly why: string };

/**
 * Copies the records that a share group rejected or gave up to its dead-letter topic (KIP-1191).
 *
 * A record is archived only after its copy is committed; until then it is held back, and attempts
 * are repeated for as long as the group names a dead-letter topic. A restart between the copy and
 * the archiving copies once more. Records of one share partition are copied one after the other.
 */
export class DeadLetters {
  readonly #options: DeadLettersOptions;
  readonly #running = new Set<LocalSharePartition>();
  #isStopped = false;

  constructor(options: DeadLettersOptions) {
    this.#options = options;
  }

  /** Copies what waits for it in a share partition; without effect while that is under way. */
  copy(local: LocalSharePartition): void {
    if (this.#running.has(local)) return;
    this.#running.add(local);
    this.#copyAll(local)
      .catch((error: unknown) => {
        this.#options.logger.error("copying dead letters failed", { ...nameOf(local), error });
      })
      .finally(() => {
        this.#running.delete(local);
        this.#options.onDone(local);
      });
  }

  /** Begins nothing any more. */
  stop(): void {
    this.#isStopped = true;
  }

  async #copyAll(local: LocalSharePartition): Promise<void> {
    let backoffMs = backoffMsMin;
    while (!this.#isStopped && local.isCurrent) {
      const [range, ...others] = local.state?.takeDeadLetters() ?? [];
      if (range === undefined) return;
      for (const other of others) local.state?.returnDeadLetters(other);
      const why = await this.#copyRange(local, range);
      if (why === undefined) {
        backoffMs = backoffMsMin;
        continue;
      }
      local.state?.returnDeadLetters(range);
      this.#options.metrics.failedDeadLetters.add(1);
      this.#options.logger.warn("dead letters are held back", { ...nameOf(local), why, backoffMs });
      await this.#pause(backoffMs);
      backoffMs = Math.min(backoffMsMax, backoffMs * 2);
    }
  }

  #pause(delayMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#options.deadlines.add(delayMs, () => resolve(undefined));
    return promise;
  }

  /** @returns why it failed; undefined when all of the range is settled. */
  async #copyRange(
    local: LocalSharePartition,
    range: DeadLetterRange,
  ): Promise<string | undefined> {
    const { deadLetterTopic, copiesRecords } = this.#options.settings(local.groupId);
    if (deadLetterTopic === "") {
      // The group had a topic when the records were given up, and has none any more.
      this.#options.logger.warn("records are archived without a copy", {
        ...nameOf(local),
        firstOffset: range.firstOffset,
        lastOffset: range.lastOffset,
      });
      await local.settleDeadLetters(range);
      return undefined;
    }
    let left = range;
    while (left.firstOffset <= range.lastOffset) {
      const target = await this.#target(deadLetterTopic, local.partition);
      if ("why" in target) return target.why;
      const read = copiesRecords
        ? await readSourceRecords(local.partition, left)
        : { records: new Map(), lastOffset: left.lastOffset };
      const batch = buildDeadLetters(
        { ...left, lastOffset: Math.max(left.firstOffset, read.lastOffset) },
        { groupId: local.groupId, partition: local.partition, records: read.records },
        { maxBytes: target.maxBytes, timestampMs: this.#options.clock.nowMs() },
      );
      const why = await append(target.partition, batch.bytes);
      if (why !== undefined) return why;
      this.#options.metrics.deadLetters.add(batch.recordsCount);
      const { lastOffset } = batch;
      await local.settleDeadLetters({ ...left, lastOffset });
      left = { ...left, firstOffset: lastOffset + 1 };
    }
    return undefined;
  }

  async #target(topic: string, source: Partition): Promise<Target> {
    const prefix = this.#options.config().errorsDeadletterqueueTopicNamePrefix;
    if (!topic.startsWith(prefix)) {
      return { why: `${topic} does not begin with errors.deadletterqueue.topic.name.prefix` };
    }
    if (topic.startsWith("__") || topic === source.topic) {
      return { why: `${topic} can be no dead-letter topic of ${source.topic}` };
    }
    const error = await this.#ensureTopic(topic);
    if (error !== undefined) return { why: error };
    const image = this.#options.image();
    const count = image.topics.byName.get(topic)?.partitions.length ?? 0;
    const overrides = configsOf(image.configs, { type: "topic", name: topic });
    const config = resolveTopicConfig(overrides, this.#options.config());
    if (!config.errorsDeadletterqueueGroupEnable) {
      return { why: `${topic} has not errors.deadletterqueue.group.enable=true` };
    }
    if (count === 0) return { why: `${topic} is not there` };
    const partition = this.#options.replicas.leader(image, topic, source.index % count);
    if (typeof partition === "string") return { why: `${topic}: ${partition}` };
    return { partition, maxBytes: config.maxMessageBytes };
  }

  /** @returns why there is no such topic; undefined when it is in the image. */
  async #ensureTopic(topic: string): Promise<string | undefined> {
    const { image, config, controller } = this.#options;
    if (image().topics.byName.has(topic)) return undefined;
    if (!config().errorsDeadletterqueueAutoCreateTopicsEnable) return `${topic} is not there`;
    const outcome = await controller.createTopics({
      validateOnly: false,
      topics: [
        {
          name: topic,
          numPartitions: config().numPartitions,
          replicationFactor: config().defaultReplicationFactor,
          assignments: [],
          configs: [{ name: "errors.deadletterqueue.group.enable", value: "true" }],
        },
      ],
    });
    if (outcome.kind === "refused") return `${topic}: ${outcome.error}`;
    const error = outcome.value[0]?.error ?? "UNKNOWN_SERVER_ERROR";
    // Another share partition's record may have been first.
    return error === "NONE" || error === "TOPIC_ALREADY_EXISTS" ? undefined : `${topic}: ${error}`;
  }
}

/** Appends as a producer with acks=all does; resolves when the batch is committed. */
function append(partition: Partition, bytes: Buffer): Promise<string | undefined> {
  const outcome = partition.append({ bytes, origin: "client", isAcksAll: true });
  if (outcome.kind === "refused") return Promise.resolve(outcome.message);
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  partition.whenCommitted(outcome.lastOffset + 1, (failure) => resolve(failure));
  return promise;
}

function nameOf(local: LocalSharePartition): Readonly<Record<string, string | number>> {
  const { groupId, partition } = local;
  return { group: groupId, topic: partition.topic, partition: partition.index };
}
