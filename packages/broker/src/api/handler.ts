import type { ApiSchema, RequestOf, ResponseInput } from "@millrace/protocol";

import type { RequestContext } from "./request-context.ts";

/** What a request takes while it is handled, beside its frame: its values, and its answer. */
export interface RequestMemory {
  readonly baseBytes: number;
  /** For each byte of the frame. */
  readonly perFrameByte: number;
}

/**
 * An element of a few bytes on the wire is an object of a hundred in memory, and one of the answer
 * beside it.
 */
export const ordinaryMemory: RequestMemory = { baseBytes: 2048, perFrameByte: 16 };

/** As `ordinaryMemory`, where the answer to a short request may be long. */
export const longAnswerMemory: RequestMemory = { baseBytes: 256 * 1024, perFrameByte: 64 };

/** One API key: what it is, which versions are served, and what it does. */
export interface Handler<Api extends ApiSchema = ApiSchema> {
  readonly api: Api;
  /** The versions served, as `0-2` or `0`: those of Apache Kafka 4.3.1. */
  readonly versions: string;
  /**
   * The request's `bytes` and `records` are views of the connection's memory, valid until `handle`
   * first waits. Without it they are views of a copy that the handler may keep.
   */
  readonly borrowsBytes?: true;
  /** What it may take, to bound what all requests take at once; `ordinaryMemory` if not given. */
  readonly memory?: RequestMemory;
  /** May begin while an earlier request of the connection with this mark only waits. */
  readonly overlaps?: true;
  /** Checks, authorises, calls one domain object, shapes the answer. */
  handle(
    request: RequestOf<Api>,
    context: RequestContext,
  ): ResponseInput<Api> | Promise<ResponseInput<Api>>;
}
