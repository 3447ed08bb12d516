import { type ErrorName, retriableErrors } from "@millrace/protocol";

/**
 * What an error of a coordinator means for a transaction: go on, ask again, ask again after finding
 * the coordinator anew, abort the transaction, or give up the producer.
 */
export type CoordinatorVerdict = "fine" | "again" | "find" | "abort" | "fatal";

/** Errors that end the transaction; the producer goes on after the abort. */
const abortables: ReadonlySet<ErrorName> = new Set<ErrorName>([
  "TRANSACTION_ABORTABLE",
  "UNKNOWN_PRODUCER_ID",
  "INVALID_PRODUCER_ID_MAPPING",
  "TOPIC_AUTHORIZATION_FAILED",
  "GROUP_AUTHORIZATION_FAILED",
  "OPERATION_NOT_ATTEMPTED",
  "FENCED_INSTANCE_ID",
  "UNKNOWN_MEMBER_ID",
  "ILLEGAL_GENERATION",
  "STALE_MEMBER_EPOCH",
]);

/** Judges an error inside a coordinator's answer, as Java's transaction manager does. */
export function judgeCoordinatorError(error: ErrorName): CoordinatorVerdict {
  if (error === "NONE") return "fine";
  if (error === "NOT_COORDINATOR" || error === "COORDINATOR_NOT_AVAILABLE") return "find";
  if (retriableErrors.has(error)) return "again";
  return abortables.has(error) ? "abort" : "fatal";
}

const severities: readonly CoordinatorVerdict[] = ["fine", "again", "find", "abort", "fatal"];

/** Gives the graver of two verdicts. */
export function graver(left: CoordinatorVerdict, right: CoordinatorVerdict): CoordinatorVerdict {
  return severities.indexOf(left) >= severities.indexOf(right) ? left : right;
}
