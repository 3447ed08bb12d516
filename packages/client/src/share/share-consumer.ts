import type { Cluster } from "../cluster.ts";
import type { Deserializers } from "../consumer/consumer-record.ts";
import { deserializerOr } from "../consumer/record-reader.ts";
import { KafkaError } from "../errors/kafka-error.ts";
import type { MembershipHealth, TopicPartition } from "../group/membership.ts";
import { throwIfAborted } from "../retry/wait.ts";
import {
  type ResolvedShareOptions,
  resolveShareOptions,
  type ShareConsumerOptions,
} from "./share-options.ts";
import { ShareMembership } from "./share-membership.ts";
import type { AcknowledgementOutcome } from "./share-outcome.ts";
import type { SharePartition } from "./share-partition.ts";
import { ShareReader } from "./share-reader.ts";
import type { ShareRecord } from "./share-record.ts";

const closeTimeoutMsDefault = 30_000;

/** Hears what became of acknowledgements. */
export type AcknowledgedHandler = (outcome: AcknowledgementOutcome) => void;

let laneCount = 0;

/**
 * A consumer of a share group (KIP-932): a queue over Kafka's topics. Members share partitions;
 * each record is locked for one of them, which accepts it, gives it back, or rejects it.
 *
 *     for await (const record of share) {
 *       try { await handle(record.value); record.accept(); }
 *       catch { record.release(); }
 *     }
 */
export class ShareConsumer<K = Buffer | null, V = Buffer | null> implements AsyncDisposable {
  readonly #cluster: Cluster;
  readonly #options: ResolvedShareOptions;
  readonly #deserializers: Deserializers<K, V>;
  readonly #membership: ShareMembership;
  readonly #readers = new Map<number, ShareReader<K, V>>();
  readonly #handlers = new Set<AcknowledgedHandler>();
  readonly #lane: string;
  #assignment: readonly SharePartition[] = [];
  /** Records that are locked for this consumer and wait to be asked for. */
  #ready: ShareRecord<K, V>[] = [];
  #wake: (() => void) | undefined;
  /** How many loops wait for a record. */
  #waitingCount = 0;
  #fatal: KafkaError | undefined;
  #isClosed = false;
  #ended: Promise<void> | undefined;
  readonly #leaveClient: () => void;
  /** Implicit mode: what was handed over last; asking for the next one accepts it. */
  #current: ShareRecord<K, V> | undefined;
  /** The same of `take`. */
  #taken: readonly ShareRecord<K, V>[] = [];

