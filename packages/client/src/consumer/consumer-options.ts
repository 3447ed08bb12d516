import type { GroupProtocol, PartitionAssignor } from "../group/membership.ts";
import type { Deserializer } from "../serdes/serde.ts";
import type { ConsumerRecord } from "./consumer-record.ts";
import type { RecordSender } from "./record-sender.ts";

/**
 * Where to begin in a partition that the group has no offset for, or whose offset is no longer
 * there: at its first record, after its last one, at the first record of the last so many
 * milliseconds (KIP-1106; the end when there is none), or not at all: with an error.
 */
export type OffsetReset = "earliest" | "latest" | "none" | { readonly by: number };

/** What a consumer does with a record whose key or value cannot be read. */
export type UnreadablePolicy =
  /** The loop ends with DESERIALIZATION_FAILED; the position stays before the record. */
  | "fail"
  /** The record is left out, with a warning in the log. */
  | "skip"
  /** The record is handed over; its `error` says why, and its bytes can be looked at. */
  | "raw"
  /** The record goes to a dead-letter topic and is left out. */
  | { readonly deadLetter: DeadLetterTarget };

/** Where dead letters go. */
export interface DeadLetterTarget {
  /** The topic, or a function that gives it. It is not created. */
  readonly topic:
    | string
    | ((source: { readonly topic: string; readonly error: unknown }) => string);
  /** What sends them; by default a producer of the client's own, made when it is needed. */
  readonly producer?: RecordSender;
}

/**
 * What a consumer is made with. Names and defaults are Java's, in camelCase; an unknown name is
 * refused.
 */
export interface ConsumerOptions<K = Buffer | null, V = Buffer | null> {
  /** Without it nothing can be subscribed to or committed; partitions are assigned by hand. */
  readonly groupId?: string;
  /** "auto": KIP-848 where the group is empty, unknown or of that type, else classic. */
  readonly groupProtocol?: GroupProtocol;
  /** Makes the member a static one (KIP-345). */
  readonly groupInstanceId?: string;
  /** How keys are read; as bytes when not given. */
  readonly key?: Deserializer<K>;
  /** How values are read; as bytes when not given. */
  readonly value?: Deserializer<V>;
  /** "latest". */
  readonly offsetReset?: OffsetReset;
  /** Whether what the application has finished is committed by itself, every 5 s; true. */
  readonly autoCommit?: boolean | { readonly intervalMs: number };
  /** Whether records of open and aborted transactions are seen; "read_uncommitted". */
  readonly isolation?: "read_uncommitted" | "read_committed";
  /** "fail". */
  readonly unreadable?: UnreadablePolicy;

  /** The application may take so long between two times that it asks for records; 5 min. */
  readonly maxPollIntervalMs?: number;
  /** Records of a batch, where `batches` does not say; 500. */
  readonly maxPollRecords?: number;
  /** Classic groups: without a heartbeat for so long, the member is out; 45 s. */
  readonly sessionTimeoutMs?: number;
  /** Classic groups: 3 s. */
  readonly heartbeatIntervalMs?: number;
  /** Classic groups: assignors in order of preference; ["range", "cooperative-sticky"]. */
  readonly partitionAssignors?: readonly PartitionAssignor[];
  /** KIP-848: the broker's assignor; its own choice when not given. */
  readonly groupRemoteAssignor?: string;
  /** Whether internal topics are left out of a pattern; true. */
  readonly excludeInternalTopics?: boolean;
  /** Whether subscribing may create a topic, where the broker does so; true. */
  readonly allowAutoCreateTopics?: boolean;

  /** The broker answers when it has so many bytes; 1. */
  readonly fetchMinBytes?: number;
  /** Bytes of an answer; 50 MiB. A larger batch comes nevertheless. */
  readonly fetchMaxBytes?: number;
  /** How long the broker waits for `fetchMinBytes`; 500 ms. */
  readonly fetchMaxWaitMs?: number;
  /** Bytes of one partition in an answer; 1 MiB. A larger batch comes nevertheless. */
  readonly maxPartitionFetchBytes?: number;
  /**
   * Bytes that are fetched ahead of the application, of all partitions together; 64 MiB. An answer
   * that is under way counts with what it may bring.
   */
  readonly fetchBufferBytes?: number;
  /** Bytes that a batch may take when it is decompressed; 128 MiB. */
  readonly decompressedBytesMax?: number;
  /** Whether the checksum of each batch is verified; true. */
  readonly checkCrcs?: boolean;
  /** Where this consumer is, for reading from the nearest replica; the client's when not given. */
  readonly clientRack?: string;
  /** How long a call with retries may take that has no time-out of its own; the client's. */
  readonly defaultApiTimeoutMs?: number;
}

/** How a handler of `run` is tried again. */
export interface HandlerRetry {
  /** How often it is called for a record, the first time included; 1 when not given. */
  readonly attemptsMax?: number;
  /** The first pause; 100 ms, doubled each time, ±20 %. */
  readonly backoffMs?: number;
  /** The longest pause; 10 s. */
  readonly backoffMaxMs?: number;
  /** Whether an error is worth another attempt; always when not given. */
  readonly shouldRetry?: (error: unknown, attempt: number) => boolean;
}

/** How `run` works. */
export interface RunOptions {
  /** Handlers that run at a time; 1. */
  readonly concurrency?: number;
  /**
   * What is handled one after the other, in its order: the records of a partition, those of a
   * partition with the same key (records without a key are free), or nothing. "partition".
   */
  readonly orderBy?: "partition" | "key" | "none";
  /** Records taken and not finished, those that wait for their turn included; 20 x concurrency. */
  readonly inFlightMax?: number;
  readonly retry?: HandlerRetry;
  /** Where records go whose handler failed for good; without it `run` fails with the error. */
  readonly deadLetter?: DeadLetterTarget;
  /**
   * Ends the run: no more is begun, what runs is aborted and waited for, what is done committed.
   */
  readonly signal?: AbortSignal;
}

/** Handles a record. It should end soon when its signal does: its partition is taken away. */
export type RecordHandler<K, V> = (
  record: ConsumerRecord<K, V>,
  context: HandlerContext,
) => void | Promise<void>;

/** What a handler may know. */
export interface HandlerContext {
  /** Aborted when the partition is revoked or the run ends. */
  readonly signal: AbortSignal;
  /** 1 for the first. */
  readonly attempt: number;
}
