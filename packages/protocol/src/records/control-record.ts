import { buildRecordBatch, type RecordBatchOptions } from "./record-batch-builder.ts";
import { CorruptRecordError } from "./record-error.ts";

/** What a control batch's one record is, by the number in its key. Source: ControlRecordType. */
export const controlRecordTypes = {
  ABORT: 0,
  COMMIT: 1,
  LEADER_CHANGE: 2,
  SNAPSHOT_HEADER: 3,
  SNAPSHOT_FOOTER: 4,
  KRAFT_VERSION: 5,
  KRAFT_VOTERS: 6,
} as const;

/** The name of a kind of control record. */
export type ControlRecordType = keyof typeof controlRecordTypes;

const KEY_VERSION = 0;
const KEY_SIZE_BYTES = 4;
const END_TXN_MARKER_VERSION = 0;
const END_TXN_MARKER_SIZE_BYTES = 6;

const namesByNumber: ReadonlyMap<number, ControlRecordType> = new Map([
  [controlRecordTypes.ABORT, "ABORT"],
  [controlRecordTypes.COMMIT, "COMMIT"],
  [controlRecordTypes.LEADER_CHANGE, "LEADER_CHANGE"],
  [controlRecordTypes.SNAPSHOT_HEADER, "SNAPSHOT_HEADER"],
  [controlRecordTypes.SNAPSHOT_FOOTER, "SNAPSHOT_FOOTER"],
  [controlRecordTypes.KRAFT_VERSION, "KRAFT_VERSION"],
  [controlRecordTypes.KRAFT_VOTERS, "KRAFT_VOTERS"],
]);

/** The key of a control record. */
export function encodeControlKey(type: ControlRecordType): Buffer {
  const key = Buffer.alloc(KEY_SIZE_BYTES);
  key.writeInt16BE(KEY_VERSION, 0);
  key.writeInt16BE(controlRecordTypes[type], 2);
  return key;
}

/**
 * Gives what a control record's key says; undefined for a kind that is not known, which a reader
 * passes over. @throws CorruptRecordError when it is too short or of a version below 0.
 */
export function decodeControlKey(key: Buffer | null): ControlRecordType | undefined {
  if (key === null || key.length < KEY_SIZE_BYTES || key.readInt16BE(0) < 0) {
    throw new CorruptRecordError("a control record has no proper key");
  }
  return namesByNumber.get(key.readInt16BE(2));
}

/** What ends a transaction on a partition. */
export interface EndTransactionMarker {
  readonly type: "ABORT" | "COMMIT";
  readonly coordinatorEpoch: number;
}

/** The value of a transaction marker. */
export function encodeEndTransactionMarker(coordinatorEpoch: number): Buffer {
  const value = Buffer.alloc(END_TXN_MARKER_SIZE_BYTES);
  value.writeInt16BE(END_TXN_MARKER_VERSION, 0);
  value.writeInt32BE(coordinatorEpoch, 2);
  return value;
}

/** The epoch in a transaction marker's value. @throws CorruptRecordError when it is too short. */
export function decodeEndTransactionMarker(value: Buffer | null): number {
  if (value === null || value.length < END_TXN_MARKER_SIZE_BYTES) {
    throw new CorruptRecordError("a transaction marker has no proper value");
  }
  return value.readInt32BE(2);
}

/** What stands in the header of a batch of control records. */
export interface ControlBatchOptions extends Omit<RecordBatchOptions, "isControl"> {
  readonly timestamp: number;
}

/** A batch with one transaction marker. */
export function buildEndTransactionBatch(
  marker: EndTransactionMarker,
  options: ControlBatchOptions,
): Buffer {
  const value = encodeEndTransactionMarker(marker.coordinatorEpoch);
  return buildControlBatch([{ type: marker.type, value }], { ...options, isTransactional: true });
}

/** A batch of control records; values come from the schemas of their kinds. */
export function buildControlBatch(
  records: readonly { readonly type: ControlRecordType; readonly value: Uint8Array }[],
  options: ControlBatchOptions,
): Buffer {
  const { timestamp } = options;
  return buildRecordBatch(
    records.map(({ type, value }) => ({ timestamp, key: encodeControlKey(type), value })),
    { ...options, isControl: true },
  );
}
