import { type ExitCode, exitCodes } from "./exit-codes.ts";

const absences = new Set([
  "UNKNOWN_TOPIC_OR_PARTITION",
  "UNKNOWN_TOPIC_ID",
  "GROUP_ID_NOT_FOUND",
  "TRANSACTIONAL_ID_NOT_FOUND",
  "RESOURCE_NOT_FOUND",
  "DELEGATION_TOKEN_NOT_FOUND",
  "CONTEXT_NOT_FOUND",
]);

const lateness = new Set(["REQUEST_TIMED_OUT", "BOOTSTRAP_UNREACHABLE", "DELIVERY_TIMED_OUT"]);

/** What the process ends with after an error that a person can mend. */
export function exitCodeOf(error: unknown): ExitCode {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (absences.has(code)) return exitCodes.notFound;
  if (lateness.has(code)) return exitCodes.timedOut;
  return exitCodes.failed;
}
