import { IoError } from "../errors.ts";

/** The system's name of a fault: ENOSPC, EIO …; UNKNOWN when the error carries none. */
export function systemCodeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") {
    return error.code;
  }
  return "UNKNOWN";
}

/** Turns what node:fs throws into an IoError that names the operation and the path. */
export function toIoError(operation: string, path: string, cause: unknown): IoError {
  const systemCode = systemCodeOf(cause);
  return new IoError(`${operation} of ${path} failed: ${systemCode}`, { path, systemCode, cause });
}
