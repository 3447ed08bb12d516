import { errorName, type ResponseOf, ShareAcknowledge, ShareFetch } from "@millrace/protocol";
import type { Answer, Cluster } from "../cluster.ts";
import type { Deserializers } from "../consumer/consumer-record.ts";
import { asKafkaError, errorFromCode, type KafkaError } from "../errors/kafka-error.ts";
import { backoffMs } from "../retry/backoff.ts";
import { waitMs } from "../retry/wait.ts";
import { acquiredRecords } from "./acquired-records.ts";
import {
  type Acknowledged,
  type PartitionAcknowledgements,
  PendingAcknowledgements,
} from "./pending-acknowledgements.ts";
import type { ResolvedShareOptions } from "./share-options.ts";
import { type AcknowledgementOutcome, acknowledgementError, outcomeOf } from "./share-outcome.ts";
import { type SharePartition, sharePartitionKey } from "./share-partition.ts";
import type { ShareRecord } from "./share-record.ts";
import { ShareSession } from "./share-session.ts";

type Fetched = ResponseOf<typeof ShareFetch>;
type FetchedPartition = Fetched["responses"][number]["partitions"][number];

/** What a reader needs, and whom it tells. */
export interface ShareReaderParts<K, V> {
  readonly cluster: Cluster;
  readonly node: number;
  readonly memberId: string;
  readonly options: ResolvedShareOptions;
  readonly deserializers: Deserializers<K, V>;
  /** A connection of its own: the broker keeps the session as long as it lasts. */
  readonly lane: string;
  /** How many more records are wanted. */
  readonly room: () => number;
  readonly onRecords: (records: readonly ShareRecord<K, V>[]) => void;
  readonly onOutcome: (outcome: AcknowledgementOutcome) => void;
  /** The broker gave the records that it had locked to others, or will. */
  readonly onSessionLost: () => void;
  readonly onFatal: (error: KafkaError) => void;
}

/**
 * Reads the partitions of one leader: fetches while there is room, and takes acknowledgements
 * along, or sends them alone.
 */
export class ShareReader<K, V> {
  readonly #parts: ShareReaderParts<K, V>;
  readonly #session = new ShareSession();
  readonly #pending = new PendingAcknowledgements();
  readonly #abort = new AbortController();
  #wanted: ReadonlyMap<string, SharePartition> = new Map();
  #wake: (() => void) | undefined;
  #isFlushing = false;
  #inFlight: readonly PartitionAcknowledgements[] = [];
  #flushed: (() => void)[] = [];
  #done: Promise<void> | undefined;
  #isClosing = false;
  /**
   * The last fetch waited and brought nothing: the next one would keep acknowledgements waiting.
   */
  #isIdle = false;

  constructor(parts: ShareReaderParts<K, V>) {
    this.#parts = parts;
  }

