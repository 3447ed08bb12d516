import { IoError, MillraceError, OffloadError } from "../errors.ts";

/** What the main thread sends to a worker. */
export interface OffloadRequest {
  readonly id: number;
  readonly name: string;
  readonly moduleUrl: string;
  readonly exportName: string;
  readonly input: unknown;
}

/** What a worker answers. */
export type OffloadReply =
  | { readonly id: number; readonly kind: "result"; readonly result: unknown }
  | { readonly id: number; readonly kind: "failure"; readonly failure: OffloadFailure };

/** An error in a form that survives structured cloning. */
export interface OffloadFailure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: string | undefined;
  readonly io: { readonly path: string; readonly systemCode: string } | undefined;
}

/** Describes what a task threw. */
export function describeFailure(error: unknown): OffloadFailure {
  if (!(error instanceof Error)) {
    return {
      name: "Error",
      message: String(error),
      stack: undefined,
      code: undefined,
      io: undefined,
    };
  }
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    code: error instanceof MillraceError ? error.code : undefined,
    io: error instanceof IoError ? { path: error.path, systemCode: error.systemCode } : undefined,
  };
}

/** Makes the error that `Offload.run` throws: an IoError stays one, others become a cause. */
export function reviveFailure(taskName: string, failure: OffloadFailure): Error {
  const cause = new Error(failure.message);
  cause.name = failure.code ?? failure.name;
  if (failure.stack !== undefined) cause.stack = failure.stack;
  if (failure.io !== undefined) return new IoError(failure.message, { ...failure.io, cause });
  return new OffloadError(`task ${taskName} failed: ${failure.message}`, { cause });
}
