import {
  BatchCursor,
  batchHeader,
  buildControlBatch,
  decodeControlKey,
  isBatchCrcValid,
  RecordBatchBuilder,
  RecordCursor,
} from "@millrace/protocol";
import type { ControlRecordType } from "@millrace/protocol";

import type { MetadataRecord } from "../records/metadata-record.ts";
import { decodeMetadataRecord, encodeMetadataRecord } from "../records/record-framing.ts";

/** A batch of the metadata log or of a snapshot, taken apart. */
export type RaftBatch = DataBatch | ControlBatch;

/** A batch of metadata records. */
export interface DataBatch extends BatchFacts {
  readonly kind: "data";
  readonly records: readonly MetadataRecord[];
}

/** A batch of the raft protocol's own records. */
export interface ControlBatch extends BatchFacts {
  readonly kind: "control";
  readonly records: readonly ControlRecord[];
}

/** A record of the raft protocol; `type` is undefined for kinds that are not known. */
export interface ControlRecord {
  readonly type: ControlRecordType | undefined;
  readonly value: Buffer;
}

interface BatchFacts {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly leaderEpoch: number;
  readonly timestampMs: number;
}

/** Where a batch is to stand. */
export interface BatchPlace {
  readonly baseOffset: number;
  readonly leaderEpoch: number;
  readonly timestampMs: number;
}

/** Gives a batch of metadata records. */
export function buildDataBatch(values: readonly Uint8Array[], place: BatchPlace): Buffer {
  const builder = new RecordBatchBuilder({
    baseOffset: place.baseOffset,
    partitionLeaderEpoch: place.leaderEpoch,
  });
  for (const value of values) builder.append({ timestamp: place.timestampMs, key: null, value });
  return builder.build();
}

/** Gives a batch of control records. */
export function buildRaftControlBatch(
  records: readonly { readonly type: ControlRecordType; readonly value: Uint8Array }[],
  place: BatchPlace,
): Buffer {
  return buildControlBatch(records, {
    timestamp: place.timestampMs,
    baseOffset: place.baseOffset,
    partitionLeaderEpoch: place.leaderEpoch,
  });
}

/** Gives records in their encoded form. */
export function encodeRecords(records: Iterable<MetadataRecord>): Uint8Array[] {
  return Array.from(records, encodeMetadataRecord);
}

/** Says why bytes are not whole, sound batches to their end. */
export class BrokenBatchError extends Error {}

/**
 * Takes batches apart, one at a time, checking the sum of each.
 * @throws BrokenBatchError when a batch is cut off or its sum is wrong; CorruptRecordError and
 *   MetadataReplayError when its content cannot be read.
 */
export function* readRaftBatches(bytes: Buffer): Generator<RaftBatch> {
  const cursor = new BatchCursor(bytes);
  while (cursor.next()) {
    if (!isBatchCrcValid(bytes, cursor.position)) {
      throw new BrokenBatchError(`the batch at position ${cursor.position} has a wrong checksum`);
    }
    yield readBatch(bytes, cursor.position);
  }
  if (cursor.stop !== "end") {
    throw new BrokenBatchError(`the batch at position ${cursor.position} is ${cursor.stop}`);
  }
}

function readBatch(bytes: Buffer, position: number): RaftBatch {
  const facts = {
    baseOffset: batchHeader.baseOffset(bytes, position),
    lastOffset: batchHeader.lastOffset(bytes, position),
    leaderEpoch: batchHeader.partitionLeaderEpoch(bytes, position),
    timestampMs: batchHeader.maxTimestamp(bytes, position),
  };
  const cursor = new RecordCursor().open(bytes, position);
  if (batchHeader.isControl(bytes, position)) {
    const records: ControlRecord[] = [];
    while (cursor.next()) {
      records.push({ type: decodeControlKey(cursor.key()), value: cursor.value() ?? empty });
    }
    return { kind: "control", ...facts, records };
  }
  const records: MetadataRecord[] = [];
  while (cursor.next()) records.push(decodeMetadataRecord(cursor.value() ?? empty));
  return { kind: "data", ...facts, records };
}

const empty = Buffer.alloc(0);
