import { assert } from "@millrace/platform";

import { checkAcknowledgement, runsOf } from "./acknowledgement.ts";
import { acquireRecords, withoutBatches } from "./acquire.ts";
import { type InFlightRange, InFlightRanges, isFinal } from "./in-flight-ranges.ts";
import {
  acknowledgeTypes,
  type AcknowledgeOptions,
  type AcquiredRange,
  type AcquireRequest,
  type DeadLetterRange,
  type PersistedShareState,
  recordStateIds,
  type RecordState,
  type RefusedAcknowledgement,
  type ShareLimits,
  type ShareStateWrite,
  type StateBatch,
  type TakenAcknowledgement,
} from "./share-types.ts";

/** What ends a delivery is judged by this. */
export interface EndOfDelivery {
  readonly limits: ShareLimits;
  /** See AcknowledgeOptions. */
  readonly hasDeadLetters: boolean;
}

/** Locks that ran out. */
export interface ExpiredLocks {
  /** Ranges whose lock ran out. */
  readonly count: number;
  readonly write: ShareStateWrite | undefined;
}

/**
 * One partition of a topic as one share group sees it (KIP-932): which records from the start
 * offset on are acquired, by whom and until when, and which are done with.
 *
 * Pure: time comes in with the calls, and what must be kept comes out as a ShareStateWrite, which
 * the caller keeps and then reports to `complete`. A record in a write under way can neither be
 * acquired nor acknowledged. Locks are not kept: what was acquired is available after a restart.
 */
export class SharePartition {
  readonly #ranges = new InFlightRanges();
  #startOffset: number;
  #nextOffset: number;
  #lastWriteId = 0;
  /** Records before the next offset may have become available again. */
  #mayHaveAvailable = false;

  /** Takes up what the share coordinator kept; the start offset must be known by now. */
  constructor(state: PersistedShareState) {
    this.#startOffset = state.startOffset;
    this.#nextOffset = state.startOffset;
    for (const batch of state.stateBatches) this.#restore(batch);
    this.#mayHaveAvailable = this.#ranges.size > 0;
    this.#advanceStart();
  }

  /** The first offset that is not done with. */
  get startOffset(): number {
    return this.#startOffset;
  }

  /** The first offset that was never fetched. */
  get nextOffset(): number {
    return this.#nextOffset;
  }

  /**
   * Records between the two, whatever they came to: what `share.partition.max.record.locks` bounds.
   */
  get inFlightCount(): number {
    return this.#nextOffset - this.#startOffset;
  }

  /** Ranges that stand alike: what the state costs in memory. */
  get rangeCount(): number {
    return this.#ranges.size;
  }

  /** Records from the start offset on that are done with. */
  get deliveryCompleteCount(): number {
    return this.#ranges.completeCount;
  }

