import { assert } from "@millrace/platform";
import type { AppendError, AppendOrigin } from "./append-outcome.ts";
import { batchHeader as header } from "@millrace/protocol";
import type { BatchMetadata, ProducerEntryImage } from "./producer-entry.ts";
import { ProducerEntry } from "./producer-entry.ts";

/** A transaction marker: the control record of an end of transaction. */
export interface EndTransactionMarker {
  readonly isCommit: boolean;
  readonly coordinatorEpoch: number;
}

/** A transaction that a marker ended. */
export interface CompletedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** The marker's offset. */
  readonly lastOffset: number;
  readonly isAborted: boolean;
}

/** A transaction that is open, or ended by a marker beyond the high watermark. */
interface Transaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** The marker's offset; -1 while it is open. */
  lastOffset: number;
}

/** All that a log knows of its producers, in a form that another thread can be given. */
export interface ProducersImage {
  readonly producers: readonly ProducerEntryImage[];
  readonly open: readonly Transaction[];
  readonly unreplicated: readonly Transaction[];
}

/** A verification under way (KIP-890). */
interface Verification {
  readonly guard: number;
  readonly timestampMs: number;
  lowestSequence: number;
  producerEpoch: number;
}

/** Why a batch of a producer is refused. */
export interface ProducerRefusal {
  readonly error: AppendError;
  readonly message: string;
}

/** How a batch is checked against its producer's state. */
export interface ProducerCheckOptions {
  readonly origin: AppendOrigin;
  readonly transactionVersion: number;
  readonly verificationGuard: number | undefined;
}

/**
 * Producers of one log and their transactions: knows a batch that comes again, finds gaps, and
 * knows up to where every transaction is decided. `check` changes nothing; `apply` follows once the
 * batch is in the log. Rebuilt from snapshots and batches.
 */
export class ProducerState {
  readonly #producers = new Map<number, ProducerEntry>();
  /** Open transactions by first offset; in that order, since they begin at the log's end. */
  #open = new Map<number, Transaction>();
  /** Ended transactions whose marker the high watermark has not passed. */
  #unreplicated: Transaction[] = [];
  readonly #verifications = new Map<number, Verification>();
  #lastGuard = 0;

  /** Takes up what `image` gave, perhaps in another thread. */
  static of(image: ProducersImage): ProducerState {
    const state = new ProducerState();
    state.restore(image);
    return state;
  }

  get producers(): Iterable<ProducerEntry> {
    return this.#producers.values();
  }

  get producerCount(): number {
    return this.#producers.size;
  }

  get isEmpty(): boolean {
    return this.#producers.size === 0 && this.#unreplicated.length === 0;
  }

