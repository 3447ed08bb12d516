import type { Clock, Logger } from "@millrace/platform";
import type { Cluster } from "../cluster.ts";
import { KafkaError } from "../errors/kafka-error.ts";
import type { Group, TopicPartition } from "../group/membership.ts";
import { abortedError, throwIfAborted } from "../retry/wait.ts";
import { ActivityWatch } from "./activity-watch.ts";
import type { AssignedPartition, ResetTarget } from "./assigned-partition.ts";
import { Assignment } from "./assignment.ts";
import { Committer } from "./committer.ts";
import type { CallOptions, ConsumerContext } from "./consumer-context.ts";
import type { HealthFacts, PartitionLag } from "./consumer-health.ts";
import type { Deserializers } from "./consumer-record.ts";
import { DeadLetters } from "./dead-letters.ts";
import { Fetcher } from "./fetcher.ts";
import { PositionResolver } from "./position-resolver.ts";
import { RebalanceListener } from "./rebalance-listener.ts";
import { RecordBuffer } from "./record-buffer.ts";
import { RecordReader } from "./record-reader.ts";
import type { ResolvedConsumerOptions } from "./resolved-consumer-options.ts";

/** What the parts are made with. */
export interface ConsumerPartsOptions<K, V> extends ConsumerContext {
  readonly options: ResolvedConsumerOptions;
  readonly deserializers: Deserializers<K, V>;
  /** Called when partitions are being taken away. */
  readonly onLeaving: (partitions: readonly AssignedPartition<K, V>[]) => void;
}

/** How long a close waits for its group, unless the caller says otherwise. Source: KIP-102. */
const CLOSE_TIMEOUT_MS = 30_000;

/** The parts of a consumer, put together. */
export class ConsumerParts<K, V> {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly options: ResolvedConsumerOptions;
  readonly group: Group | undefined;
  readonly buffer: RecordBuffer<K, V>;
  readonly assignment: Assignment<K, V>;
  readonly reader: RecordReader<K, V>;
  readonly activity: ActivityWatch;
  readonly committer: Committer;
  readonly deadLetters: DeadLetters;
  readonly rebalances: RebalanceListener<K, V>;
  readonly fetcher: Fetcher<K, V>;
  isClosed = false;

  readonly #logger: Logger;
  readonly #abort = new AbortController();
  readonly #stopHearing: () => void;
  readonly #positionWaiters = new Set<() => void>();
  #loopEnd: (() => void) | undefined;

  constructor(given: ConsumerPartsOptions<K, V>) {
    const { cluster, options, deserializers } = given;
    const { clock } = cluster;
    this.cluster = cluster;
    this.clock = clock;
    this.options = options;
    this.#logger = cluster.logger.child("consumer");
    const logger = this.#logger;
    this.buffer = new RecordBuffer({ onRoom: () => this.fetcher.wake() });
    const { buffer } = this;
    const onChange = (): void => this.#changed();
    const { allowAutoCreateTopics } = options;
    this.assignment = new Assignment({ cluster, buffer, allowAutoCreateTopics, onChange });
    const { assignment } = this;
    this.deadLetters = new DeadLetters(options.groupId, given.makeDeadLetterSender);
    this.reader = new RecordReader({
      buffer,
      isEager: !(deserializers.key.neverFails && deserializers.value.neverFails),
      policy: options.unreadable,
      deadLetters: this.deadLetters,
      logger,
    });
    // The group and its listener know each other; nothing is called before both are there.
    const committer = (): Committer => this.committer;
    this.rebalances = new RebalanceListener({
      assignment,
      buffer,
      committer,
      logger,
      onLeaving: given.onLeaving,
      onChange,
    });
    this.group = openGroup(given, this.rebalances);
    this.committer = new Committer({
      clock,
      logger,
      offsets: this.group?.offsets,
      autoCommitIntervalMs: options.autoCommitIntervalMs,
      partitions: () => assignment.partitions,
    });
    this.activity = new ActivityWatch({
      clock,
      logger,
      maxPollIntervalMs: options.maxPollIntervalMs,
      onActivity: () => this.group?.membership.pollActivity(),
    });
    const positions = new PositionResolver({
      cluster,
      options,
      buffer,
      offsets: this.group?.offsets,
      onChange,
      signal: this.#abort.signal,
    });
    this.fetcher = new Fetcher({
      cluster,
      options,
      buffer,
      positions,
      deserializers,
      partitions: () => assignment.partitions.values(),
      signal: this.#abort.signal,
    });
    this.#stopHearing = cluster.metadata.onChange(onChange);
  }

  /** Begins to commit and to watch. */
  start(): void {
    this.committer.start();
    this.activity.start();
  }

  /** Has positions of partitions, or of all, asked for anew. */
  reset(places: readonly TopicPartition[] | undefined, target: ResetTarget): void {
    for (const partition of this.assignment.pick(places)) {
      this.buffer.drop(partition);
      partition.rewind();
      partition.awaitReset(target);
    }
    this.fetcher.wake();
  }