  /** Where the next read begins: at the first record that is available again, else at new ones. */
  nextFetchOffset(): number {
    if (!this.#mayHaveAvailable) return this.#nextOffset;
    for (const range of this.#ranges.all()) {
      if (range.state === "available" && range.writeId === 0) return range.firstOffset;
    }
    this.#mayHaveAvailable = false;
    return this.#nextOffset;
  }

  /** Whether a read could lead to a record that may be acquired. */
  canAcquire(limits: ShareLimits): boolean {
    if (this.nextFetchOffset() !== this.#nextOffset) return true;
    return this.inFlightCount < limits.recordLocksMax;
  }

  /** Acquires for a member what a read found; nothing is kept of it. */
  acquire(request: AcquireRequest): readonly AcquiredRange[] {
    const firstBatch = request.batches[0];
    if (firstBatch === undefined || request.maxRecords <= 0) return [];
    // What was to be fetched and is not there has left the log by compaction.
    this.#archiveAvailable(request.fetchOffset, firstBatch.baseOffset);
    this.#advanceStart();
    const { acquired, nextOffset } = acquireRecords(
      { ranges: this.#ranges, nextOffset: this.#nextOffset, startOffset: this.#startOffset },
      request,
    );
    if (nextOffset > this.#nextOffset) {
      this.#nextOffset = nextOffset;
      if (request.mode === "record_limit") this.#mayHaveAvailable = true;
      this.#advanceStart();
    }
    if (request.abortedBatches.length === 0) return acquired;
    for (const batch of request.abortedBatches) {
      this.#archiveHeld(request.memberId, batch.baseOffset, batch.lastOffset);
    }
    this.#advanceStart();
    return withoutBatches(acquired, request.abortedBatches);
  }

  /** Takes a member's acknowledgements of one request, all of them or none. */
  acknowledge(options: AcknowledgeOptions): TakenAcknowledgement | RefusedAcknowledgement {
    const { memberId, batches, lockedUntilMs } = options;
    const startOffset = this.#startOffset;
    const refusal = checkAcknowledgement(this.#ranges, { memberId, batches, startOffset });
    if (refusal !== undefined) return refusal;
    const draft = this.#draft();
    for (const batch of batches) {
      for (const run of runsOf(batch, this.#startOffset)) {
        const { start, end } = this.#ranges.isolate(run.firstOffset, run.lastOffset);
        for (let index = start; index < end; index += 1) {
          const range = this.#rangeAt(index);
          if (run.type === acknowledgeTypes.renew) range.lockedUntilMs = lockedUntilMs;
          else this.#begin(range, draft, outcomeOf(run.type, range, options));
        }
      }
    }
    return { kind: "taken", write: this.#finish(draft) };
  }

  /** Gives back everything that a member holds, as if it had released it record by record. */
  release(memberId: string, end: EndOfDelivery): ShareStateWrite | undefined {
    const draft = this.#draft();
    for (const range of this.#ranges.all()) {
      if (range.state !== "acquired" || range.memberId !== memberId) continue;
      this.#begin(range, draft, outcomeOf(acknowledgeTypes.release, range, end));
    }
    return this.#finish(draft);
  }

  /** When the next lock runs out; undefined when none is held. */
  nextLockDeadlineMs(): number | undefined {
    let deadlineMs: number | undefined;
    for (const range of this.#ranges.all()) {
      if (range.state !== "acquired" || range.writeId !== 0) continue;
      if (deadlineMs === undefined || range.lockedUntilMs < deadlineMs) {
        deadlineMs = range.lockedUntilMs;
      }
    }
    return deadlineMs;
  }

  /** Ends the locks whose time has come. They end even if the write is not kept. */
  expire(nowMs: number, end: EndOfDelivery): ExpiredLocks {
    const draft = this.#draft();
    let count = 0;
    for (const range of this.#ranges.all()) {
      if (range.state !== "acquired" || range.writeId !== 0) continue;
      if (range.lockedUntilMs > nowMs) continue;
      count += 1;
      const { state, cause } = outcomeOf(acknowledgeTypes.release, range, end);
      this.#ranges.setState(range, state);
      if (cause !== undefined) range.cause = cause;
      this.#letGo(range);
      addBatch(draft.batches, range);
    }
    if (count > 0) this.#mayHaveAvailable = true;
    return { count, write: this.#finish(draft) };
  }

  /** A write was kept, or could not be: then acknowledgements are undone. */
  complete(write: ShareStateWrite, isKept: boolean): void {
    const firstOffset = write.batches[0]?.firstOffset ?? 0;
    const lastOffset = write.batches.at(-1)?.lastOffset ?? 0;
    for (let index = this.#ranges.indexFrom(firstOffset); ; index += 1) {
      const range = this.#ranges.at(index);
      if (range === undefined || range.firstOffset > lastOffset) break;
      if (range.writeId !== write.id) continue;
      range.writeId = 0;
      if (isKept) this.#letGo(range);
      else this.#undo(range);
    }
    this.#mayHaveAvailable = true;
    this.#ranges.merge(firstOffset, lastOffset);
    this.#advanceStart();
  }

  /** The log begins later now: what lies before cannot be delivered. */
  logStartMoved(logStartOffset: number): void {
    if (logStartOffset <= this.#startOffset) return;
    this.#ranges.removeBefore(logStartOffset);
    this.#startOffset = logStartOffset;
    this.#nextOffset = Math.max(this.#nextOffset, logStartOffset);
    this.#advanceStart();
  }

  /** Whether records wait for their copy in a dead-letter topic. */
  get hasDeadLetters(): boolean {
    return this.#ranges.all().some((range) => range.state === "archiving");
  }

  /** Records that shall be copied now; each is given once until it is settled. */
  takeDeadLetters(): readonly DeadLetterRange[] {
    const taken: DeadLetterRange[] = [];
    for (const range of this.#ranges.all()) {
      if (range.state !== "archiving" || range.writeId !== 0 || range.isBeingCopied) continue;
      range.isBeingCopied = true;
      const { firstOffset, lastOffset, deliveryCount, cause } = range;
      taken.push({ firstOffset, lastOffset, deliveryCount, cause });
    }
    return taken;
  }

  /** Records stand in the dead-letter topic, or shall not; they are done with. */
  settleDeadLetters(range: AcquiredRange): ShareStateWrite | undefined {
    const draft = this.#draft();
    const { start, end } = this.#ranges.isolate(range.firstOffset, range.lastOffset);
    for (let index = start; index < end; index += 1) {
      const part = this.#rangeAt(index);
      if (part.state !== "archiving" || part.writeId !== 0) continue;
      this.#ranges.setState(part, "archived");
      part.isBeingCopied = false;
      addBatch(draft.batches, part);
    }
    return this.#finish(draft);
  }

  /** Copying failed: `takeDeadLetters` gives the records again. */
  returnDeadLetters(range: AcquiredRange): void {
    for (const part of this.#ranges.all()) {
      if (part.lastOffset >= range.firstOffset && part.firstOffset <= range.lastOffset) {
        part.isBeingCopied = false;
      }
    }
  }

  #restore(batch: StateBatch): void {
    const { lastOffset, deliveryCount } = batch;
    // What lies before the start offset is done with, whatever is still written of it.
    const firstOffset = Math.max(batch.firstOffset, this.#nextOffset);
    if (lastOffset < firstOffset) return;
    if (firstOffset > this.#nextOffset) {
      // Acquired when the state was kept last, and never acknowledged: a first delivery again.
      this.#ranges.append({
        firstOffset: this.#nextOffset,
        lastOffset: firstOffset - 1,
        state: "available",
        deliveryCount: 0,
      });
    }
    const state = stateOf(batch.deliveryState);
    this.#ranges.append({ firstOffset, lastOffset, state, deliveryCount });
    this.#nextOffset = lastOffset + 1;
  }

  #rangeAt(index: number): InFlightRange {
    const range = this.#ranges.at(index);
    assert(range !== undefined, "there is no such range");
    return range;
  }

  #draft(): WriteDraft {
    return { id: this.#lastWriteId + 1, batches: [] };
  }

  #finish(draft: WriteDraft): ShareStateWrite | undefined {
    if (draft.batches.length === 0) return undefined;
    this.#lastWriteId = draft.id;
    return {
      ...draft,
      startOffset: this.#startOffset,
      deliveryCompleteCount: this.#ranges.completeCount,
    };
  }

  /** Changes an acquired range for as long as its write is not known to have failed. */
  #begin(range: InFlightRange, draft: WriteDraft, outcome: Outcome): void {
    if (range.writeId !== 0) return;
    range.memberBefore = range.memberId;
    range.memberId = "";
    range.writeId = draft.id;
    if (outcome.cause !== undefined) range.cause = outcome.cause;
    this.#ranges.setState(range, outcome.state);
    addBatch(draft.batches, range);
  }

  #letGo(range: InFlightRange): void {
    range.memberId = "";
    range.memberBefore = "";
    range.lockedUntilMs = 0;
  }

  #undo(range: InFlightRange): void {
    this.#ranges.setState(range, "acquired");
    range.memberId = range.memberBefore;
    range.memberBefore = "";
  }

  #archiveAvailable(firstOffset: number, endOffset: number): void {
    if (firstOffset >= endOffset || this.#ranges.size === 0) return;
    const { start, end } = this.#ranges.isolate(firstOffset, endOffset - 1);
    for (let index = start; index < end; index += 1) {
      const range = this.#rangeAt(index);
      if (range.state !== "available" || range.writeId !== 0) continue;
      this.#ranges.setState(range, "archived");
    }
    this.#ranges.merge(firstOffset, endOffset - 1);
  }

  #archiveHeld(memberId: string, firstOffset: number, lastOffset: number): void {
    const { start, end } = this.#ranges.isolate(firstOffset, lastOffset);
    for (let index = start; index < end; index += 1) {
      const range = this.#rangeAt(index);
      const isHeld = range.state === "acquired" && range.memberId === memberId;
      if (!isHeld || range.writeId !== 0) continue;
      this.#ranges.setState(range, "archived");
      this.#letGo(range);
    }
    this.#ranges.merge(firstOffset, lastOffset);
  }

