import {
  type BatchRefusal,
  DECOMPRESSED_SIZE_BYTES_MAX,
  DecompressionError,
} from "@millrace/protocol";
import { checkClientRecords, type ClientRecordRules } from "./client-records.ts";
import { recompress, type RecompressionConfig } from "./recompress.ts";

/** A whole batch with a valid header, and what is wanted of it. */
export interface PrepareInput {
  readonly batch: Uint8Array;
  readonly rules: ClientRecordRules;
  readonly config: RecompressionConfig;
}

/** What its records are like, and the batch if it has another codec now; or why it is refused. */
export type PrepareResult =
  | {
      readonly kind: "prepared";
      readonly maxTimestamp: number;
      readonly batch: Uint8Array | undefined;
    }
  | { readonly kind: "refused"; readonly refusal: BatchRefusal };

/** Checks a batch's records and recompresses them: a step that a worker thread can take. */
export function prepareStep({ batch, rules, config }: PrepareInput): PrepareResult {
  const bytes = Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength);
  try {
    const found = checkClientRecords(bytes, rules, DECOMPRESSED_SIZE_BYTES_MAX);
    if ("error" in found) return { kind: "refused", refusal: found };
    const result = recompress(bytes, config);
    const { maxTimestamp } = found;
    if (result === bytes) return { kind: "prepared", maxTimestamp, batch: undefined };
    // Its own memory: a view would take all that it is a view of to the other thread.
    return { kind: "prepared", maxTimestamp, batch: new Uint8Array(result) };
  } catch (error) {
    if (!(error instanceof DecompressionError)) throw error;
    const { message } = error;
    return { kind: "refused", refusal: { error: "INVALID_RECORD", message, recordErrors: [] } };
  }
}