  /** The first offset of a transaction that is open or not replicated; -1 when there is none. */
  get firstUnstableOffset(): number {
    let first = firstOf(this.#open)?.firstOffset ?? -1;
    for (const { firstOffset } of this.#unreplicated) {
      if (first < 0 || firstOffset < first) first = firstOffset;
    }
    return first;
  }

  /** Finds the batch again that a producer sends a second time. */
  findDuplicate(buffer: Buffer, position: number): BatchMetadata | undefined {
    const entry = this.#producers.get(header.producerIdNumber(buffer, position));
    return entry?.findDuplicate(buffer, position);
  }

  /** Whether a producer has a transaction open here with this epoch. */
  hasOpenTransaction(producerId: number, producerEpoch: number): boolean {
    const entry = this.#producers.get(producerId);
    return (
      entry !== undefined &&
      entry.transactionFirstOffset >= 0 &&
      entry.producerEpoch === producerEpoch
    );
  }

  /** Checks a batch that has a producer id; undefined when it may be written. */
  check(
    buffer: Buffer,
    position: number,
    options: ProducerCheckOptions,
  ): ProducerRefusal | undefined {
    if (options.origin === "replication") return undefined;
    const producerId = header.producerIdNumber(buffer, position);
    const producerEpoch = header.producerEpoch(buffer, position);
    const entry = this.#producers.get(producerId);
    const isMarker = header.isControl(buffer, position);
    if (header.isTransactional(buffer, position) && !isMarker) {
      const refusal = this.#checkVerified(producerId, producerEpoch, options);
      if (refusal !== undefined) return refusal;
    }
    const lastEpoch = entry?.producerEpoch ?? -1;
    const isOld =
      isMarker && options.transactionVersion >= 2
        ? producerEpoch <= lastEpoch
        : producerEpoch < lastEpoch;
    if (isOld) {
      return refuse(
        "INVALID_PRODUCER_EPOCH",
        `producer ${producerId} has epoch ${producerEpoch}, the log has seen ${lastEpoch}`,
      );
    }
    if (isMarker || options.origin !== "client") return undefined;
    return this.#checkSequence(buffer, position, entry) ?? checkOpen(buffer, position, entry);
  }

  /** Checks the coordinator's epoch of a marker. */
  checkMarker(producerId: number, marker: EndTransactionMarker): ProducerRefusal | undefined {
    const known = this.#producers.get(producerId)?.coordinatorEpoch ?? -1;
    if (known <= marker.coordinatorEpoch) return undefined;
    return refuse(
      "TRANSACTION_COORDINATOR_FENCED",
      `the marker of producer ${producerId} has coordinator epoch ${marker.coordinatorEpoch}, the log has seen ${known}`,
    );
  }

  /** Takes over a data batch that was written. */
  applyBatch(buffer: Buffer, position: number): void {
    const entry = this.#entryOf(header.producerIdNumber(buffer, position));
    const offsetDelta = header.lastOffsetDelta(buffer, position);
    const firstOffset = header.baseOffset(buffer, position);
    scratch.lastSequence = header.lastSequence(buffer, position);
    scratch.lastOffset = firstOffset + offsetDelta;
    scratch.offsetDelta = offsetDelta;
    scratch.timestampMs = header.maxTimestamp(buffer, position);
    entry.addBatch(scratch, header.producerEpoch(buffer, position));
    if (header.isTransactional(buffer, position) && entry.transactionFirstOffset < 0) {
      entry.transactionFirstOffset = firstOffset;
      const { producerId } = entry;
      this.#open.set(firstOffset, { producerId, firstOffset, lastOffset: -1 });
      this.#verifications.delete(producerId);
    }
  }

  /** Takes over a marker that was written; gives the transaction that it ended, if one was open. */
  applyMarker(
    buffer: Buffer,
    position: number,
    marker: EndTransactionMarker,
  ): CompletedTransaction | undefined {
    const producerId = header.producerIdNumber(buffer, position);
    const entry = this.#entryOf(producerId);
    const firstOffset = entry.transactionFirstOffset;
    entry.endTransaction({
      producerEpoch: header.producerEpoch(buffer, position),
      coordinatorEpoch: marker.coordinatorEpoch,
      timestampMs: header.maxTimestamp(buffer, position),
    });
    this.#verifications.delete(producerId);
    if (firstOffset < 0) return undefined;
    const lastOffset = header.baseOffset(buffer, position);
    return { producerId, firstOffset, lastOffset, isAborted: !marker.isCommit };
  }

  /** The last stable offset as it is once this transaction is complete. */
  stableOffsetAfter(completed: CompletedTransaction): number {
    for (const transaction of this.#open.values()) {
      if (transaction.producerId !== completed.producerId) return transaction.firstOffset;
    }
    return completed.lastOffset + 1;
  }

  /** Closes a transaction; it stays unstable until the high watermark passes its marker. */
  complete(completed: CompletedTransaction): void {
    const transaction = this.#open.get(completed.firstOffset);
    assert(transaction !== undefined, "a transaction ends that was not open");
    this.#open.delete(completed.firstOffset);
    transaction.lastOffset = completed.lastOffset;
    this.#unreplicated.push(transaction);
  }

  /** The high watermark, or the log's start, is here now. */
  releaseBelow(offset: number): void {
    if (this.#unreplicated.length === 0) return;
    this.#unreplicated = this.#unreplicated.filter(({ lastOffset }) => lastOffset >= offset);
  }

  /** Takes a producer over from a snapshot. */
  load(entries: readonly ProducerEntry[]): void {
    for (const entry of entries) {
      this.#producers.set(entry.producerId, entry);
      const { producerId, transactionFirstOffset: firstOffset } = entry;
      if (firstOffset >= 0)
        this.#open.set(firstOffset, { producerId, firstOffset, lastOffset: -1 });
    }
    const sorted = [...this.#open.entries()].sort(([left], [right]) => left - right);
    this.#open = new Map(sorted);
  }

  /** All of it but verifications, which live in requests. */
  image(): ProducersImage {
    return {
      producers: [...this.#producers.values()].map((entry) => entry.image()),
      open: [...this.#open.values()],
      unreplicated: this.#unreplicated,
    };
  }

  /** Becomes what another state was. */
  restore(image: ProducersImage): void {
    this.clear();
    for (const entry of image.producers) {
      this.#producers.set(entry.producerId, ProducerEntry.of(entry));
    }
    for (const transaction of image.open) {
      this.#open.set(transaction.firstOffset, { ...transaction });
    }
    this.#unreplicated = image.unreplicated.map((transaction) => ({ ...transaction }));
  }

  /** Forgets all. */
  clear(): void {
    this.#producers.clear();
    this.#open.clear();
    this.#unreplicated = [];
    this.#verifications.clear();
  }

  /** Forgets producers that wrote nothing for a time and have no transaction open. */
  expire(nowMs: number, expirationMs: number): void {
    for (const entry of this.#producers.values()) {
      if (isExpired(entry, nowMs, expirationMs)) this.#producers.delete(entry.producerId);
    }
    for (const [producerId, verification] of this.#verifications) {
      if (nowMs - verification.timestampMs >= expirationMs) this.#verifications.delete(producerId);
    }
  }

  /** Opens a verification, or finds the one that is open. */
  startVerification(producer: {
    readonly producerId: number;
    readonly producerEpoch: number;
    readonly baseSequence: number;
    readonly nowMs: number;
  }): number {
    const { producerId, producerEpoch, baseSequence, nowMs } = producer;
    const found = this.#verifications.get(producerId);
    if (found !== undefined && found.producerEpoch >= producerEpoch) {
      found.lowestSequence = Math.min(found.lowestSequence, baseSequence);
      return found.guard;
    }
    this.#lastGuard += 1;
    const guard = this.#lastGuard;
    const verification = { guard, timestampMs: nowMs, lowestSequence: baseSequence, producerEpoch };
    this.#verifications.set(producerId, verification);
    return guard;
  }

  #entryOf(producerId: number): ProducerEntry {
    let entry = this.#producers.get(producerId);
    if (entry === undefined) {
      entry = new ProducerEntry(producerId);
      this.#producers.set(producerId, entry);
    }
    return entry;
  }

  #checkVerified(
    producerId: number,
    producerEpoch: number,
    options: ProducerCheckOptions,
  ): ProducerRefusal | undefined {
    if (options.verificationGuard === undefined) return undefined;
    if (this.hasOpenTransaction(producerId, producerEpoch)) return undefined;
    const guard = this.#verifications.get(producerId)?.guard;
    if (guard !== undefined && guard === options.verificationGuard) return undefined;
    return refuse("INVALID_TXN_STATE", "the record was not part of an ongoing transaction");
  }

  #checkSequence(
    buffer: Buffer,
    position: number,
    entry: ProducerEntry | undefined,
  ): ProducerRefusal | undefined {
    const first = header.baseSequence(buffer, position);
    const producerEpoch = header.producerEpoch(buffer, position);
    const producerId = header.producerIdNumber(buffer, position);
    const verification = this.#verifications.get(producerId);
    if (verification !== undefined && first > verification.lowestSequence) {
      const seen = verification.lowestSequence;
      return outOfOrder(`producer ${producerId} sent ${first}, ${seen} is awaited first`);
    }
    // KIP-360: an unknown producer may start at any sequence; the log has forgotten it.
    if (entry === undefined || entry.producerEpoch < 0) return undefined;
    if (entry.producerEpoch !== producerEpoch) {
      if (first === 0) return undefined;
      return outOfOrder(`producer ${producerId} began epoch ${producerEpoch} with ${first}, not 0`);
    }
    const last = entry.lastSequence;
    if (first === last + 1 || (first === 0 && last === 0x7fffffff)) return undefined;
    return outOfOrder(`producer ${producerId} sent ${first} after ${last}`);
  }
}

const scratch: BatchMetadata = { lastSequence: 0, lastOffset: 0, offsetDelta: 0, timestampMs: 0 };

/** Whether a producer may be forgotten. */
export function isExpired(entry: ProducerEntry, nowMs: number, expirationMs: number): boolean {
  return entry.transactionFirstOffset < 0 && nowMs - entry.lastTimestampMs >= expirationMs;
}

function checkOpen(
  buffer: Buffer,
  position: number,
  entry: ProducerEntry | undefined,
): ProducerRefusal | undefined {
  if (entry === undefined || entry.transactionFirstOffset < 0) return undefined;
  if (header.isTransactional(buffer, position)) return undefined;
  return refuse("INVALID_TXN_STATE", `producer ${entry.producerId} has a transaction open`);
}

function firstOf(transactions: Map<number, Transaction>): Transaction | undefined {
  for (const transaction of transactions.values()) return transaction;
  return undefined;
}

function refuse(error: AppendError, message: string): ProducerRefusal {
  return { error, message };
}

function outOfOrder(message: string): ProducerRefusal {
  return refuse("OUT_OF_ORDER_SEQUENCE_NUMBER", message);
}
