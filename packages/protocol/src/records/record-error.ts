import { ProtocolError } from "../protocol-error.ts";

/** A batch or a record is not what its format allows: bytes were damaged, or a writer is wrong. */
export class CorruptRecordError extends ProtocolError {
  readonly code = "CORRUPT_RECORD";
}