  /** Reads these from now on. */
  read(wanted: readonly SharePartition[]): void {
    this.#wanted = new Map(
      wanted.map((one) => [sharePartitionKey(one.topicId, one.partition), one]),
    );
    this.#done ??= this.#run();
    this.wake();
  }

  /** There may be something to do: room for records, acknowledgements. */
  wake(): void {
    this.#wake?.();
  }

  /** Takes down what is said of a record. */
  acknowledge(partition: SharePartition, entry: Acknowledged): void {
    this.#pending.add(partition, entry);
    this.wake();
  }

  /** Sends what waits, and resolves when all of it is answered. */
  async flush(): Promise<void> {
    if (this.#pending.isEmpty && this.#inFlight.length === 0) return;
    this.#isFlushing = true;
    this.wake();
    await new Promise<void>((resolve) => this.#flushed.push(resolve));
  }

  /** Sends what waits, gives back everything else, and ends the session. */
  async close(timeoutMs: number): Promise<void> {
    if (this.#done === undefined || this.#isClosing) return this.#done;
    this.#isClosing = true;
    this.wake();
    const timer = this.#parts.cluster.clock.setTimer(timeoutMs, () => this.#abort.abort());
    await this.#done;
    timer.cancel();
  }

  async #run(): Promise<void> {
    const { cluster } = this.#parts;
    const { retryBackoffMs: initialMs, retryBackoffMaxMs: maxMs } = cluster.options;
    let failures = 0;
    const { signal } = this.#abort;
    while (!this.#isClosing && !signal.aborted) {
      const error = await this.#step();
      this.#settleFlush();
      failures = error === undefined ? 0 : failures + 1;
      if (error === undefined) continue;
      if (this.#isFatal(error)) return;
      await waitMs(cluster.clock, backoffMs(failures, { initialMs, maxMs }, cluster.random), signal)
        // Closing ends the pause.
        .catch(() => undefined);
    }
    if (this.#session.isOpen) await this.#acknowledge(true);
    this.#settleFlush();
  }

  #isFatal(error: KafkaError): boolean {
    if (error.retriable || sessionErrors.has(error.code) || this.#isClosing) return false;
    this.#abort.abort();
    this.#parts.onFatal(error);
    return true;
  }

  /** Does the most urgent thing; gives the error that calls for a pause. */
  #step(): Promise<KafkaError | undefined> {
    const room = this.#parts.room();
    const fetches = room > 0 && this.#wanted.size > 0;
    // An opening request takes no acknowledgements: what waits was locked by another session.
    if (!this.#session.isOpen) this.#fail(this.#pending.take(), "SHARE_SESSION_NOT_FOUND");
    if (!this.#pending.isEmpty) {
      const goAlone = this.#isFlushing || this.#pending.hasRenewals || this.#isIdle || !fetches;
      if (goAlone) return this.#lingerThenAcknowledge();
    }
    if (fetches) return this.#fetch(room);
    return this.#sleep();
  }

  async #lingerThenAcknowledge(): Promise<KafkaError | undefined> {
    const { cluster, options } = this.#parts;
    const { acknowledgeLingerMs } = options;
    if (!this.#isFlushing && !this.#isClosing && acknowledgeLingerMs > 0) {
      await waitMs(cluster.clock, acknowledgeLingerMs, this.#abort.signal).catch(() => undefined);
    }
    return this.#acknowledge(false);
  }

  #sleep(): Promise<undefined> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#wake = undefined;
        this.#abort.signal.removeEventListener("abort", wake);
        resolve(undefined);
      };
      this.#wake = wake;
      this.#abort.signal.addEventListener("abort", wake, { once: true });
    });
  }

  async #fetch(room: number): Promise<KafkaError | undefined> {
    const { cluster, node, options, memberId, lane } = this.#parts;
    const taken = this.#pending.take((key) => this.#wanted.has(key) && this.#session.has(key));
    this.#inFlight = taken;
    const request = {
      groupId: options.groupId,
      memberId,
      ...this.#session.fetch(this.#wanted, taken),
      maxWaitMs: options.fetchMaxWaitMs,
      minBytes: options.fetchMinBytes,
      maxBytes: options.fetchMaxBytes,
      maxRecords: room,
      batchSize: room,
      shareAcquireMode: options.acquireMode === "record_limit" ? 1 : 0,
    };
    const place = { api: "ShareFetch", node };
    try {
      const timeoutMs = cluster.options.requestTimeoutMs + options.fetchMaxWaitMs;
      const answer = await cluster.send(node, ShareFetch, request, { lane, timeoutMs });
      const { errorCode, errorMessage: brokerMessage } = answer.body;
      if (errorCode !== 0) throw errorFromCode(errorCode, { ...place, brokerMessage });
      this.#isIdle = answer.body.responses.every(({ partitions }) =>
        partitions.every(({ acquiredRecords: acquired }) => acquired.length === 0),
      );
      this.#takeIn(answer, taken);
      return undefined;
    } catch (thrown) {
      return this.#lose(thrown, taken, place);
    } finally {
      this.#inFlight = [];
    }
  }

  #takeIn({ body }: Answer<typeof ShareFetch>, taken: readonly PartitionAcknowledgements[]): void {
    const { cluster, node } = this.#parts;
    const lockedUntilMs = cluster.clock.monotonicMs() + body.acquisitionLockTimeoutMs;
    const refused = new Map<string, KafkaError>();
    for (const { topicId, partitions } of body.responses) {
      for (const one of partitions) {
        const key = sharePartitionKey(topicId, one.partitionIndex);
        const partition = this.#wanted.get(key);
        const acknowledged = taken.find((sent) => keyOf(sent.partition) === key)?.partition;
        const named = partition ?? acknowledged;
        if (named === undefined) continue;
        const about = { ...named, api: "ShareFetch", node };
        const code = {
          errorCode: one.acknowledgeErrorCode,
          errorMessage: one.acknowledgeErrorMessage,
        };
        const error = acknowledgementError(code, about);
        if (error !== undefined) refused.set(key, error);
        this.#takeInPartition(named, one, { lockedUntilMs, body });
      }
    }
    this.#report(taken, (key) => refused.get(key));
  }

  #takeInPartition(
    partition: SharePartition,
    one: FetchedPartition,
    { lockedUntilMs, body }: { readonly lockedUntilMs: number; readonly body: Fetched },
  ): void {
    const { cluster, deserializers, onRecords } = this.#parts;
    if (one.errorCode !== 0) this.#onPartitionError(partition, one, body);
    if (one.acquiredRecords.length === 0) return;
    const acknowledge = (entry: Acknowledged): void => this.acknowledge(partition, entry);
    try {
      onRecords(
        acquiredRecords({
          clock: cluster.clock,
          partition,
          bytes: one.records,
          acquired: one.acquiredRecords,
          lockedUntilMs,
          deserializers,
          acknowledge,
        }),
      );
    } catch (error) {
      // A damaged batch would be damaged for everybody else, too: it is rejected, as in Java.
      cluster.logger.error("a batch cannot be read and is rejected", { ...partition, error });
      for (const { firstOffset, lastOffset } of one.acquiredRecords) {
        for (let offset = firstOffset; offset <= lastOffset; offset += 1) {
          acknowledge({ offset, type: "reject" });
        }
      }
    }
  }

  #onPartitionError(partition: SharePartition, one: FetchedPartition, body: Fetched): void {
    const { metadata } = this.#parts.cluster;
    const { leaderId, leaderEpoch } = one.currentLeader;
    const endpoint = body.nodeEndpoints.find(({ nodeId }) => nodeId === leaderId);
    if (leaderId >= 0) {
      const learned = { topic: partition.topic, partition: partition.partition };
      const leader = { leader: leaderId, leaderEpoch };
      metadata.learnLeader({ ...learned, ...leader, ...(endpoint && { endpoint }) });
    }
    void metadata.refreshSoon(`ShareFetch was answered ${errorName(one.errorCode)}`);
  }

  async #acknowledge(isLast: boolean): Promise<KafkaError | undefined> {
    const { cluster, node, options, memberId, lane } = this.#parts;
    const hasRenewals = this.#pending.hasRenewals;
    const taken = this.#pending.take();
    this.#inFlight = taken;
    const place = { api: "ShareAcknowledge", node };
    try {
      const { body } = await cluster.send(
        node,
        ShareAcknowledge,
        {
          groupId: options.groupId,
          memberId,
          ...this.#session.acknowledge(taken, isLast),
          ...(hasRenewals ? { isRenewAck: true } : {}),
        },
        { lane, signal: this.#abort.signal, ...(hasRenewals ? { minVersion: 2 } : {}) },
      );
      const { errorCode, errorMessage: brokerMessage } = body;
      if (errorCode !== 0) throw errorFromCode(errorCode, { ...place, brokerMessage });
      const refused = new Map<string, KafkaError>();
      for (const { topicId, partitions } of body.responses) {
        for (const one of partitions) {
          const key = sharePartitionKey(topicId, one.partitionIndex);
          const sent = taken.find(({ partition }) => keyOf(partition) === key);
          const error = acknowledgementError(one, { ...placeOf(sent), ...place });
          if (error !== undefined) refused.set(key, error);
        }
      }
      this.#renewed(taken, refused, body.acquisitionLockTimeoutMs);
      this.#report(taken, (key) => refused.get(key));
      return undefined;
    } catch (thrown) {
      return this.#lose(thrown, taken, place);
    } finally {
      this.#inFlight = [];
    }
  }

  #renewed(
    taken: readonly PartitionAcknowledgements[],
    refused: ReadonlyMap<string, KafkaError>,
    lockTimeoutMs: number,
  ): void {
    for (const { partition, entries } of taken) {
      if (refused.has(keyOf(partition))) continue;
      for (const { onRenewed } of entries) onRenewed?.(lockTimeoutMs);
    }
  }

  /** The session is gone, with its locks: what was sent may or may not have been taken. */
  #lose(
    thrown: unknown,
    taken: readonly PartitionAcknowledgements[],
    place: { readonly api: string; readonly node: number },
  ): KafkaError {
    const what = `${place.api} failed`;
    const error = asKafkaError(thrown, "UNKNOWN_SERVER_ERROR", { ...place, what });
    this.#session.reset();
    this.#report(taken, () => error);
    this.#parts.onSessionLost();
    void this.#parts.cluster.metadata.refreshSoon(what);
    return error;
  }

  #fail(taken: readonly PartitionAcknowledgements[], code: "SHARE_SESSION_NOT_FOUND"): void {
    const what = "the share session ended before the acknowledgements were sent";
    const error = asKafkaError(new Error(what), code, { what: "not acknowledged" });
    this.#report(taken, () => error);
  }

  #report(
    taken: readonly PartitionAcknowledgements[],
    errorOf: (key: string) => KafkaError | undefined,
  ): void {
    for (const sent of taken) {
      const outcome = outcomeOf(sent, errorOf(keyOf(sent.partition)));
      if (outcome.offsets.length > 0) this.#parts.onOutcome(outcome);
    }
  }

  #settleFlush(): void {
    if (!this.#pending.isEmpty && this.#session.isOpen && !this.#abort.signal.aborted) return;
    this.#isFlushing = false;
    const flushed = this.#flushed;
    this.#flushed = [];
    for (const resolve of flushed) resolve();
  }
}

const sessionErrors: ReadonlySet<string> = new Set([
  "SHARE_SESSION_NOT_FOUND",
  "INVALID_SHARE_SESSION_EPOCH",
  "SHARE_SESSION_LIMIT_REACHED",
  "UNKNOWN_MEMBER_ID",
]);

function keyOf({ topicId, partition }: SharePartition): string {
  return sharePartitionKey(topicId, partition);
}

function placeOf(sent: PartitionAcknowledgements | undefined): {
  readonly topic: string;
  readonly partition: number;
} {
  return sent?.partition ?? { topic: "", partition: -1 };
}
