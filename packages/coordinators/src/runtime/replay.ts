import { BatchCursor, batchHeader, RecordCursor } from "@millrace/protocol";
import type { CoordinatorLog } from "./coordinator-log.ts";
import type { EncodedRecord, Machine } from "./machine.ts";
import type { MachineTypes } from "./machine-types.ts";

/** The type of a control record that commits; stands after the version in its key. */
const COMMIT_MARKER = 1;
const ABORT_MARKER = 0;

/** What is replayed into what. */
export interface ReplayOptions<T extends MachineTypes> {
  readonly machine: Machine<T>;
  readonly log: CoordinatorLog;
  readonly state: T["state"];
  /** False once nobody waits for the state any more. */
  readonly isWanted: () => boolean;
}

/**
 * Applies every record of a log, from its start to the end it had when this began.
 * @throws IoError when the log cannot be read, CorruptRecordError for a batch that makes no sense.
 */
export async function replayLog<T extends MachineTypes>(options: ReplayOptions<T>): Promise<void> {
  const { log } = options;
  const endOffset = log.logEndOffset;
  let offset = log.logStartOffset;
  const batches = new BatchCursor(Buffer.alloc(0));
  while (offset < endOffset && options.isWanted()) {
    const bytes = await log.read(offset);
    if (bytes.length === 0) return;
    batches.reset(bytes);
    while (batches.next()) {
      const next = batchHeader.nextOffset(bytes, batches.position);
      // A read may begin with the batch that holds the offset, and so with records before it.
      if (next > offset) replayBatch(options, { bytes, position: batches.position, from: offset });
      offset = Math.max(offset, next);
    }
  }
}

interface BatchPlace {
  readonly bytes: Buffer;
  readonly position: number;
  readonly from: number;
}

function replayBatch<T extends MachineTypes>(options: ReplayOptions<T>, place: BatchPlace): void {
  const { bytes, position, from } = place;
  const { machine, state } = options;
  const records = new RecordCursor().open(bytes, position);
  const producerId = batchHeader.producerId(bytes, position);
  const producerEpoch = batchHeader.producerEpoch(bytes, position);
  const isControl = batchHeader.isControl(bytes, position);
  const inTransaction = batchHeader.isTransactional(bytes, position);
  while (records.next()) {
    const key = records.key();
    if (records.offset < from || key === null) continue;
    if (isControl) {
      const type = key.readInt16BE(2);
      if (type !== COMMIT_MARKER && type !== ABORT_MARKER) continue;
      const isCommit = type === COMMIT_MARKER;
      machine.endTransaction?.(state, {
        producerId,
        producerEpoch,
        isCommit,
        offset: records.offset,
      });
      continue;
    }
    const encoded: EncodedRecord = { key, value: records.value() };
    const record = machine.decode(encoded);
    if (record === undefined) continue;
    machine.apply(state, record, {
      offset: records.offset,
      timestampMs: records.timestamp,
      producerId: inTransaction ? producerId : -1n,
      producerEpoch: inTransaction ? producerEpoch : -1,
    });
  }
}
