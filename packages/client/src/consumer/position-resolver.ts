import { errorName, type LeaderEpoch, OffsetForLeaderEpoch } from "@millrace/protocol";
import type { Cluster } from "../cluster.ts";
import { asKafkaError, errorFromCode, KafkaError } from "../errors/kafka-error.ts";
import type { OffsetStore } from "../group/membership.ts";
import { backoffMs } from "../retry/backoff.ts";
import type { AssignedPartition, ResetTarget } from "./assigned-partition.ts";
import { FetchFailure } from "./fetched-records.ts";
import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP, lookUpOffsets } from "./offset-lookup.ts";
import type { RecordBuffer } from "./record-buffer.ts";
import type { ResolvedConsumerOptions } from "./resolved-consumer-options.ts";

/** What positions are found with. */
export interface PositionResolverContext {
  readonly cluster: Cluster;
  readonly options: ResolvedConsumerOptions;
  readonly buffer: RecordBuffer;
  /** Where committed offsets are; undefined without a group. */
  readonly offsets: OffsetStore | undefined;
  /** Called when a partition has got a position, or may be asked for again. */
  readonly onChange: () => void;
  readonly signal: AbortSignal;
}

/**
 * Finds where to read: the group's committed offset, else where the reset policy says; and checks
 * after a change of leaders that the log was not cut below what was read (KIP-320).
 */
export class PositionResolver {
  readonly #context: PositionResolverContext;

  constructor(context: PositionResolverContext) {
    this.#context = context;
  }

  /** Starts whatever has to be asked for these partitions; `onChange` follows. */
  resolve(partitions: Iterable<AssignedPartition>): void {
    const nowMs = this.#context.cluster.clock.monotonicMs();
    const uncommitted: AssignedPartition[] = [];
    const unreset: AssignedPartition[] = [];
    const unvalidated: AssignedPartition[] = [];
    for (const partition of partitions) {
      if (partition.isBusy || partition.isLeaving || partition.hasFailure) continue;
      if (partition.notBeforeMs > nowMs) continue;
      if (partition.state === "initializing") uncommitted.push(partition);
      else if (partition.state === "await_reset") unreset.push(partition);
      else if (partition.state === "await_validation") unvalidated.push(partition);
    }
    this.#start(uncommitted, "finding committed offsets", (asked) => this.#initialize(asked));
    this.#start(unreset, "resetting offsets", (asked) => this.#reset(asked));
    this.#start(unvalidated, "validating positions", (asked) => this.#validate(asked));
  }

  /** Moves a partition to where the policy says, or fails when it says nowhere. */
  applyResetPolicy(partition: AssignedPartition, failure: () => KafkaError): void {
    const target = this.resetTarget();
    if (partition.hasPosition) partition.rewind();
    this.#context.buffer.drop(partition);
    if (target === undefined) this.#context.buffer.add(partition, failureAt(partition, failure()));
    else partition.awaitReset(target);
  }

  /** Where the policy says to begin; undefined: nowhere. */
  resetTarget(): ResetTarget | undefined {
    const { offsetReset } = this.#context.options;
    if (offsetReset === "none") return undefined;
    if (typeof offsetReset === "string") return offsetReset;
    // Never negative: those are places, not times.
    return { timestamp: Math.max(0, this.#context.cluster.clock.nowMs() - offsetReset.by) };
  }

  #start(
    partitions: readonly AssignedPartition[],
    what: string,
    work: (asked: readonly Asked[]) => Promise<void>,
  ): void {
    if (partitions.length === 0) return;
    const asked = partitions.map((partition) => ({ partition, version: partition.version }));
    for (const partition of partitions) partition.isBusy = true;
    const end = (): void => {
      for (const one of asked) if (isCurrent(one)) one.partition.isBusy = false;
      this.#context.onChange();
    };
    work(asked).then(end, (error: unknown) => {
      this.#fail(asked, asKafkaError(error, "UNKNOWN_SERVER_ERROR", { what }));
      end();
    });
  }

  /** Tries again later; an error that does not mend is told to the application once each time. */
  #fail(asked: readonly Asked[], error: KafkaError): void {
    const { signal, buffer } = this.#context;
    if (signal.aborted) return;
    for (const one of asked) if (isCurrent(one)) this.#delay(one.partition);
    if (!error.retriable && error.code !== "REQUEST_TIMED_OUT") buffer.fail(error);
  }

