import { MillraceError } from "@millrace/platform";
import { errorName, type ZooKeeperErrorName } from "./error-names.ts";

/**
 * What became of a request that got no answer: `unknown`, it was sent and may or may not have been
 * carried out; `notSent`, it never left and changed nothing.
 */
export type Outcome = "unknown" | "notSent";

/** ZooKeeper refused a request; nothing was changed. */
export class ZooKeeperError extends MillraceError {
  readonly code = "ZOOKEEPER_REFUSED";
  readonly reason: ZooKeeperErrorName;
  /** ZooKeeper's number of the reason. */
  readonly errorCode: number;
  readonly path: string | undefined;

  constructor(details: { operation: string; errorCode: number; path: string | undefined }) {
    const reason = errorName(details.errorCode);
    const where = details.path === undefined ? "" : ` of ${details.path}`;
    super(`${details.operation}${where} was refused: ${reason} (${details.errorCode})`);
    this.reason = reason;
    this.errorCode = details.errorCode;
    this.path = details.path;
  }
}

/** The connection was lost, or never came, before a request was answered. The session may live. */
export class ConnectionLossError extends MillraceError {
  readonly code = "ZOOKEEPER_CONNECTION_LOSS";
  readonly outcome: Outcome;

  constructor(message: string, details: { readonly outcome: Outcome; readonly cause?: unknown }) {
    super(message, { cause: details.cause });
    this.outcome = details.outcome;
  }
}

/** The session has ended for good: its ephemeral nodes go. A new client begins a new one. */
export class SessionEndedError extends MillraceError {
  readonly code = "ZOOKEEPER_SESSION_ENDED";
  readonly reason: "expired" | "authFailed" | "closed";
  readonly outcome: Outcome;

  constructor(reason: "expired" | "authFailed" | "closed", outcome: Outcome) {
    super(`the ZooKeeper session has ended: ${reason}`);
    this.reason = reason;
    this.outcome = outcome;
  }
}

/** A request was not taken: it is larger than servers allow, or too many wait. Nothing was sent. */
export class RequestNotTakenError extends MillraceError {
  readonly code = "ZOOKEEPER_REQUEST_NOT_TAKEN";
  readonly outcome = "notSent";
}

/** What the client was given cannot be used: an address, a chroot, a limit. */
export class ZooKeeperOptionsError extends MillraceError {
  readonly code = "ZOOKEEPER_OPTIONS_INVALID";
}

/** The server did not prove that it knows the password, or speaks no mechanism that we know. */
export class SaslError extends MillraceError {
  readonly code = "ZOOKEEPER_SASL_FAILED";
}
