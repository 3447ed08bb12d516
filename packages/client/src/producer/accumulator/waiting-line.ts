import type { Delivery } from "../delivery.ts";
import type { ProducerRecord, SerializedRecord } from "../producer-record.ts";

/** A record that cannot go into a batch yet. */
export interface WaitingRecord {
  readonly record: ProducerRecord;
  readonly delivery: Delivery | undefined;
  /** Gives it up then; monotonic. */
  readonly deadlineMs: number;
  /** Its bytes, when they are made already. */
  serialized: SerializedRecord | Promise<SerializedRecord> | undefined;
  /** Tells who gave it by `enqueue` that it is in a batch, or why it never will be. */
  readonly accepted: (error?: Error) => void;
}

/** How many records of a topic may wait: they hold the application's objects, not yet bytes. */
export const WAITING_RECORDS_MAX = 1_000_000;

/**
 * Records of one topic that wait, first in, first out, in time that does not grow with the line.
 */
export class WaitingLine {
  #records: (WaitingRecord | undefined)[] = [];
  #first = 0;
  #emptyListeners: (() => void)[] = [];
  /** Whether somebody is bringing them forward. */
  isMoving = false;

  get length(): number {
    return this.#records.length - this.#first;
  }

  get first(): WaitingRecord | undefined {
    return this.#records[this.#first];
  }

  push(record: WaitingRecord): void {
    this.#records.push(record);
  }

  /** Takes the first away. */
  shift(): void {
    this.#records[this.#first] = undefined;
    this.#first += 1;
    const { length } = this;
    if (length === 0) this.#clear();
    else if (this.#first > length) {
      this.#records = this.#records.slice(this.#first);
      this.#first = 0;
    }
  }

  /** Takes all away. */
  drain(): WaitingRecord[] {
    const all = this.#records.slice(this.#first).filter((record) => record !== undefined);
    this.#clear();
    return all;
  }

  /** Calls `listener` when nobody waits any more; at once when nobody does. */
  onEmpty(listener: () => void): void {
    if (this.length === 0) listener();
    else this.#emptyListeners.push(listener);
  }

  #clear(): void {
    this.#records = [];
    this.#first = 0;
    const listeners = this.#emptyListeners;
    this.#emptyListeners = [];
    for (const listener of listeners) listener();
  }
}