  #delay(partition: AssignedPartition): void {
    const { cluster } = this.#context;
    const { retryBackoffMs, retryBackoffMaxMs } = cluster.options;
    const backoff = { initialMs: retryBackoffMs, maxMs: retryBackoffMaxMs };
    const pauseMs = backoffMs(partition.failures, backoff, cluster.random);
    partition.failures += 1;
    partition.notBeforeMs = cluster.clock.monotonicMs() + pauseMs;
  }

  async #initialize(asked: readonly Asked[]): Promise<void> {
    const { offsets, signal, options } = this.#context;
    const partitions = asked.map(({ partition: { topic, partition } }) => ({ topic, partition }));
    const timeoutMs = options.defaultApiTimeoutMs;
    const committed =
      (await offsets?.fetch(partitions, { timeoutMs, signal, isStable: true })) ?? [];
    const byKey = new Map(committed.map((one) => [`${one.topic}-${one.partition}`, one]));
    for (const one of asked) {
      if (!isCurrent(one)) continue;
      const { partition } = one;
      const found = byKey.get(partition.key);
      if (found === undefined || found.offset < 0) {
        this.applyResetPolicy(partition, () => noOffset(partition));
      } else {
        partition.moveTo(found.offset, found.leaderEpoch);
        // Not over what was committed while this was asked for.
        if (partition.committed < 0) partition.noteCommit(found.offset);
      }
    }
  }

  async #reset(asked: readonly Asked[]): Promise<void> {
    const found = await this.#ask(asked, (one) => timestampOf(one.partition.resetTarget));
    // A time after the last record means the end.
    const tooYoung = asked.filter(({ partition }) => {
      const result = found.get(partition.key);
      return result !== undefined && !(result instanceof KafkaError) && result.offset < 0;
    });
    const ends =
      tooYoung.length === 0 ? undefined : await this.#ask(tooYoung, () => LATEST_TIMESTAMP);
    for (const one of asked) {
      const result = ends?.get(one.partition.key) ?? found.get(one.partition.key);
      if (result === undefined || !isCurrent(one)) continue;
      if (result instanceof KafkaError) this.#fail([one], result);
      else this.#moveToReset(one.partition, result);
    }
  }

  #moveToReset(
    partition: AssignedPartition,
    found: { readonly offset: number; readonly leaderEpoch: number },
  ): void {
    const { cluster } = this.#context;
    cluster.logger.debug("a position is reset", { partition: partition.key, offset: found.offset });
    partition.moveTo(found.offset, found.leaderEpoch);
    partition.validatedEpoch = leaderEpochOf(cluster, partition);
  }

  #ask(
    asked: readonly Asked[],
    timestamp: (one: Asked) => number,
  ): ReturnType<typeof lookUpOffsets> {
    const { cluster, options, signal } = this.#context;
    const queries = asked.map((one) => ({
      topic: one.partition.topic,
      partition: one.partition.partition,
      timestamp: timestamp(one),
    }));
    const timeoutMs = cluster.options.requestTimeoutMs;
    return lookUpOffsets(cluster, queries, { isolation: options.isolation, timeoutMs, signal });
  }

  async #validate(asked: readonly Asked[]): Promise<void> {
    const { cluster } = this.#context;
    const byLeader = Map.groupBy(asked, ({ partition }) => leaderOf(cluster, partition));
    await Promise.all(
      [...byLeader].map(async ([leader, group]) => {
        try {
          await this.#validateAt(leader, group);
        } catch (error) {
          const what = "validating positions";
          this.#fail(group, asKafkaError(error, "UNKNOWN_SERVER_ERROR", { what }));
          await cluster.metadata.refreshSoon(what);
        }
      }),
    );
  }

  async #validateAt(leader: number, asked: readonly Asked[]): Promise<void> {
    const { cluster, signal } = this.#context;
    if (leader < 0) throw new KafkaError("LEADER_NOT_AVAILABLE", "a position cannot be validated");
    const epochs = new Map(
      asked.map(({ partition }) => [partition, leaderEpochOf(cluster, partition)]),
    );
    const versions = await cluster.versionsOf(leader, OffsetForLeaderEpoch);
    if (versions === undefined) {
      // Too old to tell: Java skips the check, too.
      for (const one of asked) this.#validated(one, epochs.get(one.partition) ?? -1);
      return;
    }
    const topics = Map.groupBy(asked, ({ partition }) => partition.topic);
    const request = {
      replicaId: -1,
      topics: [...topics].map(([topic, group]) => ({
        topic,
        partitions: group.map(({ partition }) => ({
          partition: partition.partition,
          currentLeaderEpoch: epochs.get(partition) ?? -1,
          leaderEpoch: partition.fetchEpoch,
        })),
      })),
    };
    const { body } = await cluster.send(leader, OffsetForLeaderEpoch, request, { signal });
    const byKey = new Map(asked.map((one) => [one.partition.key, one]));
    for (const topic of body.topics) {
      for (const answer of topic.partitions) {
        const one = byKey.get(`${topic.topic}-${answer.partition}`);
        if (one === undefined || !isCurrent(one)) continue;
        if (errorName(answer.errorCode) !== "NONE") {
          const place = { topic: topic.topic, partition: answer.partition, node: leader };
          this.#fail(
            [one],
            errorFromCode(answer.errorCode, { ...place, api: "OffsetForLeaderEpoch" }),
          );
          void cluster.metadata.refreshSoon("a position could not be validated");
          continue;
        }
        if (!this.truncated(one.partition, answer.leaderEpoch, answer.endOffset)) {
          this.#validated(one, epochs.get(one.partition) ?? -1);
        }
      }
    }
  }

  #validated(one: Asked, epoch: LeaderEpoch): void {
    if (!isCurrent(one)) return;
    one.partition.validatedEpoch = epoch;
    one.partition.state = "fetching";
    one.partition.failures = 0;
  }

  /**
   * Looks at where the leader's log leaves the epoch that was read last; when it lies before the
   * position, the log was cut: goes back there, or without a reset policy tells the application.
   * @returns whether it was cut
   */
  truncated(partition: AssignedPartition, epoch: number, endOffset: number): boolean {
    const isUndefined = endOffset < 0 || epoch < 0;
    if (!isUndefined && endOffset >= partition.fetchOffset) return false;
    const { buffer, options, cluster } = this.#context;
    const { topic, fetchOffset } = partition;
    const where = isUndefined ? "before what it still knows" : `at offset ${endOffset}`;
    const what = `the log was cut ${where}, and was read up to offset ${fetchOffset}`;
    cluster.logger.warn("records that were read are no longer in the log", {
      partition: partition.key,
      readUpTo: fetchOffset,
      endOffset,
      epoch,
    });
    if (isUndefined || options.offsetReset === "none") {
      const place = { topic, partition: partition.partition };
      this.applyResetPolicy(partition, () => new KafkaError("LOG_TRUNCATION", what, place));
      return true;
    }
    buffer.drop(partition);
    partition.rewind();
    partition.moveTo(endOffset, epoch);
    return true;
  }
}

