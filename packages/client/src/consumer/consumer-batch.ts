import type { PartitionOffset } from "../group/membership.ts";
import type { ConsumerRecord } from "./consumer-record.ts";

/** Records that are handled together, of any of the consumer's partitions. */
export class ConsumerBatch<K, V> implements Iterable<ConsumerRecord<K, V>> {
  /** In order for each partition. */
  readonly records: readonly ConsumerRecord<K, V>[];
  /** Bytes of keys and values. */
  readonly sizeBytes: number;

  constructor(records: readonly ConsumerRecord<K, V>[], sizeBytes: number) {
    this.records = records;
    this.sizeBytes = sizeBytes;
  }

  /** How many records there are. */
  get count(): number {
    return this.records.length;
  }

  /** The offset after the last record of each partition: what a transaction commits. */
  offsets(): readonly PartitionOffset[] {
    const last = new Map<string, ConsumerRecord<K, V>>();
    for (const record of this.records) last.set(`${record.topic}-${record.partition}`, record);
    return [...last.values()].map((record) => ({
      topic: record.topic,
      partition: record.partition,
      offset: record.offsetNumber + 1,
      leaderEpoch: record.leaderEpoch ?? -1,
      metadata: "",
    }));
  }

  [Symbol.iterator](): Iterator<ConsumerRecord<K, V>> {
    return this.records[Symbol.iterator]();
  }
}

/** When a batch is handed over. */
export interface BatchOptions {
  /** With so many records; `maxPollRecords` when not given. */
  readonly maxRecords?: number;
  /** With so many bytes of keys and values, or one record that has more; 50 MiB. */
  readonly maxBytes?: number;
  /** So long after its first record, however few there are; 0: with what there is. */
  readonly maxWaitMs?: number;
  /** Ends the loop. */
  readonly signal?: AbortSignal;
}