  /** Forgets what is done with at the beginning. */
  #advanceStart(): void {
    let endOffset = this.#startOffset;
    for (const range of this.#ranges.all()) {
      if (!isFinal(range.state) || range.writeId !== 0) break;
      endOffset = range.lastOffset + 1;
    }
    if (endOffset > this.#startOffset) this.#ranges.removeBefore(endOffset);
    // Between two ranges lie only offsets that have no records.
    this.#startOffset = this.#ranges.first?.firstOffset ?? this.#nextOffset;
  }
}

interface WriteDraft {
  readonly id: number;
  readonly batches: StateBatch[];
}

interface Outcome {
  readonly state: RecordState;
  readonly cause?: "rejected" | "exhausted";
}

/** What an acknowledgement makes of an acquired range. */
function outcomeOf(type: number, range: InFlightRange, end: EndOfDelivery): Outcome {
  switch (type) {
    case acknowledgeTypes.accept:
      return { state: "acknowledged" };
    case acknowledgeTypes.release: {
      if (range.deliveryCount < end.limits.deliveryCountMax) return { state: "available" };
      return { state: end.hasDeadLetters ? "archiving" : "archived", cause: "exhausted" };
    }
    case acknowledgeTypes.reject:
      return { state: end.hasDeadLetters ? "archiving" : "archived", cause: "rejected" };
    default:
      // A gap: there is no record that could be copied.
      return { state: "archived" };
  }
}

/** Adds a range to what is written; neighbours that stand alike are one batch. */
function addBatch(batches: StateBatch[], range: InFlightRange): void {
  const { firstOffset, lastOffset, deliveryCount } = range;
  const deliveryState = recordStateIds[range.state];
  const last = batches.at(-1);
  const continues =
    last !== undefined &&
    last.lastOffset + 1 === firstOffset &&
    last.deliveryState === deliveryState &&
    last.deliveryCount === deliveryCount;
  if (continues) batches[batches.length - 1] = { ...last, lastOffset };
  else batches.push({ firstOffset, lastOffset, deliveryState, deliveryCount });
}

/** A lock is never kept, so that an acquired range in the state is available. */
function stateOf(id: number): RecordState {
  switch (id) {
    case recordStateIds.acknowledged:
      return "acknowledged";
    case recordStateIds.archiving:
      return "archiving";
    case recordStateIds.archived:
      return "archived";
    default:
      return "available";
  }
}