  /** @throws KafkaError INVALID_OPTION */
  constructor(cluster: Cluster, options: ShareConsumerOptions<K, V>) {
    this.#cluster = cluster;
    this.#options = resolveShareOptions(options, cluster.options.clientRack);
    this.#deserializers = {
      key: deserializerOr(options.key),
      value: deserializerOr(options.value),
    };
    this.#leaveClient = cluster.beforeClose("reader", (limits) => this.close(limits));
    laneCount += 1;
    this.#lane = `share-${laneCount}`;
    const { groupId, clientRack: rackId } = this.#options;
    this.#membership = new ShareMembership(
      cluster,
      { groupId, rackId },
      {
        onAssignment: (partitions) => this.#onAssignment(partitions),
        onFatal: (error) => this.#fail(error),
      },
    );
  }

  /** Joins the group for these topics, or changes which. @throws KafkaError ILLEGAL_STATE */
  subscribe(topics: string | readonly string[]): void {
    this.#assertOpen();
    this.#fatal = undefined;
    this.#membership.subscribe(typeof topics === "string" ? [topics] : topics);
  }

  /** The partitions that this member reads; others may read the same. */
  assignment(): readonly TopicPartition[] {
    return this.#assignment.map(({ topic, partition }) => ({ topic, partition }));
  }

  health(): Omit<MembershipHealth, "protocol"> & { readonly bufferedCount: number } {
    const { protocol: _, ...health } = this.#membership.health();
    return { ...health, bufferedCount: this.#ready.length };
  }

  /**
   * Calls back with what became of acknowledgements, once per partition and request. Gives how to
   * end that.
   */
  onAcknowledged(handler: AcknowledgedHandler): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  /** Records as they come, for ever. */
  [Symbol.asyncIterator](): AsyncGenerator<ShareRecord<K, V>, void, undefined> {
    return this.records();
  }

  /**
   * Records as they come, until the signal ends it. In implicit mode asking for the next record
   * accepts the one before it; who leaves the loop otherwise (break, an error) gives it back.
   * @throws KafkaError what ended the membership, DESERIALIZATION_FAILED, CLIENT_CLOSED
   */
  async *records(
    options: { readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<ShareRecord<K, V>, void, undefined> {
    const { signal } = options;
    try {
      while (signal?.aborted !== true) {
        const record = await this.#next(signal);
        if (record === undefined) return;
        if (!(await this.#isReadable(record))) continue;
        this.#current = record;
        yield record;
        this.#acceptCurrent();
      }
    } finally {
      this.#releaseCurrent();
    }
  }

  /**
   * Gives what is there, at least one record, at most `maxRecords`; none once the wait is over. In
   * implicit mode it accepts what was taken before.
   * @throws KafkaError as `records`
   */
  async take(
    options: {
      readonly maxRecords?: number;
      readonly maxWaitMs?: number;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<readonly ShareRecord<K, V>[]> {
    throwIfAborted(options.signal, "taking records");
    for (const record of this.#taken) acceptUnlessSaid(record);
    this.#taken = [];
    const limit = new AbortController();
    const { maxWaitMs } = options;
    const timer =
      maxWaitMs === undefined
        ? undefined
        : this.#cluster.clock.setTimer(maxWaitMs, () => limit.abort());
    const signals = [limit.signal, ...(options.signal === undefined ? [] : [options.signal])];
    const signal = AbortSignal.any(signals);
    const records: ShareRecord<K, V>[] = [];
    const countMax = options.maxRecords ?? this.#options.maxPollRecords;
    try {
      while (records.length < countMax && (records.length === 0 || this.#ready.length > 0)) {
        const record = await this.#next(signal);
        if (record === undefined) break;
        if (await this.#isReadable(record)) records.push(record);
      }
    } finally {
      timer?.cancel();
    }
    if (this.#options.acknowledgement === "implicit") this.#taken = records;
    return records;
  }

  /** Sends the acknowledgements that wait, and resolves when they are answered. */
  async commit(): Promise<readonly AcknowledgementOutcome[]> {
    const outcomes: AcknowledgementOutcome[] = [];
    const stop = this.onAcknowledged((outcome) => outcomes.push(outcome));
    try {
      for (const record of this.#taken) acceptUnlessSaid(record);
      this.#taken = [];
      await Promise.all([...this.#readers.values()].map((reader) => reader.flush()));
    } finally {
      stop();
    }
    return outcomes;
  }

  /**
   * Sends the acknowledgements that wait, gives everything else back, and leaves the group. Java's
   * time-out of 30 s when none is given.
   */
  close(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#ended ??= this.#end(options.timeoutMs ?? closeTimeoutMsDefault).finally(() => {
      this.#leaveClient();
    });
    return this.#ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    this.#releaseCurrent();
    for (const record of this.#taken) releaseUnlessSaid(record);
    for (const record of this.#ready) record.release();
    this.#ready = [];
    this.#wakeAll();
    await Promise.all([...this.#readers.values()].map((reader) => reader.close(timeoutMs)));
    await this.#membership.leave({ timeoutMs });
  }

  /** The next record whose lock lasts; undefined when the wait has ended. */
  async #next(signal: AbortSignal | undefined): Promise<ShareRecord<K, V> | undefined> {
    for (;;) {
      if (this.#fatal !== undefined) throw this.#fatal;
      if (signal?.aborted === true || this.#isClosed) return undefined;
      const record = this.#ready.shift();
      if (record === undefined) {
        this.#waitingCount += 1;
        this.#wakeReaders();
        await this.#somethingHappens(signal);
        this.#waitingCount -= 1;
        continue;
      }
      if (this.#room() > 0) this.#wakeReaders();
      // Somebody else has it by now, or will.
      if (record.lockRemainingMs > 0) return record;
    }
  }

  async #isReadable(record: ShareRecord<K, V>): Promise<boolean> {
    const { key, value } = this.#deserializers;
    if (key.neverFails === true && value.neverFails === true) return true;
    try {
      await record.read();
      return true;
    } catch (error) {
      if (this.#options.unreadable === "reject") {
        record.reject();
        return false;
      }
      record.release();
      throw error;
    }
  }

  #acceptCurrent(): void {
    const record = this.#current;
    this.#current = undefined;
    if (record !== undefined && this.#options.acknowledgement === "implicit") {
      acceptUnlessSaid(record);
    }
  }

  #releaseCurrent(): void {
    const record = this.#current;
    this.#current = undefined;
    if (record !== undefined && this.#options.acknowledgement === "implicit") {
      releaseUnlessSaid(record);
    }
  }

  /**
   * How many more records to fetch: none while half of what is allowed waits, and none when nobody
   * asks, so that who is busy with its last record locks no others that somebody else could have.
   */
  #room(): number {
    const { maxPollRecords } = this.#options;
    const ready = this.#ready.length;
    if (ready === 0 && this.#waitingCount === 0) return 0;
    return ready * 2 > maxPollRecords ? 0 : maxPollRecords - ready;
  }

  #onAssignment(partitions: readonly SharePartition[]): void {
    this.#assignment = partitions;
    const { metadata } = this.#cluster;
    const byLeader = new Map<number, SharePartition[]>();
    let hasUnknown = false;
    for (const partition of partitions) {
      const topic = metadata.topic(partition.topic);
      const leader = topic?.partitions[partition.partition]?.leader ?? -1;
      if (leader < 0) {
        hasUnknown = true;
        continue;
      }
      const ofLeader = byLeader.get(leader) ?? [];
      ofLeader.push(partition);
      byLeader.set(leader, ofLeader);
    }
    if (hasUnknown) void metadata.refreshSoon("a share group assigned a partition without leader");
    if (this.#isClosed) return;
    for (const [node, ofLeader] of byLeader) this.#reader(node).read(ofLeader);
    for (const [node, reader] of this.#readers) if (!byLeader.has(node)) reader.read([]);
  }

  #reader(node: number): ShareReader<K, V> {
    const existing = this.#readers.get(node);
    if (existing !== undefined) return existing;
    const reader: ShareReader<K, V> = new ShareReader<K, V>({
      cluster: this.#cluster,
      node,
      memberId: this.#membership.memberId,
      options: this.#options,
      deserializers: this.#deserializers,
      lane: this.#lane,
      room: () => this.#room(),
      onRecords: (records) => {
        if (this.#isClosed) for (const record of records) record.release();
        else this.#ready.push(...records);
        this.#wakeAll();
      },
      onOutcome: (outcome) => {
        for (const handler of this.#handlers) handler(outcome);
      },
      onSessionLost: () => this.#dropFrom(node),
      onFatal: (error) => this.#fail(error),
    });
    this.#readers.set(node, reader);
    return reader;
  }

  /** Records that the broker unlocked with its session are somebody else's. */
  #dropFrom(node: number): void {
    const { metadata } = this.#cluster;
    this.#ready = this.#ready.filter(({ topic, partition }) => {
      return metadata.topic(topic)?.partitions[partition]?.leader !== node;
    });
  }

  #fail(error: KafkaError): void {
    this.#fatal = error;
    this.#wakeAll();
  }

  #wakeReaders(): void {
    for (const reader of this.#readers.values()) reader.wake();
  }

  #wakeAll(): void {
    this.#wake?.();
  }

  #somethingHappens(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const before = this.#wake;
      const wake = (): void => {
        signal?.removeEventListener("abort", wake);
        if (this.#wake === wake) this.#wake = undefined;
        // Several loops over one consumer wait for the same.
        before?.();
        resolve();
      };
      this.#wake = wake;
      signal?.addEventListener("abort", wake, { once: true });
    });
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new KafkaError("CLIENT_CLOSED", "the share consumer is closed");
  }
}

/** Not to be said twice: the application's own word counts. */
function acceptUnlessSaid(record: ShareRecord<unknown, unknown>): void {
  if (!record.isSettled) record.accept();
}

function releaseUnlessSaid(record: ShareRecord<unknown, unknown>): void {
  if (!record.isSettled) record.release();
}
