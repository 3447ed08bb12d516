import { KafkaError } from "../errors/kafka-error.ts";
import type { SerdeContext } from "./serde.ts";

/** The error of a value that cannot be written. */
export function unwritable(context: SerdeContext, why: string, cause?: unknown): KafkaError {
  const what = `the ${partOf(context)} cannot be written: ${why}`;
  return new KafkaError("SERIALIZATION_FAILED", what, { topic: context.topic, cause });
}

/** The error of bytes that cannot be read. */
export function unreadable(context: SerdeContext, why: string, cause?: unknown): KafkaError {
  const what = `the ${partOf(context)} cannot be read: ${why}`;
  return new KafkaError("DESERIALIZATION_FAILED", what, { topic: context.topic, cause });
}

function partOf({ part, headerName }: SerdeContext): string {
  return headerName === undefined ? part : `${part} ${headerName}`;
}