  /** The position of a partition, as soon as it has one. @throws KafkaError */
  async waitForPosition(place: TopicPartition, options: CallOptions): Promise<number> {
    const what = "asking for a position";
    const timeoutMs = options.timeoutMs ?? this.options.defaultApiTimeoutMs;
    let isLate = false;
    const timer = this.clock.setTimer(timeoutMs, () => {
      isLate = true;
      this.#changed();
    });
    const onAbort = (): void => this.#changed();
    options.signal?.addEventListener("abort", onAbort, { once: true });
    try {
      for (;;) {
        throwIfAborted(options.signal, what);
        if (this.isClosed) throw abortedError(this.#abort.signal, what);
        const partition = this.assignment.get(place);
        if (partition.hasPosition) return partition.position;
        if (isLate) throw new KafkaError("REQUEST_TIMED_OUT", "there is no position yet", place);
        await new Promise<void>((resolve) => this.#positionWaiters.add(resolve));
      }
    } finally {
      timer.cancel();
      options.signal?.removeEventListener("abort", onAbort);
    }
  }

  lag(): readonly PartitionLag[] {
    const isCommitted = this.options.isolation === "read_committed";
    return [...this.assignment.partitions.values()].map((one) => {
      const end = isCommitted ? one.lastStableOffset : one.highWatermark;
      const isKnown = end >= 0 && one.hasPosition;
      const { topic, partition, isPaused } = one;
      const lag = isKnown ? BigInt(Math.max(0, end - one.position)) : undefined;
      return { topic, partition, lag, isPaused };
    });
  }

  /** What health is judged by, without what the loop knows. */
  healthFacts(): Omit<HealthFacts, "handlers" | "isReading"> {
    const { group, options, activity, committer, buffer, reader } = this;
    const nowMs = this.clock.monotonicMs();
    const membership = group?.membership.health();
    const agoOf = (atMs: number): number | undefined =>
      atMs < 0 ? undefined : Math.round(nowMs - atMs);
    return {
      maxPollIntervalMs: options.maxPollIntervalMs,
      sessionTimeoutMs: options.sessionTimeoutMs,
      fetchMaxWaitMs: options.fetchMaxWaitMs,
      fetches: [...this.assignment.partitions.values()]
        .filter((one) => one.fetchFailingSinceMs >= 0 && !one.isLeaving)
        .map(({ topic, partition, fetchFailingSinceMs }) => ({
          topic,
          partition,
          failingMs: nowMs - fetchFailingSinceMs,
        })),
      lastPollAgoMs: activity.waiting > 0 ? 0 : Math.round(nowMs - activity.lastPollAtMs),
      lastHeartbeatAgoMs: agoOf(membership?.lastHeartbeatAtMs ?? -1),
      lastCommitAgoMs: agoOf(committer.lastCommitAtMs),
      assignment: [...this.assignment.partitions.values()].map(({ topic, partition }) => ({
        topic,
        partition,
      })),
      lag: this.lag(),
      bufferedBytes: buffer.sizeBytes,
      skippedCount: reader.skippedCount,
      membership,
      eventLoop: activity.eventLoop(),
    };
  }

  /** Tells a close that waits for it. */
  loopEnded(): void {
    this.#loopEnd?.();
  }

  /** Ends everything, within its time-out. */
  async close(
    options: CallOptions & { readonly leaveGroup?: boolean; readonly waitForRun?: boolean },
  ): Promise<void> {
    const { buffer, committer, assignment, group } = this;
    const timeoutMs = options.timeoutMs ?? CLOSE_TIMEOUT_MS;
    this.isClosed = true;
    const ended = options.waitForRun === true ? this.#waitForLoop(timeoutMs) : undefined;
    buffer.wake();
    await ended;
    // What a loop has in its hands is not finished, and must not hold up the group.
    for (const partition of assignment.partitions.values()) partition.outstanding = 0;
    committer.close();
    const limits = {
      timeoutMs,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    };
    const isMember = (group?.membership.assignment().length ?? 0) > 0;
    if (!isMember) await committer.commitFinished(assignment.partitions.values(), limits);
    const { leaveGroup } = options;
    await group?.membership.close({
      ...limits,
      ...(leaveGroup === undefined ? {} : { leaveGroup }),
    });
    this.activity.close();
    this.#stopHearing();
    this.fetcher.close();
    this.#abort.abort(new KafkaError("CLIENT_CLOSED", "the consumer is closed"));
    assignment.remove([...assignment.partitions.values()]);
    this.#changed();
  }

  #waitForLoop(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.clock.setTimer(timeoutMs, resolve);
      this.#loopEnd = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  #changed(): void {
    const waiters = [...this.#positionWaiters];
    this.#positionWaiters.clear();
    for (const resolve of waiters) resolve();
    if (!this.isClosed) this.fetcher.wake();
  }
}

function openGroup<K, V>(
  given: ConsumerPartsOptions<K, V>,
  listener: RebalanceListener<K, V>,
): Group | undefined {
  const { options, cluster } = given;
  if (options.groupId === undefined) return undefined;
  return given.openGroup(
    cluster,
    {
      groupId: options.groupId,
      groupProtocol: options.groupProtocol,
      groupInstanceId: options.groupInstanceId,
      sessionTimeoutMs: options.sessionTimeoutMs,
      heartbeatIntervalMs: options.heartbeatIntervalMs,
      maxPollIntervalMs: options.maxPollIntervalMs,
      defaultApiTimeoutMs: options.defaultApiTimeoutMs,
      rackId: options.clientRack,
      partitionAssignors: options.partitionAssignors,
      groupRemoteAssignor: options.groupRemoteAssignor,
      excludeInternalTopics: options.excludeInternalTopics,
      allowAutoCreateTopics: options.allowAutoCreateTopics,
    },
    listener,
  );
}
