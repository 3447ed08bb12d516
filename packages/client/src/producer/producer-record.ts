/** What an application sends. `K` and `V` are what the producer's serializers take. */
export interface ProducerRecord<K = unknown, V = unknown> {
  readonly topic: string;
  /** Left out: the record has no key. */
  readonly key?: K | undefined;
  readonly value: V;
  /** Their order counts and names may repeat, in the form of a list. */
  readonly headers?: RecordHeadersInput | undefined;
  /** Where it goes; the partitioner chooses when not given. */
  readonly partition?: number | undefined;
  /** Milliseconds since 1970; now when not given. The topic may be set to overwrite it. */
  readonly timestamp?: number | undefined;
}

/** Headers as an object, or as a list in which names may repeat. */
export type RecordHeadersInput =
  | Readonly<Record<string, HeaderValue>>
  | readonly { readonly key: string; readonly value: HeaderValue }[];

/** A header's value: a text goes as UTF-8. */
export type HeaderValue = string | Uint8Array | null;

/** Where a record was stored. */
export interface RecordMetadata {
  readonly topic: string;
  readonly partition: number;
  /**
   * -1n when it is not known: with `acks: 0`, and for a duplicate that the broker has forgotten.
   */
  readonly offset: bigint;
  /** The record's own, or the broker's where the topic has LogAppendTime; milliseconds. */
  readonly timestamp: number;
}

/** A header as it is written. */
export interface SerializedHeader {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

/**
 * A record on its way into a batch. One object serves record after record: nothing keeps it.
 */
export interface SerializedRecord {
  /** -1 until it is chosen. */
  partition: number;
  timestamp: number;
  key: Uint8Array | null;
  value: Uint8Array | null;
  headers: readonly SerializedHeader[];
}

/** No headers. */
export const NO_HEADERS: readonly SerializedHeader[] = [];
