import { MetadataReplayError } from "../metadata-errors.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";

/**
 * Holds back the records of a metadata transaction (KIP-868) until it ends, and drops them if it is
 * aborted, so that nobody ever sees a part of it. Legal transitions:
 * none → open (BeginTransaction) ·
 * open → none (EndTransaction: records go on; AbortTransaction: they are dropped)
 */
export class TransactionFilter {
  #held: MetadataRecord[] | undefined;

  /** Whether a transaction was begun and not ended. */
  get isOpen(): boolean {
    return this.#held !== undefined;
  }

  /** Gives the records of a batch that may be applied now, with those held back before them. */
  accept(records: readonly MetadataRecord[]): readonly MetadataRecord[] {
    const released: MetadataRecord[] = [];
    for (const record of records) {
      if (record.type === "BeginTransactionRecord") this.#begin();
      else if (record.type === "EndTransactionRecord") released.push(...this.#close(record.type));
      else if (record.type === "AbortTransactionRecord") this.#close(record.type);
      else (this.#held ?? released).push(record);
    }
    return released;
  }

  #begin(): void {
    if (this.#held !== undefined) {
      throw new MetadataReplayError("a metadata transaction begins within another one");
    }
    this.#held = [];
  }

  #close(type: string): readonly MetadataRecord[] {
    if (this.#held === undefined) {
      throw new MetadataReplayError(`${type} stands outside a metadata transaction`);
    }
    const held = this.#held;
    this.#held = undefined;
    return held;
  }
}
