import type { ErrorName } from "@millrace/protocol";

/**
 * The error that a client of an older version of an API understands: before PRODUCER_FENCED was
 * made (KIP-588), a fenced producer was told of its epoch alone.
 * @param firstVersion the API's first version whose clients know PRODUCER_FENCED
 */
export function fencingFor(error: ErrorName, apiVersion: number, firstVersion: number): ErrorName {
  const isUnknown = error === "PRODUCER_FENCED" && apiVersion < firstVersion;
  return isUnknown ? "INVALID_PRODUCER_EPOCH" : error;
}