interface Asked {
  readonly partition: AssignedPartition;
  readonly version: number;
}

/** The leader that metadata names; -1 when there is none. */
export function leaderOf(cluster: Cluster, partition: AssignedPartition): number {
  return cluster.metadata.topic(partition.topic)?.partitions[partition.partition]?.leader ?? -1;
}

/** The leader's epoch that metadata names; -1 when it is not known. */
export function leaderEpochOf(cluster: Cluster, partition: AssignedPartition): LeaderEpoch {
  const topic = cluster.metadata.topic(partition.topic);
  return topic?.partitions[partition.partition]?.leaderEpoch ?? -1;
}

function isCurrent(asked: Asked): boolean {
  return asked.partition.isAssigned && asked.partition.version === asked.version;
}

function timestampOf(target: ResetTarget): number {
  if (target === "earliest") return EARLIEST_TIMESTAMP;
  return target === "latest" ? LATEST_TIMESTAMP : target.timestamp;
}

function failureAt(partition: AssignedPartition, error: KafkaError): FetchFailure {
  return new FetchFailure(error, partition.position);
}

function noOffset({ topic, partition }: AssignedPartition): KafkaError {
  const what = "the group has no committed offset";
  return new KafkaError("NO_OFFSET_FOR_PARTITION", what, { topic, partition });
}
