/** The base of every error that Millrace throws: `code` is stable and listed in docs/errors.md. */
export abstract class MillraceError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A file operation failed. `systemCode` is the system's name of it: ENOSPC, EIO … */
export class IoError extends MillraceError {
  readonly code = "IO_ERROR";
  readonly path: string;
  readonly systemCode: string;

  constructor(
    message: string,
    details: { readonly path: string; readonly systemCode: string; readonly cause?: unknown },
  ) {
    super(message, { cause: details.cause });
    this.path = details.path;
    this.systemCode = details.systemCode;
  }
}

/** Listening or connecting failed. `systemCode` is the system's name of it: EADDRINUSE … */
export class NetworkError extends MillraceError {
  readonly code = "NETWORK_ERROR";
  readonly systemCode: string;

  constructor(message: string, details: { readonly systemCode: string; readonly cause?: unknown }) {
    super(message, { cause: details.cause });
    this.systemCode = details.systemCode;
  }
}

/** A worker ended before it finished a task. */
export class OffloadError extends MillraceError {
  readonly code = "OFFLOAD_ERROR";
}

/** An invariant does not hold: a bug of ours. The process stops. */
export class AssertionError extends MillraceError {
  readonly code = "ASSERTION_FAILED";
}
