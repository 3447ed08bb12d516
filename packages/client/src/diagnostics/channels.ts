import { tracingChannel } from "node:diagnostics_channel";

/** What a request is about. */
export interface RequestTrace {
  readonly api: string;
  /** The broker's number; negative for a bootstrap address. */
  readonly node: number;
  readonly lane: string;
  readonly clientId: string;
}

const requests = tracingChannel<string, RequestTrace>("millrace:client:request");

/**
 * Gives what the request gives, and tells the subscribers of the tracing channel
 * `millrace:client:request` when it began, ended or failed. Free of cost without subscribers.
 */
export function traceRequest<T>(trace: () => RequestTrace, send: () => Promise<T>): Promise<T> {
  return requests.hasSubscribers ? requests.tracePromise(send, trace()) : send();
}
