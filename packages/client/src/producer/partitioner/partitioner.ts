import type { TopicMetadata } from "../../metadata/metadata-cache.ts";

/** A record as a partitioner sees it: serialized, before it has a partition. */
export interface PartitionedRecord {
  readonly topic: string;
  /** null: no key. */
  readonly key: Uint8Array | null;
  /** null: a tombstone. */
  readonly value: Uint8Array | null;
  /** What Metadata tells of the topic: its partitions and their leaders. */
  readonly metadata: TopicMetadata;
}

/**
 * Chooses partitions of records that name none. It is called once for each record, in the order in
 * which they were given, and answers at once.
 */
export interface Partitioner {
  /** The partition, from 0; another one fails the record with INVALID_ARGUMENT. */
  partition(record: PartitionedRecord): number;
}

/**
 * How partitions are chosen: `default` as Java does (the key's murmur2; records without a key go to
 * one partition until it got `stickySizeBytes`, then to another), `round-robin` one after the
 * other,
 * or by code of yours.
 */
export type PartitionerOption =
  | "default"
  | "round-robin"
  | Partitioner
  | ((record: PartitionedRecord) => number);
