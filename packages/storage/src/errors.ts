import { MillraceError } from "@millrace/platform";

/** Bytes of a log that were durable are damaged: nothing is cut, an operator has to decide. */
export class CorruptLogError extends MillraceError {
  readonly code = "CORRUPT_LOG";
  readonly path: string;
  /** What is damaged, without the path. */
  readonly reason: string;

  constructor(message: string, details: { readonly path: string; readonly cause?: unknown }) {
    super(`${message} (${details.path})`, { cause: details.cause });
    this.path = details.path;
    this.reason = message;
  }
}

/** A file of a log or a log directory cannot be understood. */
export class CorruptFileError extends MillraceError {
  readonly code = "CORRUPT_FILE";
  readonly path: string;

  constructor(message: string, details: { readonly path: string; readonly cause?: unknown }) {
    super(`${message} (${details.path})`, { cause: details.cause });
    this.path = details.path;
  }
}

/** A log directory cannot be used: it failed, is locked by another process, or is not there. */
export class LogDirectoryError extends MillraceError {
  readonly code = "LOG_DIRECTORY_UNUSABLE";
  readonly path: string;

  constructor(message: string, details: { readonly path: string; readonly cause?: unknown }) {
    super(`${message} (${details.path})`, { cause: details.cause });
    this.path = details.path;
  }
}
